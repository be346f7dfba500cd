internal import Kernels
internal import Model
internal import Reporting

/// What `hashwatt kernels` has to say, before it has a form.
struct KernelsReport {
  /// What a self-test said.
  enum Verdict: Hashable {
    case passed
    case failed(String)
  }

  struct Row {
    let kernel: KernelDescription
    var verdict: Verdict?
  }

  private let features: CPUFeatures
  private var rows: [Row]

  init(_ kernels: [KernelDescription], features: CPUFeatures) {
    self.features = features
    rows = kernels.map { Row(kernel: $0) }
  }

  var hasFailures: Bool {
    rows.contains { row in if case .failed = row.verdict { true } else { false } }
  }

  mutating func record(_ verdict: Verdict, of variant: KernelVariant) {
    for index in rows.indices
    where rows[index].kernel.kernel == variant.id
      && rows[index].kernel.algorithm == variant.algorithm
    {
      rows[index].verdict = verdict
    }
  }

  func text(_ style: TextStyle) -> String {
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
    return GridLayout.text(grid, style) + faults
  }

  /// One whole line for each kernel that failed, which the table has no room for.
  private var faults: String {
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
    case .passed: Grid.Cell("usable, self-test passed", .good)
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

  func json(roofline: JSONText?) -> String {
    let more = roofline.map { [JSONText.Member("roofline", $0)] } ?? []
    return JSONText.object(
      [
        JSONText.Member("format", .string("hashwatt-kernels")),
        JSONText.Member("version", .integer(1)),
        JSONText.Member("cpu_features", .array(features.names.map { .string($0) })),
        JSONText.Member("kernels", .array(rows.map(KernelsReport.json))),
      ] + more
    ).document
  }

  private static func json(_ row: Row) -> JSONText {
    var members = [
      JSONText.Member("algorithm", .string(row.kernel.algorithm.rawValue)),
      JSONText.Member("kernel", .string(row.kernel.kernel.rawValue)),
      JSONText.Member("lanes", .integer(row.kernel.lanes)),
      JSONText.Member("scratch_bytes", .integer(Int(row.kernel.scratch.value))),
      JSONText.Member("usable", .flag(row.kernel.unsupported == nil)),
      JSONText.Member("reason", .optional(row.kernel.unsupported?.message)),
    ]
    switch row.verdict {
    case nil: break
    case .passed: members.append(JSONText.Member("self_test", .string("passed")))
    case .failed(let problem):
      members.append(JSONText.Member("self_test", .string("failed")))
      members.append(JSONText.Member("problem", .string(problem)))
    }
    return .object(members)
  }
}
