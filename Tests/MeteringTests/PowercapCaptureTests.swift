import LinuxSystem
import Metering
import Model
import TestSupport
import Testing

/// The captured trees beside the project, read in place.
@Suite struct PowercapCaptureTests {
  static func unpack(_ name: String) throws -> TemporaryFolder? {
    let path = "\(captures)/powercap/\(name).tar"
    guard SystemRoot.live.exists(path) else {
      NotRun.report("capture powercap/\(name): \(path) is absent")
      return nil
    }
    let folder = try TemporaryFolder()
    let outcome = try ChildProcess.run(
      try #require(ChildProcess.find("tar")), ["-xpf", path, "-C", folder.path])
    #expect(outcome.status == 0)
    return folder
  }

  static var captures: String {
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
      .joined(separator: "/") + "/../shared/captures"
  }

  struct Zone: Equatable, CustomTestStringConvertible {
    let id: String
    let scope: Scope
    let part: String
    let raw: UInt64
    var testDescription: String { id }
  }

  struct Case: CustomTestStringConvertible {
    let capture: String
    let zones: [Zone]
    var testDescription: String { capture }
  }

  static let cases = [
    Case(
      capture: "procfs-fixture-package-core",
      zones: [
        Zone(id: "powercap:package-0", scope: .cpuPackage, part: "0", raw: 240_422_366_267),
        Zone(id: "powercap:package-0/core", scope: .cpuCore, part: "0", raw: 118_821_284_256),
        Zone(id: "powercap:package-10", scope: .cpuPackage, part: "10", raw: 240_422_366_267),
      ]),
    Case(
      capture: "kepler-fixture-flat-mmio",
      zones: [
        Zone(id: "powercap:package-0", scope: .cpuPackage, part: "0", raw: 240_422_366_267),
        Zone(id: "powercap:package-0/core", scope: .cpuCore, part: "0", raw: 118_821_284_256),
        Zone(id: "powercap:package-10", scope: .cpuPackage, part: "10", raw: 240_422_366_267),
      ]),
    Case(
      capture: "xeon-e5-2620v3-2p",
      zones: [
        Zone(id: "powercap:package-0", scope: .cpuPackage, part: "0", raw: 23_712_361_659),
        Zone(id: "powercap:package-1", scope: .cpuPackage, part: "1", raw: 22_464_335_801),
      ]),
    Case(
      capture: "laptop-package-psys",
      zones: [
        Zone(id: "powercap:package-0", scope: .cpuPackage, part: "0", raw: 20_000_000_000),
        Zone(id: "powercap:package-0/core", scope: .cpuCore, part: "0", raw: 9_000_000_000),
        Zone(id: "powercap:package-0/uncore", scope: .cpuUncore, part: "0", raw: 800_000_000),
        Zone(id: "powercap:psys", scope: .psys, part: "platform", raw: 70_000_000_000),
      ]),
    Case(
      capture: "amd-package-core",
      zones: [
        Zone(id: "powercap:package-0", scope: .cpuPackage, part: "0", raw: 45_514_845_753),
        Zone(id: "powercap:package-0/core", scope: .cpuCore, part: "0", raw: 21_000_000_000),
      ]),
    Case(
      capture: "two-socket-reversed",
      zones: [
        Zone(id: "powercap:package-0", scope: .cpuPackage, part: "0", raw: 147_773_556_513),
        Zone(id: "powercap:package-1", scope: .cpuPackage, part: "1", raw: 176_399_656_753),
      ]),
  ]

  @Test(arguments: cases) func zonesAreFoundByTheirNames(_ example: Case) throws {
    guard let folder = try Self.unpack(example.capture) else { return }
    let opened = try MeterCatalog.open(
      selection: ["powercap"],
      environment: MeterEnvironment(
        root: SystemRoot(prefix: folder.path), clock: RawMonotonicClock(), probing: .none),
      options: MeterOptions(startsThreads: false))
    let snapshot = opened.session.snapshot()
    opened.session.finish()
    let found = zip(opened.session.descriptors, snapshot.channels).map {
      Zone(id: $0.id.rawValue, scope: $0.scope, part: $0.part, raw: $1.raw ?? 0)
    }
    #expect(found == example.zones)
  }

  /// Counters of a capture stand still: that is said, and nothing is divided by it.
  @Test func standingCountersAreRefused() throws {
    guard let folder = try Self.unpack("laptop-package-psys") else { return }
    let discovery = PowercapSource().discover(
      MeterRequest(
        environment: MeterEnvironment(
          root: SystemRoot(prefix: folder.path), clock: RawMonotonicClock())))
    #expect(discovery.readers.isEmpty)
    #expect(discovery.unavailable.map(\.code) == Array(repeating: .stalled, count: 4))
  }

  @Test func aTreeWithoutZonesSaysSo() throws {
    guard let folder = try Self.unpack("no-zones") else { return }
    let discovery = PowercapSource().discover(
      MeterRequest(
        environment: MeterEnvironment(
          root: SystemRoot(prefix: folder.path), clock: RawMonotonicClock())))
    #expect(discovery.readers.isEmpty)
    #expect(discovery.unavailable.count == 1)
  }
}
