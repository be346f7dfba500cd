import Foundation
import TestSupport
import Testing

/// The built program, run as a process.
enum Tool {
  /// What a process left behind.
  struct Outcome: Sendable {
    /// The exit code, or the negative of the signal that ended it.
    let status: Int32
    let output: String
    let errors: String
  }

  /// Where standard output goes.
  enum Sink: Sendable {
    case memory
    case file(String)
    /// A pipe that nobody reads.
    case closedPipe
  }

  /// The program that HASHWATT_PROGRAM names, as an optimized one; else that beside the test bundle, so debug tests run the debug build.
  static let path = optimized ?? built("hashwatt")

  /// A program that was built together with these tests: beside the test bundle that is running.
  static func built(_ name: String) -> String {
    let bundle =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent(name)
      .path
  }

  private static let optimized = ProcessInfo.processInfo.environment["HASHWATT_PROGRAM"]

  /// Whether the program is one that measures no roofline.
  static var isDebugBuild: Bool {
    #if DEBUG
      optimized == nil
    #else
      false
    #endif
  }

  /// Runs to the end.
  static func run(
    _ arguments: [String], in folder: String = "/tmp", environment: [String: String] = [:],
    to sink: Sink = .memory
  ) throws -> Outcome {
    try start(arguments, in: folder, environment: environment, to: sink).finish()
  }

  /// A process that is running.
  struct Running {
    fileprivate let process: Process
    fileprivate let output: String
    fileprivate let errors: String

    /// Its process's number.
    var identifier: Int32 { process.processIdentifier }

    /// What it wrote to standard error so far.
    var errorsSoFar: String { Self.text(errors) }

    /// Sends SIGINT or another signal.
    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits for the end.
    func finish() -> Outcome {
      process.waitUntilExit()
      let isExit = process.terminationReason == .exit
      let status = isExit ? process.terminationStatus : -process.terminationStatus
      defer {
        for path in [output, errors] { try? FileManager.default.removeItem(atPath: path) }
      }
      return Outcome(status: status, output: Self.text(output), errors: Self.text(errors))
    }

    private static func text(_ path: String) -> String {
      String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
  }

  /// Starts the program and returns at once.
  ///
  /// `env` gives it a clean environment and the default reaction to every signal, whatever the test's own parent chose.
  /// Its streams are files, which unlike pipes cannot fill up while nobody reads.
  static func start(
    _ arguments: [String], in folder: String = "/tmp", environment: [String: String] = [:],
    to sink: Sink = .memory
  ) throws -> Running {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    var variables = environment
    variables["LC_ALL"] = "C"
    variables["PATH"] = variables["PATH"] ?? "/usr/bin:/bin"
    process.arguments =
      ["--default-signal", "-i"] + variables.map { "\($0)=\($1)" }.sorted() + [path] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardInput = FileHandle.nullDevice
    let output = try temporaryFile()
    let errors = try temporaryFile()
    process.standardError = try writing(errors)
    switch sink {
    case .memory: process.standardOutput = try writing(output)
    case .file(let path): process.standardOutput = try writing(path)
    case .closedPipe:
      let pipe = Pipe()
      try pipe.fileHandleForReading.close()
      process.standardOutput = pipe.fileHandleForWriting
    }
    try process.run()
    return Running(process: process, output: output, errors: errors)
  }

  /// The folder of `Package.swift`.
  static let projectFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// Waits until a process has worked for a while: its own CPU time passes some seconds.
  static func waitUntilBusy(_ running: Running, seconds: Double = 0.3) throws {
    let stat = "/proc/\(running.process.processIdentifier)/stat"
    for _ in 0..<20_000 {
      let text = try String(contentsOfFile: stat, encoding: .utf8)
      // The name in parentheses may hold spaces; user and system time are fields 12 and 13 after it.
      let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
      let ticks = fields.count > 12 ? (Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0) : 0
      if Double(ticks) > seconds * Double(sysconf(Int32(_SC_CLK_TCK))) { return }
      usleep(10_000)
    }
    Issue.record("the process did not get to work")
  }

  private static func writing(_ path: String) throws -> FileHandle {
    try #require(FileHandle(forWritingAtPath: path), "\(path)")
  }

  private static func temporaryFile() throws -> String {
    let path = NSTemporaryDirectory() + "/hashwatt-test-\(UUID().uuidString)"
    try #require(FileManager.default.createFile(atPath: path, contents: nil), "\(path)")
    return path
  }
}

extension TemporaryFolder {
  /// The files below it, as paths from it.
  func files() throws -> [String] {
    let all = try FileManager.default.subpathsOfDirectory(atPath: path)
    return all.sorted().filter { name in
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(
        atPath: path + "/" + name, isDirectory: &isFolder)
      return exists && !isFolder.boolValue
    }
  }
}
