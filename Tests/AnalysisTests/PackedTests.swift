import Analysis
import Model
import Testing

/// What an index remembers of a figure is all of the figure.
struct PackedTests {
  private static let spread = ExpandedUncertainty(
    relative: 0.02, standard: 0.01, coverageFactor: 2, degreesOfFreedom: 7)

  /// Every property has a value of its own.
  private static let whole: Figure = {
    var figure = Figure(
      source: FigureSource(
        kind: .profile, name: "a/b.json", title: "Title é", address: "https://example.org",
        confidence: "high", year: 2024, isBestSupported: false,
        verification: VerificationState(
          sharesFound: 12, challengeWasGiven: true, hasRawLog: false)),
      provenance: .claimed, deviceName: "Device", hardwareID: HardwareID(rawValue: "cpu/x"),
      deviceKind: .cpu, algorithm: .scrypt, workUnit: .solution, epoch: 440, workOrigin: .proven,
      kernel: KernelID(rawValue: "k"),
      placement: PlacementName(.thread, workers: 8, part: "P"),
      throughput: Bounded(1.5, lower: 1.25, upper: nil), count: -3, throughputSpread: spread,
      energy: .value(
        EnergyFigure(
          scope: .wall, kind: .measuredCounter, power: Bounded(7), powerSpread: spread,
          workPerJoule: Bounded(.infinity), repeatability: spread, total: nil)),
      grade: .r2, reasonsAgainstBetterGrade: [Reason(.grade, "why", remedy: "do")],
      suite: "quick-1", isComplete: false,
      windows: [
        FigureWindow(repeatIndex: 1, order: 2, throughput: 3, power: nil, workPerJoule: 5)
      ], machine: "m|n", context: ["governor": "performance", "tool": ""],
      startedAt: 1.7e9 + 0.1, note: "note", busy: BusyParts(packages: 2, cores: nil))
    figure.signature = "signed"
    figure.part = .core
    figure.claims = [
      ClaimSummary(
        source: "api", field: "f", count: 3, rate: 1e12, ratio: 0.9, lower: nil, upper: 1)
    ]
    return figure
  }()

  @Test("a figure comes back with every property, with energy and without")
  func roundTrip() {
    #expect(Figure.unpacked(Self.whole.packed) == Self.whole)
    var other = Self.whole
    other.energy = .unavailable(Reason(.permission, "closed"))
    other.kernel = nil
    other.placement = nil
    other.context = [:]
    #expect(Figure.unpacked(other.packed) == other)
    let numbers = [0, 1, -1, 63, -64, 1 << 40, Int.max, Int.min]
    #expect([Int].unpacked(numbers.packed) == numbers)
    let words = [0, 127, 128, UInt64.max]
    #expect([UInt64].unpacked(words.packed) == words)
    let halves = [0, 440, UInt32.max]
    #expect([UInt32].unpacked(halves.packed) == halves)
    #expect(UInt32.unpacked((UInt64(1) << 32).packed) == nil)
  }

  @Test("a text is written once, and a reference to one that is not there is none")
  func texts() {
    let text = String(repeating: "text", count: 100)
    let many = [text, "", text, "other", "", text]
    #expect([String].unpacked(many.packed) == many)
    #expect(many.packed.count < 2 * text.utf8.count)
    // One letter, or a letter and its accent: equal as strings, and other bytes.
    let equal = ["\u{e9}", "e\u{301}"]
    #expect([String].unpacked(equal.packed)?.map { Array($0.utf8) } == equal.map { Array($0.utf8) })
    // One element: the first text, of which there is none yet; then one that is not closed.
    #expect([String].unpacked([1, 1]) == nil)
    #expect([String].unpacked([2, 0, 1, 0x61, 2]) == nil)
    #expect([String].unpacked([2, 0, 1, 0x61, 1]) == ["a", "a"])
  }

  /// The names of everything that a value holds, in its own structures.
  private static func names(_ value: Any, _ found: inout Set<String>) {
    let mirror = Mirror(reflecting: value)
    let type = "\(mirror.subjectType)"
    for child in mirror.children {
      if mirror.displayStyle == .struct, let label = child.label {
        found.insert("\(type).\(label)")
      }
      names(child.value, &found)
    }
  }

  @Test("no property of a figure is at its default in the figure that the round trip is made with")
  func complete() {
    // A property that is added has to be packed: then it is to be given a value above, and counted here.
    var found: Set<String> = []
    Self.names(Self.whole, &found)
    let own = found.filter { !$0.hasSuffix(".rawValue") }
    let expected = [
      "Figure": 28, "FigureSource": 8, "VerificationState": 3, "Bounded": 3,
      "ExpandedUncertainty": 4, "EnergyFigure": 7, "Reason": 3, "FigureWindow": 5, "BusyParts": 2,
      "PlacementName": 3, "ClaimSummary": 7,
    ]
    for (type, count) in expected {
      #expect(own.count { $0.hasPrefix("\(type).") } == count, "\(type): \(own.sorted())")
    }
  }

  @Test("bytes that were cut off or changed are refused or give another figure, and nothing worse")
  func hostile() {
    let packed = Self.whole.packed
    for length in packed.indices { #expect(Figure.unpacked(Array(packed[..<length])) == nil) }
    #expect(Figure.unpacked(packed + [0]) == nil)
    for place in packed.indices {
      for value: UInt8 in [0, 1, 0x7f, 0x80, 0xff] {
        var changed = packed
        changed[place] = value
        _ = Figure.unpacked(changed)
      }
    }
    #expect(UInt64.unpacked([UInt8](repeating: 0xff, count: 10)) == nil)
    #expect([String].unpacked([0xff, 0xff, 0xff, 0xff, 0x0f]) == nil)
  }
}
