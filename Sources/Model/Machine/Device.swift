/// What kind of hardware a device is.
///
/// Open, so that a later kind is one new value.
package struct DeviceKind: RawRepresentable, Hashable, Sendable {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }

  /// Every kind that this version knows.
  package static let all: [DeviceKind] = [
    cpu, gpu, fpga, accelerator, cryptoController, managementDisplay, virtualDisplay, display,
    unclassified, usbMiner, serialBridge, paravirtualGPU,
  ]

  package static let cpu = DeviceKind(rawValue: "cpu")
  package static let gpu = DeviceKind(rawValue: "gpu")
  /// What stands for a GPU of the host in a virtual machine, as under WSL2.
  package static let paravirtualGPU = DeviceKind(rawValue: "paravirtual-gpu")
  package static let fpga = DeviceKind(rawValue: "fpga")
  package static let accelerator = DeviceKind(rawValue: "accelerator")
  package static let cryptoController = DeviceKind(rawValue: "crypto-controller")
  package static let managementDisplay = DeviceKind(rawValue: "management-display")
  package static let virtualDisplay = DeviceKind(rawValue: "virtual-display")
  /// A display controller of a maker that is not known for GPUs.
  package static let display = DeviceKind(rawValue: "display")
  package static let unclassified = DeviceKind(rawValue: "unclassified-accelerator")
  package static let usbMiner = DeviceKind(rawValue: "usb-miner")
  package static let serialBridge = DeviceKind(rawValue: "serial-bridge")
  /// A machine that computes one algorithm only, as profiles describe it; it is reached over the network.
  package static let asic = DeviceKind(rawValue: "asic")
}

/// Something that was detected, whether or not it can hash.
package struct Device: Hashable, Sendable {
  package var id: DeviceID
  package var kind: DeviceKind
  package var hardwareID: HardwareID
  package var name: String
  /// What it can do for us: `sha256d`, ...
  ///
  /// Empty for what is only detected.
  package var capabilities: [AlgorithmID]
  /// Why `capabilities` is what it is.
  package var verdict: String
  /// The verdict of a device that kernels may run on, before backends were asked.
  package static let undecided = "computes what kernels there are for it"
  /// Facts by name, as read.
  package var attributes: [DeviceFact: Reading<StateValue>]
  /// Things that its owner should know: a degraded link, a powered-off device.
  package var notices: [Reason]

  package init(
    id: DeviceID, kind: DeviceKind, hardwareID: HardwareID, name: String,
    capabilities: [AlgorithmID], verdict: String,
    attributes: [DeviceFact: Reading<StateValue>] = [:], notices: [Reason] = []
  ) {
    self.id = id
    self.kind = kind
    self.hardwareID = hardwareID
    self.name = name
    self.capabilities = capabilities
    self.verdict = verdict
    self.attributes = attributes
    self.notices = notices
  }
}

/// Everything that detection found, and what it could not read.
package struct DetectionReport: Hashable, Sendable {
  package var machine: Machine
  package var devices: [Device]
  /// How many PCI functions there are, those that have nothing to do with computing included.
  package var pciFunctions: Reading<Int>
  /// What could not be read and how to make it readable.
  package var gaps: [Reason]

  package init(
    machine: Machine, devices: [Device], pciFunctions: Reading<Int>, gaps: [Reason]
  ) {
    self.machine = machine
    self.devices = devices
    self.pciFunctions = pciFunctions
    self.gaps = gaps
  }
}

/// Kinds of notices of a device.
extension ReasonCode {
  /// Fewer lanes than the card has.
  package static let linkDegraded = ReasonCode(rawValue: "link-degraded")
  /// A lower speed than the card has.
  package static let linkSlow = ReasonCode(rawValue: "link-slow")
  /// A link over Thunderbolt.
  package static let linkTunnelled = ReasonCode(rawValue: "link-tunnelled")
  package static let notAnswering = ReasonCode(rawValue: "not-answering")
  package static let poweredOff = ReasonCode(rawValue: "powered-off")
  /// What is to be known of all cards of a model.
  package static let model = ReasonCode(rawValue: "model")
}
