internal import LinuxSystem
package import Model

/// Reads captures in a child process first: hwloc and libpci crash on some files that nobody's machine ever wrote.
///
/// The child is this program itself, started again with a command that is not in the help.
package struct CaptureTrial: Sendable {
  /// The command that a child is started with; its options are those of the captures.
  package static let command = "try-capture"

  private let executable: String
  private let words: [String]
  private let limit: Seconds
  private let isCancelled: @Sendable () -> Bool

  /// - Parameters:
  ///   - executable: the program that the child runs.
  ///   - words: what stands before the capture's option on its command line.
  ///   - limit: how long one capture may take; reading a large one takes a tenth of a second.
  ///   - isCancelled: whether the user asked for the end.
  package init(
    executable: String, words: [String] = [CaptureTrial.command], limit: Seconds = Seconds(30),
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.executable = executable
    self.words = words
    self.limit = limit
    self.isCancelled = isCancelled
  }

  /// Each capture of the sources by itself, so that the one at fault is named; nothing where they are the live machine.
  ///
  /// - Throws: `Failure` with exit code 4 for a capture that cannot be read without harm; one that is merely refused
  ///   passes, since reading it here says more of it; so does one for which no child can be started.
  package func check(_ sources: DetectionSources) throws {
    guard !sources.isLive else { return }
    if let file = sources.hwlocXML { try check("--hwloc-xml", file, "hwloc") }
    if let file = sources.pciDump { try check("--pci-dump", file, "libpci") }
    if let root = sources.root, !root.isLive { try check("--sysroot", root.prefix, "hwloc") }
  }

  private func check(_ option: String, _ path: String, _ library: String) throws {
    var environment = ProcessControl.environment()
    // What a crash in the libraries looks like from inside helps nobody, and takes seconds to find out.
    environment["SWIFT_BACKTRACE"] = "enable=no"
    let outcome: ChildProcess.Outcome
    do throws(SystemError) {
      outcome = try ChildProcess.run(
        executable, words + ["\(option)=\(path)"], environment: environment, limit: limit,
        isCancelled: isCancelled)
    } catch {
      // Where no process may be started, such as at the limit of their number, the capture is read untried.
      return
    }
    let what: String
    switch outcome.ending {
    case .exited: return
    case .cancelled: throw Interrupted()
    case .killed(let signal): what = "crashes \(library) (\(signal))"
    case .timedOut: what = "takes longer than \(Int(limit.value)) s"
    }
    throw Failure(.badInput, "\(path): reading it \(what)", remedy: "use a copy that is whole")
  }
}
