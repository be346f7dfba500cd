import JSON
import StratumBackend
import TestSupport
import Testing

struct CryptoNoteDialogueTests {
  /// The lines that a dialogue sends for some lines, and what else it does.
  static func talk(
    _ dialogue: inout CryptoNoteDialogue, _ lines: String...
  ) -> (sent: [String], effects: [MinerDialogue.Effect]) {
    var sent: [String] = []
    var effects: [MinerDialogue.Effect] = []
    for line in lines {
      for effect in dialogue.receive(Array(line.utf8)) {
        if case .send(let bytes) = effect {
          sent.append(String(decoding: bytes, as: UTF8.self))
        } else {
          effects.append(effect)
        }
      }
    }
    return (sent, effects)
  }

  static func ready() -> CryptoNoteDialogue {
    var dialogue = CryptoNoteDialogue(connection: 7)
    _ = talk(&dialogue, ScriptedBlobMiner.login())
    return dialogue
  }

  static let hash = String(repeating: "0a", count: 32)

  static func submit(
    id: String = "00000007", job: String = #""3-7""#, nonce: String = #""01020304""#,
    result: String = #""\#(CryptoNoteDialogueTests.hash)""#
  ) -> String {
    #"{"id":4,"jsonrpc":"2.0","method":"submit","params":{"id":"\#(id)","job_id":\#(job),"#
      + #""nonce":\#(nonce),"result":\#(result)}}"#
  }

  @Test("a login is an event, and what the miner says that it is is kept in print")
  func login() {
    var dialogue = CryptoNoteDialogue(connection: 7)
    let (sent, effects) = Self.talk(
      &dialogue,
      #"{"id":1,"method":"login","params":{"login":"me","pass":"x","agent":"XMRig\u001b/6"}}"#)
    #expect(sent.isEmpty && effects == [.loggedIn(id: .number("1"))])
    #expect(dialogue.agent == "XMRig?/6" && dialogue.worker == "me")
    #expect(dialogue.session == "00000007")
  }

  @Test("a miner that computes something else is told so")
  func otherAlgorithm() {
    var dialogue = CryptoNoteDialogue(connection: 7)
    let (sent, effects) = Self.talk(
      &dialogue, ScriptedBlobMiner.login(algorithms: ["cn/r", "rx/wow"]))
    #expect(effects == [.close(.otherAlgorithm)] && sent[0].contains("this work is rx/0"))
  }

  @Test("a share is read: the nonce's bytes stand as they do in the blob")
  func submission() {
    var dialogue = Self.ready()
    let found = CryptoNoteDialogue.Found(
      job: "3-7", nonce: 0x0403_0201, hash: [UInt8](repeating: 10, count: 32))
    #expect(Self.talk(&dialogue, Self.submit()).effects == [.found(found, id: .number("4"))])
  }

  @Test("a keepalive is answered")
  func keepalive() {
    var dialogue = Self.ready()
    let (sent, effects) = Self.talk(
      &dialogue, #"{"id":5,"jsonrpc":"2.0","method":"keepalived","params":{"id":"00000007"}}"#)
    #expect(effects.isEmpty)
    #expect(
      sent == [
        #"{"id":5,"jsonrpc":"2.0","error":null,"result":{"status":"KEEPALIVED"}}"# + "\n"
      ])
  }

  static let malformed = [
    submit(id: "00000008"), submit(id: ""), submit(job: "37"),
    submit(job: #""\#(String(repeating: "0", count: 33))""#), submit(nonce: #""0102030""#),
    submit(nonce: #""010203040""#), submit(nonce: #""0102030405060708""#),
    submit(nonce: #""0x020304""#), submit(nonce: "16909060"), submit(result: #""0a""#),
    submit(result: #""\#(hash)0a""#), submit(result: "null"),
    #"{"id":4,"method":"submit","params":["00000007","3-7","01020304"]}"#,
    #"{"id":4,"method":"submit"}"#,
  ]

  @Test("a share of a wrong form is refused, counted and goes no further", arguments: malformed)
  func malformedShare(line: String) {
    var dialogue = Self.ready()
    let (sent, effects) = Self.talk(&dialogue, line)
    #expect(effects == [.malformedShare])
    #expect(sent.count == 1 && sent[0].hasPrefix(#"{"id":4,"jsonrpc":"2.0","error":{"code":-1,"#))
  }

  @Test("a share before the login is refused")
  func early() {
    var dialogue = CryptoNoteDialogue(connection: 7)
    let (sent, effects) = Self.talk(&dialogue, Self.submit())
    #expect(effects.isEmpty && sent[0].contains("Unauthenticated"))
  }

  static let strangers: [(String, MinerDialogue.Objection)] = [
    ("GET / HTTP/1.1", .http), ("\u{16}\u{03}\u{01}", .tls), ("SSH-2.0-x", .otherProtocol),
    (#"{"id":1,"method":"mining.subscribe","params":[]}"#, .stratumV1),
  ]

  @Test("other protocols are named", arguments: strangers)
  func stranger(line: String, objection: MinerDialogue.Objection) {
    var dialogue = CryptoNoteDialogue(connection: 1)
    #expect(Self.talk(&dialogue, line).effects == [.close(objection)])
  }

  @Test("a miner that only sends garbage is given up, an unknown method is not")
  func garbage() {
    var dialogue = Self.ready()
    let unknown = #"{"id":6,"method":"getjob","params":{}}"#
    #expect(Self.talk(&dialogue, unknown).sent[0].contains("unknown method"))
    #expect(Self.talk(&dialogue, #"{"id":null,"method":"x"}"#).sent.isEmpty)
    var effects: [MinerDialogue.Effect] = []
    for _ in 0..<MinerDialogue.malformedLimit { effects += Self.talk(&dialogue, "garbage").effects }
    #expect(effects == [.close(.tooManyMalformed)])
  }
}
