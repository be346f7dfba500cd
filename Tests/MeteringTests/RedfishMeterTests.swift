import Foundation
import LinuxSystem
import Metering
import Model
import TestSupport
import Testing

/// Management controllers over real HTTP and HTTPS on the loopback interface.
@Suite(.serialized) struct RedfishMeterTests {
  @Test func theNewResourceIsPreferredAndTheHostIsNeverLeft() throws {
    let server = try LoopbackServer { path, _ in
      switch path {
      case "/redfish/v1/Chassis":
        .init(
          #"{"Members":[{"@odata.id":"/redfish/v1/Chassis/1"},{"@odata.id":"/redfish/v1/Chassis/2"},"#
            + #"{"@odata.id":"//192.0.2.1/x"},{"@odata.id":"http://192.0.2.1/x"}]}"#)
      case "/redfish/v1/Chassis/1/EnvironmentMetrics":
        .init(#"{"PowerWatts":{"Reading":344.5}}"#)
      case "/redfish/v1/Chassis/2/Power":
        .init(#"{"PowerControl":[{"PowerConsumedWatts":210},{"PowerConsumedWatts":90}]}"#)
      default: .init("", status: 404)
      }
    }
    let opened = try NetworkMeterTests.open("redfish:http://\(server.address)", probing: .none)
    let snapshot = opened.session.snapshot()
    opened.session.finish()
    #expect(snapshot.channels.map(\.raw) == [344_500_000, 210_000_000])
    #expect(opened.session.descriptors.allSatisfy { $0.kind == .measuredSampled })
    // Nobody watched the controller, so nothing is said about how often it measures.
    #expect(opened.session.descriptors.allSatisfy { $0.updatePeriod == nil })
  }

  // MARK: How often a controller measures

  /// A controller that takes a reading every 1.5 s, told by its time or, without one, by the value.
  @Test(arguments: [true, false])
  func thePeriodIsFoundFromChanges(givesTime: Bool) throws {
    let begin = SimulatedPowercap.now()
    let server = try LoopbackServer { _, _ in
      let number = (SimulatedPowercap.now() - begin) / 1_500_000_000
      // With a time the value may stay the same.
      return givesTime
        ? .init(#"{"PowerWatts":{"Reading":200,"ReadingTime":"2026-01-01T00:00:0\#(number)Z"}}"#)
        : .init(#"{"PowerWatts":{"Reading":\#(200 + number)}}"#)
    }
    let opened = try NetworkMeterTests.open("redfish:http://\(server.address)/metrics")
    opened.session.finish()
    let period = try #require(opened.session.descriptors.first?.updatePeriod)
    // Half a second more or less: the test's machine may be busy.
    #expect(abs(period.value - 1.5) < 0.5)
    #expect(
      opened.session.checks.first { $0.name.rawValue.hasPrefix("meter-tick:redfish:") }?.verdict
        == .pass)
  }

  @Test func thePeriodIsTheMedianAndNeedsThreeChanges() {
    var watch = UpdateWatch()
    func instant(_ seconds: Double) -> Instant { Instant(nanoseconds: UInt64(seconds * 1e9)) }
    for (second, mark) in [(0.0, "1"), (1, "1"), (2, "2"), (7, "3"), (11, "3")] {
      watch.take(mark, at: instant(second))
      #expect(watch.period == nil)
    }
    watch.take("4", at: instant(12))
    #expect(watch.period == Seconds(5))
  }

  // MARK: Certificates

  /// OpenSSL's own server with a certificate that it signed itself, for the name and address given.
  final class Controller {
    let folder: FixtureTree
    let address: String
    private let process = Process()

    /// Nil, and a line in the list of what did not run, without the `openssl` program.
    init?(validFor address: String) throws {
      folder = try FixtureTree()
      guard let openssl = ChildProcess.find("openssl") else {
        NotRun.report("Redfish over HTTPS: openssl is not installed")
        return nil
      }
      let made = try ChildProcess.run(
        openssl,
        [
          "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=controller",
          "-addext", "subjectAltName=IP:\(address)", "-keyout", "\(folder.path)/key.pem", "-out",
          "\(folder.path)/cert.pem",
        ])
      try #require(made.status == 0, "\(made.errors)")
      try folder.write(
        #"{"Members":[{"@odata.id":"/unit"}]}"#, to: "redfish/v1/Chassis")
      try folder.write(#"{"PowerWatts":{"Reading":200}}"#, to: "unit/EnvironmentMetrics")
      process.executableURL = URL(fileURLWithPath: openssl)
      process.arguments = [
        "s_server", "-accept", "127.0.0.1:0", "-cert", "cert.pem", "-key", "key.pem", "-WWW",
      ]
      process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
      let output = Pipe()
      process.standardOutput = output
      process.standardError = FileHandle.nullDevice
      process.standardInput = Pipe()
      try process.run()
      var said = ""
      var port: Substring?
      while port == nil {
        let data = output.fileHandleForReading.availableData
        try #require(!data.isEmpty, "openssl s_server: \(said)")
        said += String(decoding: data, as: UTF8.self)
        port =
          said.split(separator: "\n").first { $0.hasPrefix("ACCEPT") && said.hasSuffix("\n") }?
          .split(separator: ":").last
      }
      self.address = "127.0.0.1:\(port ?? "")"
    }

    deinit {
      // Not by SIGTERM, which a parent of the tests may have had ignored.
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
  }

  @Test func aCertificateThatNobodyVouchesForIsRefusedUntilItsUserDoes() throws {
    guard let controller = try Controller(validFor: "127.0.0.1") else { return }
    let refused = try NetworkMeterTests.open(
      "redfish:\(controller.address)", probing: .none)
    #expect(refused.session.descriptors.isEmpty)
    let reason = try #require(refused.unavailable.first?.reason)
    #expect(reason.code == .permission)
    #expect(
      reason.message.contains("the certificate of https://\(controller.address) is not trusted"))
    let remedy = try #require(reason.remedy)
    #expect(remedy.contains("openssl s_client -connect \(controller.address)"))
    #expect(remedy.contains("HASHWATT_METER_CA_FILE=meter.pem"))
    // The remedy as it is printed, which must give the file that makes the controller trusted.
    let command = try #require(
      remedy.split(separator: "'").first { $0.hasPrefix("openssl s_client") })
    let fetched = try ChildProcess.run(
      "/bin/sh", ["-c", "cd \(controller.folder.path) && \(command)"])
    #expect(fetched.status == 0, "\(fetched.errors)")
    let trusted = try NetworkMeterTests.open(
      "redfish:\(controller.address)",
      variables: ["HASHWATT_METER_CA_FILE": "\(controller.folder.path)/meter.pem"],
      probing: .none)
    let snapshot = trusted.session.snapshot()
    trusted.session.finish()
    #expect(snapshot.channels.map(\.raw) == [200_000_000], "\(trusted.unavailable)")
  }

  /// The right key under another name: somebody else's certificate is no proof.
  @Test func aCertificateForAnotherAddressIsRefusedThoughTrusted() throws {
    guard let controller = try Controller(validFor: "192.0.2.1") else { return }
    let variables = ["HASHWATT_METER_CA_FILE": "\(controller.folder.path)/cert.pem"]
    let opened = try NetworkMeterTests.open(
      "redfish:\(controller.address)", variables: variables, probing: .none)
    #expect(opened.session.descriptors.isEmpty)
    #expect(opened.unavailable.first?.reason.code == .permission)
  }

  @Test func aFileOfCertificatesThatIsNoneIsNamed() throws {
    guard let controller = try Controller(validFor: "127.0.0.1") else { return }
    let opened = try NetworkMeterTests.open(
      "redfish:\(controller.address)",
      variables: ["HASHWATT_METER_CA_FILE": "/nonexistent.pem"], probing: .none)
    let reason = try #require(opened.unavailable.first?.reason)
    #expect(reason.code == .failed)
    #expect(reason.remedy == "name a PEM file with HASHWATT_METER_CA_FILE")
  }

  @Test func plainTextWhereTLSIsExpectedIsRefused() throws {
    let server = try LoopbackServer { _, _ in .init("{}") }
    let reason = try NetworkMeterTests.open(
      "redfish:\(server.address)", probing: .none
    ).unavailable.first?.reason
    #expect(reason?.code == .failed)
  }
}
