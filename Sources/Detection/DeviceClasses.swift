internal import Model

/// What detection says of one kind of device.
///
/// Another kind is its name in `DeviceKind`, a row here, and the mark by which it is known (`PCICatalog`,
/// `PCIClassifier`, `USBMinerCatalog`).
struct DeviceClass {
  let kind: DeviceKind
  /// Why it does not compute; nil where the backends' kernels decide.
  let verdict: String?
  /// Whether its owner wants to know that its link is narrow or slow.
  let isLinkTold: Bool
  /// Whether it has memory of its own that a buyer asks for.
  let hasMemory: Bool

  private init(
    _ kind: DeviceKind, _ verdict: String?, isLinkTold: Bool = false, hasMemory: Bool = false
  ) {
    self.kind = kind
    self.verdict = verdict
    self.isLinkTold = isLinkTold
    self.hasMemory = hasMemory
  }

  static let all: [DeviceClass] = [
    DeviceClass(.cpu, nil),
    DeviceClass(.gpu, nil, isLinkTold: true, hasMemory: true),
    DeviceClass(
      .fpga, "detected only: what it computes depends on the design that is loaded, no kernel",
      isLinkTold: true),
    DeviceClass(
      .accelerator, "no kernel: its processors are made for machine learning", isLinkTold: true),
    DeviceClass(
      .cryptoController,
      "takes buffers through request queues; a request costs more than an 80-byte hash: "
        + "not usable for hashing"),
    DeviceClass(
      .managementDisplay, "display of the server's management controller, not a GPU"),
    DeviceClass(.virtualDisplay, "display of a virtual machine, not a GPU"),
    DeviceClass(.display, "display controller of a maker not known for GPUs, no kernel"),
    DeviceClass(.unclassified, "purpose not known, no kernel", isLinkTold: true),
    DeviceClass(
      .paravirtualGPU,
      "GPU of the Windows host, its name is not on this bus: programs reach it through /dev/dxg; this version has no "
        + "kernel for it"),
    DeviceClass(.usbMiner, "detected only"),
    DeviceClass(.serialBridge, "detected only"),
  ]

  /// The row of a kind.
  static func of(_ kind: DeviceKind) -> DeviceClass {
    all.first { $0.kind == kind } ?? DeviceClass(kind, "detected only")
  }
}

extension Device {
  /// A device of a kind, with what the kind alone tells.
  init(id: DeviceID, kind: DeviceKind, hardwareID: HardwareID, name: String) {
    self.init(
      id: id, kind: kind, hardwareID: hardwareID, name: name, capabilities: [],
      verdict: DeviceClass.of(kind).verdict ?? Device.undecided)
  }
}
