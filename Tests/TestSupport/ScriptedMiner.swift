package import Model

/// A miner as a test scripts it: it finds shares by hashing, and says what its script wants.
///
/// It works on whatever job it was given last, from extranonce 0 and nonce 0 upward, as every client does.
package struct ScriptedMiner: Sendable {
  /// The lines of a handshake.
  package static let handshake = [
    #"{"id":1,"method":"mining.subscribe","params":["scripted/1.0"]}"#,
    #"{"id":2,"method":"mining.authorize","params":["worker","x"]}"#,
  ]

  /// What a `mining.notify` gave.
  package struct Job: Sendable {
    package let name: String
    let parts: [[UInt8]]
    let branches: [[UInt8]]
    package let time: UInt32
  }

  private let coinbaseHash: CoinbaseHash
  private let hash: @Sendable ([UInt8]) -> [UInt8]
  package private(set) var job: Job?
  package private(set) var connection: UInt32?
  private var extranonce: UInt32 = 0
  private var nonce: UInt32 = 0
  /// By how much its own target is wider or narrower than the one that it was given; the target's quotient.
  package var filter = 1.0
  package var target: Target?

  /// `hash` gives 32 bytes in wire order.
  package init(
    coinbaseHash: CoinbaseHash = .sha256d, hash: @escaping @Sendable ([UInt8]) -> [UInt8]
  ) {
    self.coinbaseHash = coinbaseHash
    self.hash = hash
  }

  /// Takes the text of lines of a server as JSON-free as it can: the test knows their layout.
  package mutating func receive(_ line: String) {
    if line.contains("mining.notify\",\"params\":[\"") {
      let texts = line.split(separator: "\"", omittingEmptySubsequences: false).map(String.init)
      guard let start = texts.firstIndex(of: "params") else { return }
      // id, prevhash, coinbase 1 and 2 are every other text; then the branches, version, bits, time.
      let words = stride(from: start + 2, to: texts.count, by: 2).map { texts[$0] }
      guard words.count >= 9, let time = UInt32(words[8], radix: 16) else { return }
      let bytes = words[1...7].map { Hexadecimal.decode($0) ?? [] }
      job = Job(
        name: words[0], parts: [bytes[0], bytes[1], bytes[2], bytes[5], bytes[6]],
        branches: [bytes[3], bytes[4]], time: time)
      extranonce = 0
      nonce = 0
    } else if line.contains("\"result\":[[["), let comma = line.firstRange(of: "]],\"") {
      connection = UInt32(line[comma.upperBound...].prefix(8), radix: 16)
    }
  }

  /// The header of an attempt, built as a client builds it: independently of the code that judges it.
  package func header(
    _ job: Job, extranonce: UInt32, nonce: UInt32, timeOffset: UInt32 = 0, versionBits: UInt32 = 0
  ) -> [UInt8] {
    func big(_ word: UInt32) -> [UInt8] {
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) }
    }
    var root = coinbaseHash.hash(
      job.parts[1] + big(connection ?? 0) + big(extranonce) + job.parts[2])
    for branch in job.branches { root = SHA256.hash(SHA256.hash(root + branch)) }
    func swapped(_ bytes: [UInt8]) -> [UInt8] {
      stride(from: 0, to: bytes.count, by: 4).flatMap { bytes[$0..<$0 + 4].reversed() }
    }
    let version = job.parts[3].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } ^ versionBits
    return big(version).reversed() + swapped(job.parts[0]) + root
      + big(job.time + timeOffset).reversed() + job.parts[4].reversed() + big(nonce).reversed()
  }

  /// The line of a share.
  package func submission(
    _ job: String, extranonce: UInt32, time: UInt32, nonce: UInt32, id: Int = 9
  ) -> String {
    func hex(_ word: UInt32) -> String {
      let text = String(word, radix: 16)
      return String(repeating: "0", count: 8 - text.count) + text
    }
    return
      #"{"id":\#(id),"method":"mining.submit","params":["worker","\#(job)","\#(hex(extranonce))","#
      + #""\#(hex(time))","\#(hex(nonce))"]}"#
  }

  /// So many attempts on the present job; a line for each share that it finds.
  package mutating func work(_ attempts: Int) -> [String] {
    guard let job, let target else { return [] }
    var lines: [String] = []
    for _ in 0..<attempts {
      let value = target.quotient(of: hash(header(job, extranonce: extranonce, nonce: nonce)))
      if value <= filter {
        lines.append(submission(job.name, extranonce: extranonce, time: job.time, nonce: nonce))
      }
      nonce += 1
    }
    return lines
  }
}
