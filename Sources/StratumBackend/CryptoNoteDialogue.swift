internal import JSON
internal import Model

/// The conversation with one miner of CryptoNote's dialect, as a value: `login`, `submit`, `keepalived` in, answers and events
/// out.
package struct CryptoNoteDialogue {
  /// A nonce that the miner found, with the hash that it says it has.
  package struct Found: Hashable, Sendable {
    package let job: String
    package let nonce: UInt32
    /// 32 bytes in wire order.
    package let hash: [UInt8]

    package init(job: String, nonce: UInt32, hash: [UInt8]) {
      self.job = job
      self.nonce = nonce
      self.hash = hash
    }
  }

  /// What its miners call the one algorithm of this dialect that is proven.
  static let algorithm = "rx/0"

  /// Given to each connection once in a run; its blobs are derived from it.
  package let connection: UInt32
  package private(set) var isLoggedIn = false
  /// As in `MinerDialogue`.
  package private(set) var agent: String?
  /// As in `MinerDialogue`.
  package private(set) var worker: String?
  /// Lines that were no request.
  package private(set) var malformed = 0

  package init(connection: UInt32) { self.connection = connection }

  /// What the miner names in every submission.
  package var session: String { Hexadecimal.encode(connection.bigEndianBytes) }

  package mutating func receive(_ line: [UInt8]) -> [MinerDialogue.Effect] {
    if line.isEmpty { return [] }
    guard let request = StratumRequest(line) else { return refuse(line) }
    switch request.method {
    case "login": return logIn(request)
    case "submit": return submit(request)
    case "keepalived":
      return [.send(CryptoNoteLine.status(request.id, "KEEPALIVED"))]
    default:
      let refusal = MinerDialogue.Effect.send(
        CryptoNoteLine.refusal(request.id, "unknown method; this is CryptoNote's dialect"))
      if !isLoggedIn, request.method.hasPrefix("mining.") {
        return [refusal, .close(.stratumV1)]
      }
      if case .null = request.id { return [] }
      return [refusal]
    }
  }

  private mutating func refuse(_ line: [UInt8]) -> [MinerDialogue.Effect] {
    malformed += 1
    if !isLoggedIn, let objection = MinerDialogue.Objection(toStranger: line) {
      return [.close(objection)]
    }
    if malformed >= MinerDialogue.malformedLimit { return [.close(.tooManyMalformed)] }
    return [.send(CryptoNoteLine.refusal(.null, "malformed request"))]
  }

  /// Any user is welcome; the password is not looked at.
  private mutating func logIn(_ request: StratumRequest) -> [MinerDialogue.Effect] {
    let members = request.members
    if case .array(let names)? = members["algo"],
      !names.contains(.string(Self.algorithm))
    {
      return [
        .send(CryptoNoteLine.refusal(request.id, "this work is \(Self.algorithm)")),
        .close(.otherAlgorithm),
      ]
    }
    isLoggedIn = true
    if agent == nil { agent = members.text("agent").map(MinerDialogue.printable) }
    if worker == nil { worker = members.text("login").map(MinerDialogue.printable) }
    return [.loggedIn(id: request.id)]
  }

  private func submit(_ request: StratumRequest) -> [MinerDialogue.Effect] {
    func refuse(_ message: String) -> [MinerDialogue.Effect] {
      [.send(CryptoNoteLine.refusal(request.id, message))]
    }
    let members = request.members
    guard isLoggedIn else { return refuse("Unauthenticated") }
    guard members.text("id") == session else {
      return [.malformedShare] + refuse("Unauthenticated")
    }
    guard let job = members.text("job_id"), job.utf8.count <= 32 else {
      return [.malformedShare] + refuse("malformed job id")
    }
    guard let nonce = members.text("nonce").flatMap({ Self.bytes($0, 4) }) else {
      return [.malformedShare] + refuse("a nonce has 8 hexadecimal digits")
    }
    guard let hash = members.text("result").flatMap({ Self.bytes($0, 32) }) else {
      return [.malformedShare] + refuse("a result has 64 hexadecimal digits")
    }
    let word = nonce.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    return [.found(Found(job: job, nonce: word, hash: hash), id: request.id)]
  }

  /// Exactly so many bytes of hexadecimal digits.
  private static func bytes(_ text: String, _ count: Int) -> [UInt8]? {
    guard text.utf8.count == 2 * count else { return nil }
    return Hexadecimal.decode(text)
  }
}

extension StratumRequest {
  /// Parameters with names; empty where they have none.
  fileprivate var members: [String: JSONValue] {
    if case .object(let members)? = parameters.first { members } else { [:] }
  }
}

extension [String: JSONValue] {
  fileprivate func text(_ name: String) -> String? {
    if case .string(let text)? = self[name] { text } else { nil }
  }
}
