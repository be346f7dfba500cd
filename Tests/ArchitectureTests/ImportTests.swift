import Testing

/// Imports go downward only; the diagram is in `Documentation/Architecture.md`.
struct ImportTests {
  static let manifest = Manifest()

  /// Modules of the toolchain that any target may import.
  static let everywhere: Set<String> = ["Synchronization"]

  /// Modules of the toolchain, and who may import them.
  static let toolchain: [String: Set<String>] = [
    "Dispatch": ["CPUBackend", "Commands", "GPUBackend", "Metering"],
    "Glibc": [
      "LinuxSystem", "Detection", "Metering", "Kernels", "CPUBackend", "GPUBackend", "Statistics",
      "Analysis",
      "Reporting", "Text", "Economics", "MachineFacts",
    ],
  ]

  /// The Swift targets, by the layers that the manifest sorts them into.
  static let targets = ["models", "policy", "adapters", "program"].flatMap(manifest.names)

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

  @Test("every folder of Sources is a target, in a layer")
  func everyFolder() throws {
    let known = Self.targets + ["cTargets", "systemLibraries"].flatMap(Self.manifest.names)
    #expect(try SourceTree.names("Sources").sorted() == known.sorted())
  }

  @Test("a target imports only what it depends on", arguments: targets)
  func declared(target: String) throws {
    let allowed = Set(try #require(Self.manifest.dependencies[target]))
    for file in try SourceTree.files(below: "Sources/" + target, endingIn: [".swift"]) {
      for module in Self.imports(in: try SourceTree.text(file)) {
        let isAllowed =
          allowed.contains(module) || Self.everywhere.contains(module)
          || Self.toolchain[module]?.contains(target) == true
        #expect(isAllowed, "\(file) imports \(module)")
      }
    }
  }

  @Test("models and policy depend on what stands above them in the manifest, and on no adapter")
  func downward() throws {
    let pure = ["models", "policy"].flatMap(Self.manifest.names)
    for (index, target) in pure.enumerated() {
      for module in try #require(Self.manifest.dependencies[target]) {
        let isBelow = pure[..<index].contains(module)
        // A later model stands on the ones before it; so does a later policy.
        #expect(isBelow, "\(target) depends on \(module)")
      }
    }
  }

  @Test(
    "adapters depend on models, C, and the ground that they share, but not on policy or each other")
  func adaptersAreApart() throws {
    let models = Set(Self.manifest.names("models"))
    let c = Set(["cTargets", "systemLibraries"].flatMap(Self.manifest.names))
    // The machine's files, what they say, and the kernels that every backend proves itself against.
    let ground: Set = ["LinuxSystem", "MachineFacts", "Kernels"]
    for target in Self.manifest.names("adapters") {
      for module in try #require(Self.manifest.dependencies[target]) {
        let isBelow = models.contains(module) || c.contains(module) || ground.contains(module)
        #expect(isBelow, "\(target) depends on \(module)")
      }
    }
  }

  /// Modules that commands reach through `Workbench` and `Composition` alone; the system's own files are everybody's.
  static let adapters = Set(manifest.names("adapters")).subtracting(["LinuxSystem"])

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
