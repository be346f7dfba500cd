package import Kernels
internal import LinuxSystem
package import Model

/// Proves the kernels of a plug-in in child processes, so that one that crashes, hangs or overruns harms nothing.
///
/// The child is this program itself, started again with a command that is not in the help.
package struct PluginTrial: Sendable {
  /// The command that a child is started with.
  package static let command = "try-plugin"
  /// How long loading, and each kernel's self-test, may take.
  package static let defaultLimit = Seconds(30)

  private let executable: String
  private let limit: Seconds
  private let isCancelled: @Sendable () -> Bool

  package init(
    executable: String, limit: Seconds = PluginTrial.defaultLimit,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.executable = executable
    self.limit = limit
    self.isCancelled = isCancelled
  }

  /// The catalogue with the kernels of a plug-in added: the proven ones, and the faulty ones with their faults.
  ///
  /// `prefix` is what their names are shown with.
  ///
  /// - Throws: what is wrong with the file as a whole: not loadable, badly described, a name that is taken.
  package func adding(
    _ file: String, to catalog: KernelCatalog, prefix: String = KernelID.pluginPrefix
  ) throws -> KernelCatalog {
    let loading = try run([file])
    guard loading.lines.last == "done" else {
      if let problem = loading.rest(after: "refused ") { throw Failure(.badInput, problem) }
      throw Failure(.no, "plug-in '\(file)' \(ending(loading)) while it was loaded")
    }
    let names = loading.lines.dropLast().compactMap { PluginKernel($0, prefix: prefix) }
    for name in names
    where catalog.variants(of: name.algorithm).contains(where: { $0.id == name.kernel }) {
      throw Failure(
        .badInput, "plug-in '\(file)': the name '\(name.kernel)' of \(name.algorithm) is taken",
        remedy: "give each kernel a name of its own")
    }
    var faults: [KernelFault] = []
    for (index, name) in names.enumerated() {
      let trial = try run([file, "\(index)"])
      if let fault = fault(of: name, trial) { faults.append(fault) }
    }
    // Loading did no harm in the child.
    return catalog.adding(try PluginLibrary.load(file, prefix: prefix), faults: faults)
  }

  /// The catalogue with the kernels of another build of librandomx, which gave the published hashes in a child process.
  ///
  /// - Throws: what is wrong with it, in one line.
  package func adding(
    randomX file: String, allowsExecutableStack: Bool, to catalog: KernelCatalog
  ) throws -> KernelCatalog {
    let word =
      allowsExecutableStack ? PluginTrialChild.executableStack : PluginTrialChild.randomX
    let trial = try run([word, file])
    if let problem = trial.rest(after: "refused ") { throw Failure(.badInput, problem) }
    guard trial.lines.last == "passed" else {
      let problem = trial.rest(after: "failed ") ?? "it \(ending(trial)) while it was tried"
      throw Failure(.no, "--randomx-library '\(file)': \(problem)")
    }
    return catalog.adding(
      try RandomXLibrary.load(file, allowsExecutableStack: allowsExecutableStack), faults: [])
  }

  private func fault(of name: PluginKernel, _ trial: Trial) -> KernelFault? {
    if trial.lines.last == "passed" { return nil }
    let problem =
      if let problem = trial.rest(after: "failed ") {
        problem
      } else if trial.lines.contains("overrun") {
        "it touched memory outside its scratch"
      } else {
        "it \(ending(trial)) during its self-test"
      }
    return KernelFault(name.algorithm, name.kernel, problem)
  }

  private func ending(_ trial: Trial) -> String {
    switch trial.ending {
    case .exited(let code): "ended the process with code \(code)"
    case .killed(let signal): "crashed (\(signal))"
    case .timedOut: "did not return within \(Int(limit.value)) s"
    case .cancelled: "was interrupted"
    }
  }

  private struct Trial {
    let ending: ChildProcess.Ending
    let lines: [String]

    func rest(after start: String) -> String? {
      lines.first { $0.hasPrefix(start) }.map { String($0.dropFirst(start.count)) }
    }
  }

  private func run(_ arguments: [String]) throws -> Trial {
    let outcome = try ChildProcess.run(
      executable, [PluginTrial.command] + arguments, reading: .report, limit: limit,
      isCancelled: isCancelled)
    if outcome.ending == .cancelled { throw Interrupted() }
    return Trial(
      ending: outcome.ending,
      lines: outcome.output.split(separator: "\n").map(String.init))
  }
}

/// One line of the child's list.
private struct PluginKernel {
  let algorithm: AlgorithmID
  let kernel: KernelID

  /// The child shows every name with the prefix of plug-ins; here it may have another.
  init?(_ line: String, prefix: String) {
    let words = line.split(separator: " ").map(String.init)
    guard words.count == 3, words[0] == "kernel" else { return nil }
    algorithm = AlgorithmID(rawValue: words[1])
    kernel = KernelID(rawValue: prefix + KernelID(rawValue: words[2]).bareName)
  }
}

/// The child's side of a trial.
package enum PluginTrialChild {
  /// The word before the file of a librandomx.
  package static let randomX = "randomx"
  /// The same for one that may have an executable stack.
  package static let executableStack = "randomx-execstack"

  /// Loads a librandomx and has it compute published hashes.
  package static func run(randomX file: String, allowsExecutableStack: Bool) {
    do throws(Failure) {
      _ = try RandomXLibrary.load(file, allowsExecutableStack: allowsExecutableStack)
    } catch { return ChildProcess.report("refused \(error.line)") }
    ChildProcess.report(RandomXLibrary.proveNamed().map { "failed \($0)" } ?? "passed")
  }

  /// Loads a plug-in and lists its kernels, or proves one of them; the answer goes to the report's descriptor.
  package static func run(file: String, index: Int?) {
    let variants: [KernelVariant]
    do throws(Failure) { variants = try PluginLibrary.load(file) } catch {
      ChildProcess.report("refused \(error.line)")
      return
    }
    guard let index else {
      for variant in variants { ChildProcess.report("kernel \(variant.algorithm) \(variant.id)") }
      ChildProcess.report("done")
      return
    }
    guard variants.indices.contains(index) else { return }
    let variant = variants[index]
    // What this CPU cannot run is never called; the catalogue says so.
    guard KernelCatalog.obstacle(to: variant, on: .current) == nil else {
      ChildProcess.report("passed")
      return
    }
    do {
      guard let algorithm = AlgorithmCatalog.builtIn.descriptor(of: variant.algorithm) else {
        return
      }
      try KernelSelfTest.run(variant, of: algorithm) { ChildProcess.reportFaults(in: $0) }
      ChildProcess.report("passed")
    } catch let fault as KernelFault {
      ChildProcess.report("failed \(fault.problem)")
    } catch {
      ChildProcess.report("failed \((error as? Failure)?.line ?? "\(error)")")
    }
  }
}
