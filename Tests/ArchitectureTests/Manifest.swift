import Testing

/// What `Package.swift` says of its targets, read from its text: while tests run, SwiftPM itself cannot be asked.
struct Manifest {
  /// Every target's dependencies by its name.
  private(set) var dependencies: [String: [String]] = [:]
  private var layers: [String: [String]] = [:]

  /// The manifest of this project; empty where it cannot be read, so that the tests that need it fail by name.
  init() {
    self.init((try? SourceTree.text("Package.swift")) ?? "")
  }

  init(_ text: String) {
    var layer = ""
    var rest = text[...]
    while let line = rest.firstIndex(of: "\n") {
      let here = rest[..<line]
      if let name = here.wholeMatch(of: /let (\w+): \[Target\] = \[/)?.1 { layer = String(name) }
      if let target = rest.prefixMatch(of: Self.target), !layer.isEmpty {
        let name = String(target.1)
        layers[layer, default: []].append(name)
        dependencies[name] = (target.2 ?? "").split(separator: "\"").map(String.init)
          .filter { $0.contains(where: \.isLetter) }
        rest = rest[target.range.upperBound...]
      } else {
        if here == "]" { layer = "" }
        rest = rest[rest.index(after: line)...]
      }
    }
  }

  /// `.target(name: "A"` or another kind, with the words of its dependencies where it has some.
  private static var target: Regex<(Substring, Substring, Substring?)> {
    /\ \ \.\w+\(\s*name: "(\w+)"(?:,\s*dependencies: \[([^\]]*)\])?/
  }

  /// The targets of one list of the manifest, in its order.
  func names(_ layer: String) -> [String] { layers[layer] ?? [] }
}

struct ManifestTests {
  @Test("targets are read with their layers and dependencies, however they are laid out")
  func reading() {
    let manifest = Manifest(
      """
      let models: [Target] = [
        .target(name: "Model"),
        .target(name: "Text", dependencies: ["Model"]),
      ]
      let program: [Target] = [
        .executableTarget(
          name: "tool",
          dependencies: [
            "Text", "Model",
          ]),
        .target(
          name: "C", cSettings: [.headerSearchPath("common")]),
      ]

      """)
    #expect(manifest.names("models") == ["Model", "Text"])
    #expect(manifest.names("program") == ["tool", "C"])
    #expect(
      manifest.dependencies
        == ["Model": [], "Text": ["Model"], "tool": ["Text", "Model"], "C": []])
  }
}
