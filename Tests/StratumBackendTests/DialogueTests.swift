import JSON
import StratumBackend
import Testing

struct DialogueTests {
  /// The lines that a dialogue sends for some lines, and what else it does.
  static func talk(
    _ dialogue: inout MinerDialogue, _ lines: String...
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

  static let subscribe = #"{"id":1,"method":"mining.subscribe","params":["cpuminer/1.0"]}"#
  static let authorize = #"{"id":2,"method":"mining.authorize","params":["a.b","x"]}"#

  static func ready(_ connection: UInt32 = 7) -> MinerDialogue {
    var dialogue = MinerDialogue(connection: connection)
    _ = talk(&dialogue, subscribe, authorize)
    return dialogue
  }

  @Test("three requests back to back are answered in order")
  func handshake() {
    var dialogue = MinerDialogue(connection: 7)
    let (sent, effects) = Self.talk(
      &dialogue,
      #"{"id":1,"method":"mining.configure","params":[["version-rolling","minimum-difficulty"],"#
        + #"{"version-rolling.mask":"ffffffff","version-rolling.min-bit-count":2}]}"#,
      Self.subscribe, Self.authorize)
    #expect(
      sent == [
        #"{"id":1,"result":{"minimum-difficulty":false,"version-rolling":true,"#
          + #""version-rolling.mask":"1fffe000"},"error":null}"# + "\n",
        #"{"id":1,"result":[[["mining.set_difficulty","00000007"],"#
          + #"["mining.notify","00000007"]],"00000007",4],"error":null}"# + "\n",
        #"{"id":2,"result":true,"error":null}"# + "\n",
      ])
    #expect(effects == [.ready])
    #expect(dialogue.agent == "cpuminer/1.0")
    #expect(dialogue.versionMask == 0x1fff_e000)
  }

  @Test("readiness is told once, in whatever order a miner begins")
  func order() {
    var dialogue = MinerDialogue(connection: 1)
    let (_, effects) = Self.talk(&dialogue, Self.authorize, Self.subscribe, Self.authorize)
    #expect(effects == [.ready])
  }

  @Test("a share is read with and without version bits")
  func submission() {
    var dialogue = Self.ready()
    let plain =
      #"{"id":9,"method":"mining.submit","params":["u","3-7","0000000a","6553f100","deadbeef"]}"#
    let rolled =
      #"{"id":9,"method":"mining.submit","params":["u","3-7","0000000a","6553f100","deadbeef","6000"]}"#
    let expected = MinerDialogue.Submission(
      job: "3-7", extranonce: 10, time: 0x6553_f100, nonce: 0xdead_beef, versionBits: 0)
    #expect(Self.talk(&dialogue, plain).effects == [.submitted(expected, id: .number("9"))])
    guard case .submitted(let share, _)? = Self.talk(&dialogue, rolled).effects.first else {
      Issue.record("no share")
      return
    }
    #expect(share.versionBits == 0x6000)
  }

  static let malformedShares = [
    #"["u","3-7","0a","6553f100","deadbeef"]"#, #"["u","3-7","0000000a","6553f10","deadbeef"]"#,
    #"["u","3-7","0000000a","6553f100","deadbee"]"#,
    #"["u","3-7","0000000a","6553f100","+eadbeef"]"#,
    #"["u","3-7","0000000a","6553f100","0xadbeef"]"#, #"["u",37,"0000000a","6553f100","deadbeef"]"#,
    #"["u","3-7","0000000a","6553f100",3735928559]"#, #"["u","3-7"]"#, "[]",
    #"["u","3-7","0000000a","6553f100","deadbeef","123456789"]"#,
    #"["u","3-7","0000000a","6553f100","deadbeef",""]"#,
    #"["u","3-7","0000000a","6553f100","deadbeef",-1]"#,
  ]

  @Test("a share of a wrong form is refused and goes no further", arguments: malformedShares)
  func malformedShare(parameters: String) {
    var dialogue = Self.ready()
    let (sent, effects) = Self.talk(
      &dialogue, #"{"id":9,"method":"mining.submit","params":\#(parameters)}"#)
    #expect(effects.isEmpty)
    #expect(sent.count == 1 && sent[0].hasPrefix(#"{"id":9,"result":null,"error":[20,"#))
  }

  @Test("shares before the handshake get the field's codes")
  func early() {
    let share =
      #"{"id":4,"method":"mining.submit","params":["u","0-0","0000000a","6553f100","deadbeef"]}"#
    var dialogue = MinerDialogue(connection: 1)
    #expect(Self.talk(&dialogue, share).sent[0].contains("[25,"))
    _ = Self.talk(&dialogue, Self.subscribe)
    #expect(Self.talk(&dialogue, share).sent[0].contains("[24,"))
  }

  static let strangers: [(String, MinerDialogue.Objection)] = [
    ("GET / HTTP/1.1", .http), ("POST / HTTP/1.1", .http), ("\u{16}\u{03}\u{01}", .tls),
    ("SSH-2.0-OpenSSH_9.2", .otherProtocol),
  ]

  @Test("other protocols are named", arguments: strangers)
  func stranger(line: String, objection: MinerDialogue.Objection) {
    var dialogue = MinerDialogue(connection: 1)
    #expect(Self.talk(&dialogue, line).effects == [.close(objection)])
  }

  @Test("a miner of CryptoNote's dialect is told so")
  func cryptoNote() {
    var dialogue = MinerDialogue(connection: 1)
    let (sent, effects) = Self.talk(
      &dialogue, #"{"id":1,"jsonrpc":"2.0","method":"login","params":{"login":"x"}}"#)
    #expect(
      sent == [
        #"{"id":1,"result":null,"error":[20,"this is Stratum V1, not CryptoNote",null]}"# + "\n"
      ])
    #expect(effects == [.close(.cryptoNote)])
  }

  static let malformed = [
    "{", "nonsense", "[1,2,3]", #"{"id":1}"#, #"{"id":1,"method":7}"#,
    "{\"id\":1,\"method\":\"a\u{0}b\"}",
    #"{"id":1,"id":2,"method":"mining.ping"}"#, #"{"id":1,"method":"mining.ping","params":"x"}"#,
    #"{"id":{},"method":"mining.ping","params":[]}"#,
    #"{"id":1,"method":"mining.ping","params":[[[[[[[[[[]]]]]]]]]]}"#,
    #"{"id":"\#(String(repeating: "i", count: 65))","method":"mining.ping","params":[]}"#,
  ]

  @Test(
    "what is no request is refused once it is clear that the peer speaks Stratum",
    arguments: malformed)
  func malformedLine(line: String) {
    var dialogue = Self.ready()
    let (sent, effects) = Self.talk(&dialogue, line)
    #expect(effects.isEmpty)
    #expect(sent == [#"{"id":null,"result":null,"error":[20,"malformed request",null]}"# + "\n"])
    #expect(dialogue.malformed == 1)
  }

  @Test("a peer that only sends garbage is given up")
  func garbage() {
    var dialogue = Self.ready()
    var effects: [MinerDialogue.Effect] = []
    for _ in 0..<MinerDialogue.malformedLimit { effects += Self.talk(&dialogue, "garbage").effects }
    #expect(effects == [.close(.tooManyMalformed)])
  }

  @Test("identifiers come back as they were written")
  func identifiers() {
    var dialogue = Self.ready()
    for id in ["-3", "1.5", "123456789012345678", #""abc""#] {
      let (sent, _) = Self.talk(&dialogue, #"{"id":\#(id),"method":"mining.ping","params":[]}"#)
      #expect(sent == [#"{"id":\#(id),"result":"pong","error":null}"# + "\n"])
    }
    #expect(
      Self.talk(&dialogue, #"{"id":null,"method":"mining.whatever","params":[]}"#).sent.isEmpty)
  }

  @Test("a wish for a difficulty is recorded, nonsense is not")
  func suggestion() {
    var dialogue = Self.ready()
    _ = Self.talk(&dialogue, #"{"id":1,"method":"mining.suggest_difficulty","params":["1000"]}"#)
    #expect(dialogue.suggestedDifficulty == 1000)
    _ = Self.talk(&dialogue, #"{"id":1,"method":"mining.suggest_difficulty","params":[-5]}"#)
    _ = Self.talk(&dialogue, #"{"id":1,"method":"mining.suggest_difficulty","params":[]}"#)
    #expect(dialogue.suggestedDifficulty == 1000)
  }

  @Test("what a stranger calls itself is cut and made printable")
  func agent() {
    var dialogue = MinerDialogue(connection: 1)
    let long = String(repeating: "m", count: 100)
    _ = Self.talk(
      &dialogue, #"{"id":1,"method":"mining.subscribe","params":["\u001b[31m\#(long)"]}"#)
    #expect(dialogue.agent?.hasPrefix("?[31mmmm") == true)
    #expect(dialogue.agent?.utf8.count == MinerDialogue.agentLimit)
  }

  @Test("lines are cut out of whatever pieces arrive, and none grows without end")
  func lines() throws {
    var buffer = LineBuffer()
    #expect(try buffer.take("ab".utf8).isEmpty)
    #expect(try buffer.take("c\r\nd\n\ne".utf8) == [Array("abc".utf8), Array("d".utf8), []])
    let full = [UInt8](repeating: 0x78, count: LineBuffer.limit - 1)
    #expect(try buffer.take(full).isEmpty)
    #expect(throws: LineBuffer.TooLong()) { _ = try buffer.take("x".utf8) }
  }
}
