internal import Model

/// A miner of CryptoNote's dialect as a test scripts it: it finds nonces by hashing, and says what its script wants.
package struct ScriptedBlobMiner: Sendable {
  /// The line of a login, as xmrig writes it.
  package static func login(_ worker: String = "worker", algorithms: [String] = ["cn/r", "rx/0"])
    -> String
  {
    let names = algorithms.map { "\"\($0)\"" }.joined(separator: ",")
    return
      #"{"id":1,"jsonrpc":"2.0","method":"login","params":{"login":"\#(worker)","pass":"x","#
      + #""agent":"scripted/2.0","algo":[\#(names)]}}"#
  }

  /// What the server gave.
  package struct Job: Hashable, Sendable {
    package let name: String
    package let blob: [UInt8]
    /// The number that the hash's uppermost bytes must be below.
    package let bound: UInt64
    package let boundSize: Int
    package let key: [UInt8]
  }

  private let hash: @Sendable (_ key: [UInt8], _ blob: [UInt8]) -> [UInt8]
  package private(set) var job: Job?
  package private(set) var session: String?
  private var nonce: UInt32 = 0
  private var sequence = 1

  /// `hash` gives 32 bytes in wire order.
  package init(hash: @escaping @Sendable (_ key: [UInt8], _ blob: [UInt8]) -> [UInt8]) {
    self.hash = hash
  }

  /// Takes a line of a server; the test knows their layout.
  package mutating func receive(_ line: String) {
    func text(_ name: String) -> String? {
      guard let start = line.firstRange(of: "\"\(name)\":\"")?.upperBound else { return nil }
      return String(line[start...].prefix { $0 != "\"" })
    }
    if line.contains("\"id\":1,"), line.contains("\"extensions\"") {
      // The session's identifier is the only one that is a text.
      session = text("id")
    }
    guard let name = text("job_id"), let blob = text("blob").flatMap(Hexadecimal.decode),
      let target = text("target").flatMap(Hexadecimal.decode),
      let key = text("seed_hash").flatMap(Hexadecimal.decode)
    else { return }
    job = Job(
      name: name, blob: blob, bound: target.reversed().reduce(0) { $0 << 8 | UInt64($1) },
      boundSize: target.count, key: key)
    nonce = 0
  }

  /// The line of a submission.
  package func submission(
    _ job: String, nonce: String, result: String, session: String? = nil, id: Int = 9
  ) -> String {
    #"{"id":\#(id),"jsonrpc":"2.0","method":"submit","params":{"id":"\#(session ?? self.session ?? "")","#
      + #""job_id":"\#(job)","nonce":"\#(nonce)","result":"\#(result)","algo":"rx/0"}}"#
  }

  /// So many attempts on the present job; a line for each share that it finds.
  ///
  /// With `lies` the hash of each is another one that would meet the target.
  package mutating func work(_ attempts: Int, lies: Bool = false) -> [String] {
    guard let job else { return [] }
    var lines: [String] = []
    for _ in 0..<attempts {
      var blob = job.blob
      let bytes = (0..<4).map { UInt8(truncatingIfNeeded: nonce >> (8 * $0)) }
      blob.replaceSubrange(39..<43, with: bytes)
      var found = hash(job.key, blob)
      let top = found.suffix(job.boundSize).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      if top < job.bound {
        sequence += 1
        if lies { found[0] ^= 1 }
        lines.append(
          submission(
            job.name, nonce: Hexadecimal.encode(bytes), result: Hexadecimal.encode(found),
            id: sequence))
      }
      nonce += 1
    }
    return lines
  }
}
