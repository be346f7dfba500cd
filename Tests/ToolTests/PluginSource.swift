import Foundation
import TestSupport
import Testing

/// Plug-ins in C, compiled for a test.
enum PluginSource {
  static let example = "Documentation/PluginExample/plugin.c"

  /// Compiles a plug-in with the system's plain C compiler, and returns the object's path.
  static func compile(
    _ source: String, _ folder: TemporaryFolder, _ options: [String] = [], name: String = "x"
  ) throws -> String {
    let compiler = try #require(ChildProcess.find("cc"), "a C compiler is on the search path")
    let object = "\(folder.path)/\(name).so"
    let outcome = try ChildProcess.run(
      compiler,
      ["-std=c17", "-O2", "-Wall", "-Wextra", "-Wno-unused", "-shared", "-fPIC"] + options + [
        "-I", "\(Tool.projectFolder)/Sources/CKernels/include", "-o", object,
        "\(Tool.projectFolder)/\(source)",
      ])
    try #require(outcome.status == 0, "\(outcome.errors)")
    return object
  }
}
