import Foundation
import Kernels
import LinuxSystem
import Model
import Records
import TestSupport
import Testing

/// The built program against a scripted miner of CryptoNote's dialect that computes RandomX.
struct ProveRandomXTests {
  /// Hashes by the machine's library, the reference of the last key kept.
  private final class Hasher: @unchecked Sendable {
    // The one thread of the miner uses it.
    private var kept: (key: [UInt8], reference: RandomXReference)?

    func hash(_ key: [UInt8], _ blob: [UInt8]) -> [UInt8] {
      if kept?.key != key { kept = (try? RandomXReference(key: key)).map { (key, $0) } }
      return kept?.reference.hash(blob) ?? [UInt8](repeating: 0xff, count: 32)
    }
  }

  /// Works for a server until it closes; its first share is a lie.
  private static func mine(port: UInt16) throws {
    let clock = RawMonotonicClock()
    let patience = clock.now().advanced(by: Seconds(120))
    var connected: LoopbackClient?
    while connected == nil, clock.now() < patience {
      connected = try? LoopbackClient(port: port)
      if connected == nil { usleep(20_000) }
    }
    guard let client = connected else { throw TestSupportError("nobody listens") }
    let hasher = Hasher()
    var miner = ScriptedBlobMiner { hasher.hash($0, $1) }
    try client.send([ScriptedBlobMiner.login()])
    for line in try client.lines(1) { miner.receive(line) }
    if let job = miner.job {
      try client.send([
        miner.submission(
          job.name, nonce: "ffffff7f", result: String(repeating: "0", count: 64))
      ])
    }
    while true {
      do {
        for line in try client.available() { miner.receive(line) }
        try client.send(miner.work(1))
        // A slow one: the processor has other tests to run.
        usleep(60_000)
      } catch { return }
    }
  }

  @Test(
    "a miner of RandomX is known by its first request, proven, and verified in light mode; a lie is found"
  )
  func proven() throws {
    if let obstacle = RandomXLibrary.obstacle {
      NotRun.report("proving a miner of RandomX: \(obstacle.message)")
      return
    }
    let folder = try TemporaryFolder()
    let port = try ProveTests.free()
    let thread = Thread { try? Self.mine(port: port) }
    thread.start()
    let run = try Tool.run([
      "prove", "--listen", "127.0.0.1:\(port)", "--difficulty", "2", "--warmup", "0", "--window",
      "12", "--repeats", "2", "--wait", "60", "--name", "bench", "--results", folder.path,
      "--profiles", folder.path + "/profiles",
    ])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("xmrig -a rx/0 -o 127.0.0.1:\(port)"))
    let words = run.output.split { $0.isWhitespace }.joined(separator: " ")
    #expect(words.contains("were hashed again"), "\(run.output)")
    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).first {
        $0.hasSuffix("-unknown-custom.json")
      })
    let path = folder.path + "/" + name
    let verified = try Tool.run(["verify", path])
    #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
    var result = try ResultFile.decode(
      Array(try Data(contentsOf: URL(fileURLWithPath: path))), name: name)
    #expect(result.workers.first?.series.algorithm == .randomx)
    #expect(result.workers.first?.terms?.convention == "randomx")
    #expect(result.devices.first?.hardwareID.rawValue == "cpu/unknown")
    #expect(result.workers.first?.terms?.miners.first?.agent == "scripted/2.0")
    let window = try #require(
      result.samples.firstIndex { ($0.proof?.hashed ?? 0) > 0 }, "\(run.output)")
    // More than one where the miner is faster than eight shares a second.
    #expect((result.samples[window].proof?.hashedOneIn ?? 0) >= 1)
    let shares = try #require(result.samples[window].proof?.shares)
    // One of two nonces is a share too; then the fit of the window tells.
    result.samples[window].proof?.shares = shares.map { share in
      MinerShare(
        job: share.job, connection: share.connection, extranonce: 0, timeOffset: 0, versionBits: 0,
        nonce: share.nonce ^ 0x8000_0000, arrival: share.arrival)
    }
    let lie = folder.path + "/lie.json"
    try Data(try ResultFile.encode(result)).write(to: URL(fileURLWithPath: lie))
    let refused = try Tool.run(["verify", lie])
    #expect(refused.status == 1)
    #expect(refused.output.contains("samples[\(window)].proof."), "\(refused.output)")
    for command in [["table", path], ["report", path, "--output", folder.path + "/r.html"]] {
      #expect(try Tool.run(command).status == 0, "\(command[0])")
    }
  }

  @Test("without its library nothing is listened for, with the remedy")
  func absent() throws {
    let port = try ProveTests.free()
    let none = ["HASHWATT_RANDOMX": "/nonexistent/librandomx.so"]
    let run = try Tool.run(
      ["prove", "--listen", "127.0.0.1:\(port)", "--algorithm", "randomx", "--wait", "1"],
      environment: none)
    expectOneLine(run, code: 3, naming: ["randomx", "HASHWATT_RANDOMX"])
    // Where nobody asked for it, miners of Stratum V1 are waited for.
    let other = try Tool.run(
      ["prove", "--listen", "127.0.0.1:\(port)", "--wait", "1", "--dry-run"], environment: none)
    #expect(other.status == 3 && other.errors.contains("nothing connected"))
  }
}
