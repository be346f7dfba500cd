internal import Model

/// What each kind of device can do for us, and why.
enum PCIVerdicts {
  static func verdict(_ function: PCIFunction, _ kind: DeviceKind) -> String {
    switch kind {
    case .gpu: "detected only: this version has no GPU kernels"
    case .managementDisplay: "display of the server's management controller, not a GPU"
    case .virtualDisplay: "display of a virtual machine, not a GPU"
    case .display: "display controller of a maker not known for GPUs, no kernel"
    case .accelerator: "no kernel: its processors are made for machine learning"
    case .fpga: "detected only: what it computes depends on the design that is loaded, no kernel"
    case .unclassified: "unknown maker and purpose, no kernel"
    case .cryptoController: crypto(function)
    default: "detected only"
    }
  }

  private static func crypto(_ function: PCIFunction) -> String {
    if function.vendor == 0x1022 || function.vendor == 0x1002 {
      return "boot and key processor: crypto controller, not usable for hashing"
    }
    return "takes buffers through request queues; a request costs more than an 80-byte hash: "
      + "not usable for hashing"
  }
}
