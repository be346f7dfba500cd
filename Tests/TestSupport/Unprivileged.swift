internal import Glibc

/// Runs a program as a user without privileges.
package enum Unprivileged {
  /// Nil, and a line in the list of what did not run, where this machine cannot.
  package static func run(_ program: String, _ arguments: [String]) throws -> ChildProcess.Outcome?
  {
    if getuid() != 0 { return try ChildProcess.run(program, arguments) }
    guard let setpriv = ChildProcess.find("setpriv") else {
      NotRun.report("\(program) as another user: setpriv is not installed")
      return nil
    }
    let drop = ["--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all"]
    let trial = try ChildProcess.run(setpriv, drop + [program, "--version"])
    guard trial.status != 126, trial.status != 127 else {
      NotRun.report("\(program) as another user: \(trial.errors.prefix(120))")
      return nil
    }
    return try ChildProcess.run(setpriv, drop + [program] + arguments)
  }
}
