import Arguments
import Commands
import Foundation
import Model
import Records
import TestSupport

/// A folder of results and profiles for commands that read them.
struct RecordFolder {
  private let folder: TemporaryFolder
  var path: String { folder.path }

  init() throws { folder = try TemporaryFolder() }

  @discardableResult
  func add(_ name: String, _ change: (inout SampleResult) -> Void = { _ in }) throws -> String {
    var sample = SampleResult()
    change(&sample)
    return try add(name, bytes: try ResultFile.encode(sample.make()))
  }

  @discardableResult
  func add(_ name: String, bytes: [UInt8]) throws -> String {
    let url = URL(fileURLWithPath: folder.path + "/" + name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return url.path
  }

  /// What a command of the catalogue writes and answers, this folder's path taken out of it.
  ///
  /// The command finds other programs on the search path that is given, and none without it.
  func run(_ words: [String], notes: MemoryStream = MemoryStream(), path: String? = nil) -> (
    code: ExitCode, text: String, notes: String
  ) {
    let output = MemoryStream()
    let context = CommandContext(
      output: output, notes: notes, environment: path.map { ["PATH": $0] } ?? [:],
      isInterrupted: { false })
    do {
      let code = try HashwattCommand.dispatch(words, context, catalog: CommandCatalog.all)
      return (code, bare(output.text), bare(notes.text))
    } catch {
      let failure = ErrorReport.failure(for: error)
      return (failure.exitCode, bare(output.text), bare(failure.line))
    }
  }

  private func bare(_ text: String) -> String {
    text.replacingOccurrences(of: path + "/", with: "").replacingOccurrences(
      of: path, with: "DIR")
  }
}
