import Analysis
import LinuxSystem
import Model
import Records
import TestSupport
import Testing

/// The committed claims against the sanity rules, whoever put them there.
struct PublishedClaimTests {
  private static let repository =
    #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

  /// Rows of the table that the claims were taken from once.
  private static let tableRows = 309

  private static func profiles() throws -> [Profile] {
    try ["asic", "cpu", "fpga", "gpu"].flatMap { kind in
      let folder = "\(repository)/profiles/\(kind)"
      let names = (try? SystemRoot.live.names(folder)) ?? []
      return try names.sorted().map { name in
        try ProfileFile.decode(try SystemRoot.live.bytes("\(folder)/\(name)"), name: name)
      }
    }
  }

  /// The lines of the list of what was left out, without its header.
  private static func leftOut() throws -> [String] {
    let text = try SystemRoot.live.text("\(repository)/profiles/left-out.csv")
    return Array(text.split(separator: "\n").map(String.init).dropFirst())
  }

  @Test("every row of the table became a claim or stands in the list with a reason")
  func complete() throws {
    let claims = try Self.profiles().flatMap(\.published)
    let sheets = claims.filter { $0.note?.hasPrefix("maker's own sheet") == true }
    // Added later, one by one.
    #expect(sheets.count == 15)
    #expect(sheets.allSatisfy { $0.measuredAt == .wall && $0.confidence == .high })
    let lines = try Self.leftOut()
    #expect(claims.count - sheets.count + lines.count == Self.tableRows)
    #expect(Set(lines.compactMap { $0.split(separator: ",").first }).count == lines.count)
    #expect(lines.allSatisfy { ($0.split(separator: ",").last?.count ?? 0) > 10 })
  }

  @Test(
    "the efficiency beyond which a proven one is doubted is that of the best machine in the table")
  func best() throws {
    let joules = try Self.profiles().filter { $0.kind == .asic }.flatMap(\.published)
      .filter { $0.algorithm == .sha256d }.compactMap(\.joulesPerWork)
    let best = try #require(joules.min())
    #expect(abs(ProofChecks.bestJoules / best - 1) < 0.01)
  }

  @Test("conflicting claims of one device stand side by side")
  func conflicts() throws {
    let profiles = try Self.profiles()
    let nine = try #require(
      profiles.first { $0.hardwareID.rawValue == "asic/bitmain-antminer-s9" })
    #expect(Set(nine.published.compactMap(\.power?.value)) == [1190, 1300, 1323, 1400])
    #expect(nine.published.filter { $0.measuredAt == .wall }.map(\.power) == [Watts(1400)])
    #expect(profiles.filter { $0.published.count > 1 }.count > 30)
  }

  @Test("a claim is never measured, and says where it is from")
  func provenance() throws {
    for profile in try Self.profiles() where !profile.published.isEmpty {
      for claim in profile.published {
        let isAddress =
          claim.source.address.hasPrefix("http") || claim.source.address.contains(" @ ")
        #expect(isAddress && !claim.source.title.isEmpty, "\(profile.hardwareID)")
        #expect(claim.rate != nil || claim.joulesPerWork != nil)
      }
      if profile.kind == .usbMiner || profile.hardwareID.rawValue.hasPrefix("asic/") {
        #expect(profile.sources.isEmpty && profile.measured.isEmpty)
      }
    }
  }

  @Test("power over rate agrees with the stated efficiency within 2 %, in the stated units too")
  func agreement() throws {
    let prefixes: [Character: Double] = ["k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15]
    for profile in try Self.profiles() {
      for claim in profile.published {
        let scale = claim.stated.unit.first.flatMap { prefixes[$0] } ?? 1
        if let rate = claim.rate {
          let stated = try #require(claim.stated.rate.flatMap(Double.init))
          #expect(abs(rate / (stated * scale) - 1) < 1e-12, "\(profile.hardwareID)")
        }
        if let efficiency = claim.stated.efficiency.flatMap(Double.init) {
          let joules = try #require(claim.joulesPerWork)
          #expect(abs(joules * scale / efficiency - 1) < 1e-12, "\(profile.hardwareID)")
          #expect(claim.joulesPerWorkIsStated)
        }
        if let rate = claim.rate, let power = claim.power?.value {
          let joules = try #require(claim.joulesPerWork, "\(profile.hardwareID)")
          #expect(abs(power / rate / joules - 1) <= 0.02, "\(profile.hardwareID)")
        }
      }
    }
  }

  @Test("no SHA-256d machine beats its year's frontier, and none has a wrong prefix")
  func frontier() throws {
    // Best J/TH by year of release in the same sources; a fifth of slack.
    let frontier: [Int: Double] = [
      2012: 1e6, 2013: 5000, 2014: 700, 2015: 295, 2016: 100, 2017: 90, 2018: 45, 2019: 38,
      2020: 29.5, 2021: 29.5, 2022: 20.8, 2023: 15.5, 2024: 12, 2025: 12, 2026: 9.4,
    ]
    for profile in try Self.profiles() where profile.hardwareID.rawValue.hasPrefix("asic/") {
      for claim in profile.published where claim.algorithm == .sha256d {
        if let rate = claim.rate { #expect(rate >= 1e9 && rate <= 2e15, "\(profile.hardwareID)") }
        guard let joules = claim.joulesPerWork else { continue }
        #expect(joules >= 8e-12 && joules <= 1.2e-9, "\(profile.hardwareID)")
        if let year = claim.year {
          let best = try #require(frontier[year])
          #expect(joules * 1e12 >= 0.8 * best, "\(profile.hardwareID)")
        }
      }
    }
  }

  @Test("a password cracker's figure never carries the label of a mining function")
  func labels() throws {
    for claim in try Self.profiles().flatMap(\.published)
    where claim.source.title.lowercased().contains("hashcat") {
      if claim.source.address.contains("2cryptocalc") { continue }
      #expect(claim.algorithm.rawValue.contains("+hashcat-"), "\(claim)")
    }
  }
}
