package import JSON
internal import Model

/// The conversation with one miner of Stratum V1, as a value: lines in, lines and events out, no socket and no clock.
package struct MinerDialogue {
  /// What one line leads to, in order.
  package enum Effect: Hashable {
    /// Bytes for the miner.
    case send([UInt8])
    /// The miner has subscribed and authorized: from now on it takes difficulties and jobs.
    case ready
    /// A share to be judged; its answer is `StratumLine.result(id, true)` or a refusal.
    case submitted(Submission, id: JSONValue)
    /// A miner of CryptoNote's dialect has logged in; the answer has its first job.
    case loggedIn(id: JSONValue)
    /// A share of such a miner, to be judged.
    case found(CryptoNoteDialogue.Found, id: JSONValue)
    /// A share of a form that none has, already refused: to be counted.
    case malformedShare
    /// The connection is of no use.
    case close(Objection)
  }

  /// Why a connection is closed.
  package enum Objection: Hashable {
    case http
    case tls
    case otherProtocol
    case cryptoNote
    case stratumV1
    case otherAlgorithm
    case tooManyWrongHashes
    case tooManyMalformed
    case lineTooLong
    case slow
    case unread
    case another

    /// For the person who waits for a miner.
    package var message: String {
      switch self {
      case .http: "it speaks HTTP: a browser or a getwork miner, not Stratum"
      case .tls: "it speaks TLS: type stratum+tcp:// in the miner, not stratum+ssl://"
      case .otherProtocol: "it speaks no Stratum"
      case .cryptoNote:
        "it speaks CryptoNote's dialect of Stratum (login): start with --algorithm randomx"
      case .stratumV1:
        "it speaks Stratum V1, not CryptoNote's dialect: start with --algorithm and what it computes"
      case .otherAlgorithm: "it does not compute \(CryptoNoteDialogue.algorithm)"
      case .tooManyWrongHashes: "it sent too many shares that have another hash than it said"
      case .lineTooLong: "it sent a line of more than \(LineBuffer.limit) bytes"
      case .slow: "it did not subscribe and authorize in time"
      case .unread: "it does not read its answers"
      case .another: "there are as many miners as were asked for (see --miners)"
      case .tooManyMalformed: "it sent too many lines that are no Stratum"
      }
    }

    /// What is wrong with somebody whose first line is no request; nil where it may be one that is broken.
    init?(toStranger line: [UInt8]) {
      let isHTTP = ["GET ", "POST ", "HEAD ", "PUT ", "OPTIONS ", "CONNECT "].contains {
        line.starts(with: $0.utf8)
      }
      // A handshake of TLS begins with the record type 22 and version 3.
      if line.starts(with: [0x16, 0x03]) {
        self = .tls
      } else if isHTTP {
        self = .http
      } else if line.first != UInt8(ascii: "{") {
        self = .otherProtocol
      } else {
        return nil
      }
    }
  }

  /// A share as the miner sent it, judged in form only.
  package struct Submission: Hashable, Sendable {
    package let job: String
    package let extranonce: UInt32
    package let time: UInt32
    package let nonce: UInt32
    /// The sixth parameter, 0 where it is absent.
    package let versionBits: UInt32

    package init(
      job: String, extranonce: UInt32, time: UInt32, nonce: UInt32, versionBits: UInt32
    ) {
      self.job = job
      self.extranonce = extranonce
      self.time = time
      self.nonce = nonce
      self.versionBits = versionBits
    }
  }

  /// Lines that are no request before the connection is given up.
  package static let malformedLimit = 8
  /// Printable characters of the agent that are kept.
  package static let agentLimit = 64

  /// First extranonce of this connection, never given twice in a run: every client begins its second one at 0 after a
  /// reconnect, and honest miners would produce duplicates.
  package let connection: UInt32

  package private(set) var isSubscribed = false
  package private(set) var isAuthorized = false
  /// The software that the miner claims to be: printable ASCII, cut.
  package private(set) var agent: String?
  /// The name typed into the miner: tells miners behind one address apart while the run lasts, and is never written.
  package private(set) var worker: String?
  /// The bits that the miner may roll; 0 until it asked for them.
  package private(set) var versionMask: UInt32 = 0
  /// The difficulty that the miner asked for; recorded, never followed inside a window.
  package private(set) var suggestedDifficulty: Double?
  /// Lines that were no request.
  package private(set) var malformed = 0

  package init(connection: UInt32) { self.connection = connection }

  package var isReady: Bool { isSubscribed && isAuthorized }

  package mutating func receive(_ line: [UInt8]) -> [Effect] {
    if line.isEmpty { return [] }
    guard let request = StratumRequest(line) else { return refuse(line) }
    let wasReady = isReady
    var effects = answer(request)
    if isReady, !wasReady { effects.append(.ready) }
    return effects
  }

  private mutating func refuse(_ line: [UInt8]) -> [Effect] {
    malformed += 1
    if !isSubscribed, let objection = Objection(toStranger: line) { return [.close(objection)] }
    if malformed >= Self.malformedLimit { return [.close(.tooManyMalformed)] }
    return [.send(StratumLine.refusal(.null, .other("malformed request")))]
  }

  private mutating func answer(_ request: StratumRequest) -> [Effect] {
    func reply(_ value: JSONValue) -> [Effect] { [.send(StratumLine.result(request.id, value))] }
    switch request.method {
    case "mining.configure":
      return reply(configure(request))
    case "mining.subscribe":
      isSubscribed = true
      if agent == nil { agent = request.text(0).map(Self.printable) }
      return reply(subscription)
    case "mining.authorize":
      // Any user is welcome; the password is not looked at.
      isAuthorized = true
      if worker == nil { worker = request.text(0).map(Self.printable) }
      return reply(.bool(true))
    case "mining.extranonce.subscribe":
      return reply(.bool(true))
    case "mining.suggest_difficulty", "mining.suggest_target":
      if request.method == "mining.suggest_difficulty", let number = request.number(0),
        number > 0, number.isFinite
      {
        suggestedDifficulty = number
      }
      return reply(.bool(true))
    case "mining.ping":
      return reply(.string("pong"))
    case "mining.submit":
      return submit(request)
    case "login":
      // CryptoNote's dialect begins so; where it is offered, this dialogue is not asked.
      return [
        .send(StratumLine.refusal(request.id, .other("this is Stratum V1, not CryptoNote"))),
        .close(.cryptoNote),
      ]
    default:
      // A notification wants no answer.
      if case .null = request.id { return [] }
      return [.send(StratumLine.refusal(request.id, .other("unknown method")))]
    }
  }

  /// BIP 310: version rolling where the miner asks for it, `false` for every other extension.
  private mutating func configure(_ request: StratumRequest) -> JSONValue {
    guard case .array(let names)? = request.parameters.first else { return .object([:]) }
    var options: [String: JSONValue] = [:]
    if request.parameters.count > 1, case .object(let members) = request.parameters[1] {
      options = members
    }
    var answer: [String: JSONValue] = [:]
    for case .string(let name) in names.prefix(16) {
      guard name == "version-rolling" else {
        answer[name] = .bool(false)
        continue
      }
      var asked = ProofJob.versionMask
      if case .string(let text)? = options["version-rolling.mask"],
        let mask = Self.word(text, upTo: 8)
      {
        asked = mask
      }
      versionMask = asked & ProofJob.versionMask
      answer[name] = .bool(true)
      answer["version-rolling.mask"] = .string(Hexadecimal.encode(versionMask.bigEndianBytes))
    }
    return .object(answer)
  }

  private var subscription: JSONValue {
    let id = JSONValue.string(Hexadecimal.encode(connection.bigEndianBytes))
    return .array([
      .array([
        .array([.string("mining.set_difficulty"), id]), .array([.string("mining.notify"), id]),
      ]),
      id, .number("\(ProofJob.extranonceSize)"),
    ])
  }

  private func submit(_ request: StratumRequest) -> [Effect] {
    guard isSubscribed else { return [.send(StratumLine.refusal(request.id, .notSubscribed))] }
    guard isAuthorized else { return [.send(StratumLine.refusal(request.id, .unauthorized))] }
    guard let job = request.text(1), job.utf8.count <= 32,
      let extranonce = request.text(2).flatMap({ Self.word($0) }),
      let time = request.text(3).flatMap({ Self.word($0) }),
      let nonce = request.text(4).flatMap({ Self.word($0) })
    else { return [.send(StratumLine.refusal(request.id, .other("malformed share")))] }
    var bits: UInt32 = 0
    if request.parameters.count > 5, request.parameters[5] != .null {
      guard let word = request.text(5).flatMap({ Self.word($0, upTo: 8) }) else {
        return [.send(StratumLine.refusal(request.id, .other("malformed version bits")))]
      }
      bits = word
    }
    let submission = Submission(
      job: job, extranonce: extranonce, time: time, nonce: nonce, versionBits: bits)
    return [.submitted(submission, id: request.id)]
  }

  /// Eight hexadecimal digits, most significant first.
  private static func word(_ text: String) -> UInt32? {
    text.utf8.count == 8 ? word(text, upTo: 8) : nil
  }

  /// At least one and at most so many hexadecimal digits: no sign and no prefix.
  private static func word(_ text: String, upTo digits: Int) -> UInt32? {
    guard (1...digits).contains(text.utf8.count),
      text.utf8.allSatisfy({ byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
          UInt8(ascii: "A")...UInt8(ascii: "F"):
          true
        default: false
        }
      })
    else { return nil }
    return UInt32(text, radix: 16)
  }

  /// What of a stranger's text may reach a screen.
  static func printable(_ text: String) -> String {
    String(
      decoding: text.utf8.prefix(agentLimit).map { (0x20..<0x7f).contains($0) ? $0 : 0x3f },
      as: UTF8.self)
  }
}
