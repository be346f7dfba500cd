package import JSON
package import Model
package import Records

/// What `hashwatt kernels` has to say, before it has a form.
package struct KernelsReport: Sendable {
  /// What a self-test said.
  package enum Verdict: Hashable, Sendable {
    case passed
    case failed(String)
  }

  struct Row: Sendable {
    let kernel: KernelDescription
    var verdict: Verdict?
  }

  private let features: [String]
  private var rows: [Row]
  private var cards: [CardKernels] = []
  /// Where it was measured.
  package var roofline: CoreRoofline?
  package var deviceRooflines: [DeviceRoofline] = []

  /// `features` are the names of what the CPU can do, as far as kernels ask.
  package init(_ kernels: [KernelDescription], features: [String]) {
    self.features = features
    rows = kernels.map { Row(kernel: $0) }
  }

  /// The kernels of a device that is no CPU; `alias` is its short word.
  package mutating func add(_ device: DeviceID, alias: String?, _ kernels: [KernelDescription]) {
    cards.append(
      CardKernels(device: device, alias: alias, rows: kernels.map { Row(kernel: $0) }))
  }

  package var hasFailures: Bool {
    (rows + cards.flatMap(\.rows)).contains { row in
      if case .failed = row.verdict { true } else { false }
    }
  }

  package mutating func record(
    _ verdict: Verdict, of kernel: KernelDescription, on device: DeviceID = .cpu
  ) {
    func record(in rows: inout [Row]) {
      for index in rows.indices
      where rows[index].kernel.kernel == kernel.kernel
        && rows[index].kernel.algorithm == kernel.algorithm
      {
        rows[index].verdict = verdict
      }
    }
    if device == .cpu { record(in: &rows) }
    for index in cards.indices where cards[index].device == device {
      record(in: &cards[index].rows)
    }
  }

  package func text(_ style: TextStyle) -> String {
    var parts = rows.isEmpty ? [] : [Self.text(rows, style)]
    parts += cards.map { card in
      let alias = card.alias.map { " (\($0))" } ?? ""
      return "\(card.device)\(alias)\n" + Self.text(card.rows, style)
    }
    return parts.joined(separator: "\n")
  }

  private static func text(_ rows: [Row], _ style: TextStyle) -> String {
    let grid = Grid(
      columns: [
        Grid.Column("algorithm"), Grid.Column("kernel"), Grid.Column("lanes", .right),
        Grid.Column("scratch", .right), Grid.Column("state", minimumWidth: 20),
      ],
      rows: rows.map { row in
        [
          Grid.Cell(row.kernel.algorithm.rawValue), Grid.Cell(row.kernel.kernel.rawValue),
          Grid.Cell("\(row.kernel.lanes)"), Grid.Cell(KernelsReport.size(row.kernel.scratch)),
          KernelsReport.state(row),
        ]
      })
    return GridLayout.text(grid, style) + cautions(rows) + remedies(rows) + faults(rows)
  }

  /// What everybody should know of an algorithm, a line each.
  private static func cautions(_ rows: [Row]) -> String {
    var lines: [String] = []
    for algorithm in rows.map(\.kernel.algorithm) {
      guard let caution = algorithm.caution else { continue }
      let line = "\(algorithm): \(caution)\n"
      if !lines.contains(line) { lines.append(line) }
    }
    return lines.isEmpty ? "" : "\n" + lines.joined()
  }

  /// What would make an algorithm's kernels usable, one whole line for each that a person can do something about.
  private static func remedies(_ rows: [Row]) -> String {
    var lines: [String] = []
    for row in rows {
      guard let reason = row.kernel.unsupported, let remedy = reason.remedy else { continue }
      let line = "\(row.kernel.algorithm): \(reason.message): \(remedy)\n"
      if !lines.contains(line) { lines.append(line) }
    }
    return lines.isEmpty ? "" : "\n" + lines.joined()
  }

  /// One whole line for each kernel that failed, which the table has no room for.
  private static func faults(_ rows: [Row]) -> String {
    let lines = rows.compactMap { row -> String? in
      guard case .failed(let problem) = row.verdict else { return nil }
      return "kernel '\(row.kernel.kernel)' of \(row.kernel.algorithm) is faulty: \(problem)\n"
    }
    return lines.isEmpty ? "" : "\n" + lines.joined()
  }

  private static func state(_ row: Row) -> Grid.Cell {
    if let reason = row.kernel.unsupported {
      return Grid.Cell("not usable: \(reason.message)", .faint)
    }
    return switch row.verdict {
    case nil: Grid.Cell("usable")
    case .passed: Grid.Cell("self-test passed", .good)
    case .failed: Grid.Cell("self-test FAILED", .bad)
    }
  }

  /// Exact where it is a whole number of KiB or MiB, as scratch sizes are.
  private static func size(_ bytes: ByteCount) -> String {
    if bytes.value == 0 { return "-" }
    for (unit, name) in [(UInt64(1) << 20, "MiB"), (1 << 10, "KiB")]
    where bytes.value.isMultiple(of: unit) {
      return "\(bytes.value / unit) \(name)"
    }
    return "\(bytes.value) B"
  }
}

extension KernelsReport: PrintedRecord {
  package static var recordName: String { "kernels" }
  package static var recordMeaning: String { "What `hashwatt kernels --format json` prints." }

  package static func fields(_ field: inout some PrintedList<KernelsReport>) throws(JSONProblem) {
    try field.constant("format", "hashwatt-kernels", "What this document is.")
    try field.constant("version", 1, "Version of the format.")
    try field("cpu_features", \.features, "What the CPU can do, as far as kernels ask.")
    try field("kernels", \.rows, "Every kernel of the CPU, usable here or not.")
    try field("cards", \.cards, "The kernels of every other device.")
    try field.optional("roofline", \.roofline, "What a core can do; with `--roofline` only.")
    try field.optional(
      "device_rooflines", { $0.deviceRooflines.isEmpty ? nil : $0.deviceRooflines },
      "What each other device can do; with `--roofline` only.")
  }
}

extension KernelsReport.Row: PrintedRecord {
  static var recordName: String { "kernel" }
  static var recordMeaning: String { "One kernel on this machine." }

  static func fields(_ field: inout some PrintedList<KernelsReport.Row>) throws(JSONProblem) {
    try field("algorithm", \.kernel.algorithm, "What it computes.")
    try field.optional(
      "caution", \.kernel.algorithm.caution,
      "What everybody should know of the algorithm, such as `not active on any chain`; absent for most."
    )
    try field("kernel", \.kernel.kernel, "Its name.")
    try field("lanes", \.kernel.lanes, "Nonces that it takes at once.")
    try field("scratch_bytes", \.kernel.scratch, "Memory that each worker needs beside the work.")
    try field("usable", { $0.kernel.unsupported == nil }, "Whether this CPU can run it.")
    try field("reason", \.kernel.unsupported?.message, "Why it cannot; null where it can.")
    try field.optional(
      "self_test",
      { row -> String? in
        switch row.verdict {
        case nil: nil
        case .passed: "passed"
        case .failed: "failed"
        }
      }, "What the self-test said; with `--self-test`, and of plug-ins.")
    try field.optional(
      "problem",
      { row -> String? in
        if case .failed(let problem) = row.verdict { problem } else { nil }
      }, "What the self-test found.")
  }
}

/// The kernels of one device that is no CPU.
struct CardKernels: Sendable {
  let device: DeviceID
  let alias: String?
  var rows: [KernelsReport.Row]
}

extension CardKernels: PrintedRecord {
  static var recordName: String { "card_kernels" }
  static var recordMeaning: String { "The kernels of one device that is no CPU." }

  static func fields(_ field: inout some PrintedList<CardKernels>) throws(JSONProblem) {
    try field("device", \.device, "The device.")
    try field("kernels", \.rows, "Its kernels, usable or not.")
  }
}
