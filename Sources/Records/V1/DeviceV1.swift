package import Model

/// A device as version 1 of the result format, and `detect --format json`, spell it.
package struct DeviceV1: Codable {
  private var id: String
  private var kind: String
  private var hardwareID: String
  private var name: String
  private var capabilities: [String]
  private var verdict: String
  private var attributes: FactsV1
  private var notices: [ReasonV1]

  private enum CodingKeys: String, CodingKey {
    case id, kind, name, capabilities, verdict, attributes, notices
    case hardwareID = "hardware_id"
  }

  package init(_ device: Device) {
    id = device.id.rawValue
    kind = device.kind.rawValue
    hardwareID = device.hardwareID.rawValue
    name = device.name
    capabilities = device.capabilities.map(\.rawValue)
    verdict = device.verdict
    attributes = FactsV1(device.attributes)
    notices = device.notices.map(ReasonV1.init)
  }

  package var domain: Device {
    Device(
      id: DeviceID(rawValue: id), kind: DeviceKind(rawValue: kind),
      hardwareID: HardwareID(rawValue: hardwareID), name: name,
      capabilities: capabilities.map(AlgorithmID.init), verdict: verdict,
      attributes: attributes.domain(),
      notices: notices.map(\.domain))
  }
}

/// Everything that detection found: the document of `detect --format json`.
package struct DetectionReportV1: Codable {
  private var format: String
  private var version: Int
  private var machine: MachineV1
  private var devices: [DeviceV1]
  private var pciFunctions: ReadingV1<Int>
  private var gaps: [ReasonV1]

  private enum CodingKeys: String, CodingKey {
    case format, version, machine, devices, gaps
    case pciFunctions = "pci_functions"
  }

  package init(_ report: DetectionReport) {
    format = "hashwatt-detection"
    version = 1
    machine = MachineV1(report.machine)
    devices = report.devices.map(DeviceV1.init)
    pciFunctions = ReadingV1(report.pciFunctions)
    gaps = report.gaps.map(ReasonV1.init)
  }
}
