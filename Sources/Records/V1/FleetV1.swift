package import JSON
package import Model

extension FleetPlan: Record {
  package static var recordName: String { "fleet" }
  package static var recordMeaning: String { "Nodes that are measured by one plan." }

  package static func fields(
    _ field: inout some FieldList<FleetPlan>
  ) throws(JSONProblem) -> FleetPlan {
    try field.constant("format", FleetFile.format, "What this file is.")
    try field.constant("version", 1, "Version of the format.")
    let challenge = try field(
      "challenge", { Hex32(bytes: $0.challenge.bytes) },
      "What the challenge of each attempt is derived from.")
    guard let bytes = Challenge(bytes: challenge.bytes) else {
      throw field.problem("challenge is not 32 bytes")
    }
    return FleetPlan(
      id: try field("id", \.id, "Part of the jobs' names.", .notEmpty), challenge: bytes,
      createdAt: try field("created_unix_s", \.createdAt, "When it was submitted first."),
      toolVersion: try field("tool_version", \.toolVersion, "Of hashwatt."),
      engine: try field("engine", \.engine, "What brings the nodes to work."),
      program: try field("program", \.program, "Path of hashwatt on the nodes.", .notEmpty),
      programDigest: try field.optional(
        "program_sha256", \.programDigest,
        "Digest of that file at submission; absent where it was not known.", .notEmpty),
      runOptions: try field("run_options", \.runOptions, "Words after `hashwatt run`."),
      engineOptions: try field("engine_options", \.engineOptions, "Site options of the engine."),
      timeLimitMinutes: try field(
        "time_limit_minutes", \.timeLimitMinutes, "Longest time of an attempt.",
        .between(1, 100_000)),
      slots: try field.optional("slots", \.slots, "Nodes at once; absent for all.", .atLeast(1)),
      slotsArePerRack: try field(
        "slots_per_rack", \.slotsArePerRack, "Whether `slots` are those of each rack."),
      stagger: try field(
        "stagger_s", \.stagger, "Between the begin of one node and the next.",
        .between(0, 86400)),
      expected: try field("expected", \.expected, "Facts that every node must have recorded."),
      nodes: try field("nodes", \.nodes, "Every node.", .notEmpty))
  }
}

extension FleetNode: Record {
  package static var recordName: String { "fleet_node" }
  package static var recordMeaning: String { "One node of a fleet." }

  package static func fields(
    _ field: inout some FieldList<FleetNode>
  ) throws(JSONProblem) -> FleetNode {
    FleetNode(
      name: try field("name", \.name, "As the engine names it."),
      rack: try field.optional("rack", \.rack, "Rack or power distribution unit."),
      attempts: try field("attempts", \.attempts, "Every try, in order."))
  }
}

extension FleetAttempt: Record {
  package static var recordName: String { "fleet_attempt" }
  package static var recordMeaning: String { "One try of one node." }

  package static func fields(
    _ field: inout some FieldList<FleetAttempt>
  ) throws(JSONProblem) -> FleetAttempt {
    FleetAttempt(
      number: try field("number", \.number, "From 1.", .between(1, 1_000_000)),
      submittedAt: try field("submitted_unix_s", \.submittedAt, "When it was submitted."),
      job: try field.optional(
        "job", \.job, "The engine's number of it; absent until it has one."))
  }
}

// A name that is no name is refused with its place, whoever wrote the file.
extension NodeName: RecordValue {
  package static func read(_ node: RecordNode) throws(JSONProblem) -> NodeName {
    let text = try String.read(node)
    guard let name = NodeName(rawValue: text) else {
      throw node.problem("\"\(text.prefix(40))\" is no node's name")
    }
    return name
  }
  package func written(_ context: RecordContext) -> JSONValue { .string(rawValue) }
  package static func shape(_ catalogue: inout RecordCatalogue) -> FieldShape { .text }
  package static func example(_ numbers: inout ExampleNumbers) throws(JSONProblem) -> NodeName {
    guard let name = NodeName(rawValue: "n\(numbers.next())") else {
      throw JSONProblem(place: "", message: "no name")
    }
    return name
  }
}

extension FleetJobID: RecordValue {
  package static func read(_ node: RecordNode) throws(JSONProblem) -> FleetJobID {
    let text = try String.read(node)
    guard let job = FleetJobID(rawValue: text) else {
      throw node.problem("\"\(text.prefix(40))\" is no job's number")
    }
    return job
  }
  package func written(_ context: RecordContext) -> JSONValue { .string(rawValue) }
  package static func shape(_ catalogue: inout RecordCatalogue) -> FieldShape { .text }
  package static func example(_ numbers: inout ExampleNumbers) throws(JSONProblem) -> FleetJobID {
    guard let job = FleetJobID(rawValue: "\(numbers.next())") else {
      throw JSONProblem(place: "", message: "no number")
    }
    return job
  }
}
