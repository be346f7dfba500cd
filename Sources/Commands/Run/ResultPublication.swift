internal import Analysis
internal import LinuxSystem
internal import Model
internal import Records
internal import Reporting
internal import Text

/// Writes a result, then shows it, so that a reader that goes away costs nothing.
struct ResultPublication {
  /// What is made of a result besides its file.
  struct Options {
    var profiles: String
    var textfile: String?
    /// Whether the page of a report is written beside the result.
    var writesReport: Bool
    var isJSON: Bool
    /// The key that it is signed with; nil for none.
    var signKey: String?
  }

  private let options: Options
  private let context: CommandContext
  /// Where power limits and frequencies are, for advice.
  private let root: SystemRoot

  init(_ options: Options, _ context: CommandContext, root: SystemRoot) {
    self.options = options
    self.context = context
    self.root = root
  }

  /// In the place of its journal.
  func publish(
    _ result: RunResult, _ folder: ResultFolder, _ journal: JournalWriter
  ) throws -> ExitCode {
    let bytes = try ResultFile.encode(result)
    var problem: (any Error)?
    var notes: [String] = []
    do {
      let path = try journal.give(way: bytes, in: folder)
      notes.append("result: \(path)")
      if result.kernelChoices.contains(where: { $0.isForComparison }) {
        notes.append("compare: hashwatt compare \(ShellText.words([path]))")
      }
      if let line = profileLine(result, path) { notes.append(line) }
      try writeTextfile(result, path)
      if options.writesReport { notes.append(try reportLine(result, path)) }
      if let key = options.signKey {
        notes.append("signature: \(try Signatures(context).sign(bytes, of: path, by: key))")
      }
    } catch {
      // The numbers are shown all the same: only the file is lost.
      problem = error
    }
    if options.isJSON {
      try context.output.write(String(decoding: bytes, as: UTF8.self))
    } else {
      try context.output.write(tables(result) + notes.map { $0 + "\n" }.joined())
    }
    if let problem { throw problem }
    if result.endReason?.code == .interrupted { return .interrupted }
    let refused: Set<CheckName> = [.selfTest, .worker]
    let isRefused = result.checks.contains { refused.contains($0.name) && $0.verdict == .fail }
    // A proof that ended early for anything but Ctrl-C was not given.
    let isBroken = !result.isComplete && result.samples.contains { $0.origin == .proven }
    return isRefused || isBroken && result.endReason?.code != .cutShort ? .no : .done
  }

  private func tables(_ result: RunResult) -> String {
    let style = Document.style(nil, context)
    return RunTable.text(result, style) + ProvenText.text(result, style)
      + RooflineText.text(result, style)
      + ScalingText.text(result, style)
      + (ScalingText.grids(result).isEmpty ? "" : SweepAdvice.text(root))
  }

  /// Adds a complete run of a suite to the profiles of its hardware; a plan of one's own changes no profile.
  private func profileLine(_ result: RunResult, _ path: String) -> String? {
    guard result.isComplete, result.plan.suite != nil else { return nil }
    return ProfileStore.line(adding: path, to: options.profiles)
  }

  /// Writes the report beside the result.
  private func reportLine(_ result: RunResult, _ path: String) throws -> String {
    let others = (try? ReportWriter.figures(among: nil)) ?? []
    let name = String(path.split(separator: "/").last ?? Substring(path))
    let (page, missing) = ReportWriter(context, among: others).page([
      ReportWriter.Subject(
        name: name, figures: Figure.all(of: result, name: path), result: result)
    ])
    let target = (path.hasSuffix(".json") ? String(path.dropLast(5)) : path) + ".html"
    try Document.write(page, to: target, context)
    return "report: \(target)" + (missing.map { ", without pictures: \($0.text)" } ?? "")
  }

  /// The textfile of node_exporter's collector, when one was asked for.
  private func writeTextfile(_ result: RunResult, _ path: String) throws {
    guard let textfile = options.textfile else { return }
    let text = OpenMetricsFormat().render(Ranking(Figure.all(of: result, name: path)), .plain())
    try Document.write(text, to: textfile, context)
  }

  static func name(of run: JournalHeader) -> String {
    name(
      of: run.series.map(\.series.device), run.devices, run.machine, startedAt: run.startedAt,
      suite: run.plan.suite)
  }

  static func name(of result: RunResult) -> String {
    name(
      of: result.workers.map(\.series.device), result.devices, result.machine,
      startedAt: result.startedAt, suite: result.plan.suite)
  }

  /// `20261121T010203Z-amd-ryzen-7-1700-quick`: when, the hardware that was measured, and the suite.
  private static func name(
    of measured: [DeviceID], _ devices: [Device], _ machine: Machine, startedAt: Double,
    suite: String?
  ) -> String {
    var hardware: [String] = []
    for device in measured {
      let id =
        devices.first { $0.id == device }?.hardwareID
        ?? (device == .cpu ? machine.cpu.value?.hardwareID : nil)
      let name = id?.rawValue.split(separator: "/").last.map(String.init) ?? "unknown"
      if !hardware.contains(name) { hardware.append(name) }
    }
    return "\(UTCText.stamp(startedAt))-\(hardware.joined(separator: "+"))-\(suite ?? "custom")"
  }
}

extension KernelChoice {
  /// Whether `compare` can pair its kernels without being told which.
  fileprivate var isForComparison: Bool {
    chosen.count == 2 || chosen.contains { $0.isOther } && chosen.contains { !$0.isOther }
  }
}
