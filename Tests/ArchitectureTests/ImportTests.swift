import Testing

/// Imports go downward only; the diagram is in `Documentation/Architecture.md`.
struct ImportTests {
  /// What each Swift target may import of ours.
  static let permitted: [String: Set<String>] = [
    "JSON": [],
    "Model": [],
    "Text": ["Model"],
    "Statistics": [],
    "Arguments": ["Model", "Text"],
    "MeterCore": ["Model"],
    "Analysis": ["Model", "Statistics", "Text", "MeterCore"],
    "Benchmarking": ["Model", "Statistics", "Analysis", "Text", "MeterCore"],
    "Economics": ["Model", "Statistics"],
    "Records": ["JSON", "Model", "Text", "Economics"],
    "Verification": ["JSON", "Model", "MeterCore", "Statistics", "Analysis", "Records"],
    "Reporting": [
      "JSON", "Model", "Analysis", "Text", "Verification", "MeterCore", "Records", "Economics",
    ],
    "LinuxSystem": ["Model", "CLinuxShims"],
    "Detection": ["Model", "LinuxSystem", "CHwloc", "CPCIShims", "Text", "MachineFacts"],
    "Metering": [
      "JSON", "Model", "LinuxSystem", "CLinuxShims", "Text", "MeterCore", "MachineFacts",
    ],
    "Kernels": ["Model", "CKernels", "COpenSSLKernels", "Text"],
    "MachineFacts": ["Model", "LinuxSystem", "CLinuxShims", "Text"],
    "CPUBackend": ["Model", "Kernels", "LinuxSystem", "MachineFacts"],
    "GPUBackend": [
      "Model", "Kernels", "LinuxSystem", "CGPUKernels", "CGPUShims", "CGPUSession",
    ],
    "StratumBackend": ["JSON", "Model", "LinuxSystem"],
    "Commands": [
      "JSON", "Model", "Arguments", "Statistics", "Analysis", "Benchmarking", "Records",
      "Reporting", "LinuxSystem", "Detection", "Metering", "Kernels", "CPUBackend", "GPUBackend",
      "Text", "Verification", "MeterCore", "MachineFacts", "Economics", "StratumBackend",
    ],
    "hashwatt": ["Commands"],
  ]

  /// Modules of the toolchain that any target may import.
  static let everywhere: Set<String> = ["Synchronization"]

  /// Modules of the toolchain, and who may import them.
  static let toolchain: [String: Set<String>] = [
    "Dispatch": ["CPUBackend", "Commands", "Metering"],
    "Glibc": [
      "LinuxSystem", "Detection", "Metering", "Kernels", "CPUBackend", "GPUBackend", "Statistics",
      "Analysis",
      "Reporting", "Text", "Economics", "MachineFacts",
    ],
  ]

  static let targets = permitted.keys.sorted()

  /// The modules that a Swift file imports.
  static func imports(in text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ").map(String.init)
      guard let place = words.firstIndex(of: "import"), place + 1 < words.count,
        words[..<place].allSatisfy({
          ["package", "public", "internal", "private", "fileprivate", "@testable", "@_exported"]
            .contains($0)
        })
      else { return nil }
      let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
      let name = kinds.contains(words[place + 1]) ? words.last : words[place + 1]
      return name.flatMap { $0.split(separator: ".").first.map(String.init) }
    }
  }

  @Test("every folder of Sources is a known target")
  func everyFolder() throws {
    for name in try SourceTree.names("Sources") {
      let isC = try SourceTree.files(below: "Sources/" + name, endingIn: [".swift"]).isEmpty
      #expect(isC || Self.permitted[name] != nil, "\(name) is missing from the table above")
    }
  }

  @Test("a target imports only what lies below it", arguments: targets)
  func downward(target: String) throws {
    let allowed = try #require(Self.permitted[target])
    for file in try SourceTree.files(below: "Sources/" + target, endingIn: [".swift"]) {
      for module in Self.imports(in: try SourceTree.text(file)) {
        let isAllowed =
          allowed.contains(module) || Self.everywhere.contains(module)
          || Self.toolchain[module]?.contains(target) == true
        #expect(isAllowed, "\(file) imports \(module)")
      }
    }
  }

  /// Modules of the adapters that commands reach through `Workbench` and `Composition` alone.
  static let adapters: Set<String> = [
    "Detection", "Metering", "Kernels", "CPUBackend", "GPUBackend", "MachineFacts",
    "StratumBackend",
  ]

  @Test("of the commands only the composition names adapters")
  func composition() throws {
    for file in try SourceTree.files(below: "Sources/Commands", endingIn: [".swift"])
    where !file.hasPrefix("Sources/Commands/Composition/") {
      let modules = Set(Self.imports(in: try SourceTree.text(file)))
      #expect(modules.isDisjoint(with: Self.adapters), "\(file) imports an adapter")
    }
  }

  @Test("import lines are recognized")
  func recognition() {
    let text = """
      internal import Model
      package import struct Records.Thing
      // import Comment
      let text = "import Nothing"
      import Glibc
      """
    #expect(Self.imports(in: text) == ["Model", "Records", "Glibc"])
  }
}
