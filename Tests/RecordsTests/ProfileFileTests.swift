import Model
import Records
import TestSupport
import Testing

struct ProfileFileTests {
  /// A profile in which every optional has a value and every list an element.
  static let everyField = Profile(
    hardwareID: HardwareID(rawValue: "asic/bitmain-antminer-s19-pro"), kind: .usbMiner,
    name: "Antminer S19 Pro", vendor: "Bitmain",
    sources: [
      MeasuredSource(
        result: "a.json", digest: String(repeating: "0a", count: 32), startedAt: 1_790_000_000.5,
        suite: "quick-1", isComplete: true, grade: .r1,
        reasonsAgainstBetter: [EveryField.missing], challengeWasGiven: true, hasRawLog: true,
        sharesFound: 1234, hypervisor: .value("kvm"), toolVersion: "0.1.0")
    ], unitsAtLeast: 1,
    measured: [
      MeasuredFigure(
        results: ["a.json"], suite: "quick-1", grade: .r1, units: 1 << 52, time: Seconds(31.5),
        scopeTotals: [
          ScopeTotals(scope: .cpuPackage, windows: 3, units: 1 << 51, joules: 1234.5)
        ], summary: EveryField.summary)
    ],
    published: [
      PublishedClaim(
        algorithm: .sha256d, workUnit: .hash, rate: 1.1e14, power: Watts(3250),
        joulesPerWork: 2.95e-11, joulesPerWorkIsStated: true,
        stated: StatedFigures(rate: "110", unit: "TH/s", power: "3250", efficiency: "29.5"),
        measuredAt: .wall, rateTolerance: 0.03, powerTolerance: 0.05, year: 2020,
        source: ClaimSource(title: "A guide", address: "https://example.org/guide"),
        confidence: .medium, note: "nameplate")
    ])

  static let bare = Profile(
    hardwareID: HardwareID(rawValue: "gpu/none"), kind: .gpu, name: "None",
    published: [
      PublishedClaim(
        algorithm: .keccak256, workUnit: .hash, rate: nil, power: nil, joulesPerWork: nil,
        joulesPerWorkIsStated: false,
        stated: StatedFigures(rate: nil, unit: "MH/s", power: nil, efficiency: nil),
        measuredAt: .unknown, year: nil, source: ClaimSource(title: "t", address: "a"),
        confidence: .low, note: nil)
    ])

  @Test("a profile comes back as it was", arguments: [everyField, bare])
  func roundTrip(profile: Profile) throws {
    let bytes = try ProfileFile.encode(profile)
    #expect(try ProfileFile.decode(bytes, name: "p.json") == profile)
    guard case .profile(let again) = try RecordFile.decode(bytes, name: "p.json") else {
      Issue.record("not taken for a profile")
      return
    }
    #expect(again == profile)
  }

  @Test("the format's text stays what it is")
  func golden() throws {
    assertSnapshot(
      String(decoding: try ProfileFile.encode(Self.everyField), as: UTF8.self),
      named: "profile-v1.json")
  }

  @Test(
    "what is not a profile of this version is refused in one line",
    arguments: [
      ("{}", "p.json: not a file of hashwatt (no \"format\"): give a file that hashwatt wrote"),
      (
        "{\"format\": \"hashwatt-profile\", \"version\": 9}",
        "p.json: written in version 9 of hashwatt-profile; this hashwatt reads up to 1: "
          + "use a newer hashwatt"
      ),
      (
        "{\"format\": \"hashwatt-profile\", \"version\": 1}",
        "p.json: the key \"hardware_id\" is missing"
      ),
      (
        "{\"format\": \"hashwatt-result\", \"version\": 1}",
        "p.json: its format is \"hashwatt-result\", not \"hashwatt-profile\": "
          + "give a file of that format"
      ),
    ])
  func refused(text: String, line: String) {
    let failure = #expect(throws: Failure.self) {
      try ProfileFile.decode(Array(text.utf8), name: "p.json")
    }
    #expect(failure?.line == line)
    #expect(failure?.exitCode == .badInput)
  }

  @Test("a file that is neither is refused by name")
  func neither() {
    let failure = #expect(throws: Failure.self) {
      try RecordFile.decode(Array("{\"format\": \"other\"}".utf8), name: "x.json")
    }
    #expect(failure?.line.hasPrefix("x.json: neither a result nor a profile of hashwatt") == true)
  }
}
