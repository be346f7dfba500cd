package import JSON
package import Model

extension Device: Record {
  package static var recordName: String { "device" }
  package static var recordMeaning: String {
    "Something that was detected, whether or not it can hash."
  }

  package static func fields(_ field: inout some FieldList<Device>) throws(JSONProblem) -> Device {
    Device(
      id: try field("id", \.id, "The device within its machine, such as `cpu`."),
      kind: try field("kind", \.kind, "What it is."),
      hardwareID: try field("hardware_id", \.hardwareID, "Short name of the model."),
      name: try field("name", \.name, "As it names itself."),
      capabilities: try field(
        "capabilities", \.capabilities, "Algorithms that it can compute for us."),
      verdict: try field("verdict", \.verdict, "Why `capabilities` is what it is."),
      attributes: try field("attributes", \.attributes, "Facts by stable name, as read."),
      notices: try field("notices", \.notices, "What its owner should know, such as a slow link."))
  }
}

extension DetectionReport: Record {
  package static var recordName: String { "detection" }
  package static var recordMeaning: String {
    "What `hashwatt detect --format json` prints: a machine and its devices."
  }

  package static func fields(
    _ field: inout some FieldList<DetectionReport>
  ) throws(JSONProblem) -> DetectionReport {
    try field.constant("format", DetectionFile.format, "What this file is.")
    try field.constant("version", 1, "Version of the format.")
    return DetectionReport(
      machine: try field("machine", \.machine, "The machine."),
      devices: try field("devices", \.devices, "What was found in it."),
      pciFunctions: try field(
        "pci_functions", \.pciFunctions,
        "Number of PCI functions, those that have nothing to do with computing included.",
        .atLeast(0)),
      gaps: try field("gaps", \.gaps, "What could not be read, and how to make it readable."))
  }
}

/// The document of `detect --format json`; no command reads it.
package enum DetectionFile {
  package static let format = "hashwatt-detection"

  /// The canonical bytes of a report.
  ///
  /// - Throws: `JSONProblem` that names a number that JSON cannot hold.
  package static func encode(_ report: DetectionReport) throws(JSONProblem) -> [UInt8] {
    JSONWriter.write(try report.encoded())
  }
}
