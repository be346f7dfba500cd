internal import JSON
internal import Model

/// The dialogue with a peer, in the dialect that its first request is of.
struct Conversation {
  private enum Spoken {
    case stratumV1(MinerDialogue)
    case cryptoNote(CryptoNoteDialogue)
  }

  private var spoken: Spoken
  /// Whether a peer may still turn out to be of CryptoNote's dialect.
  private var mayBeCryptoNote: Bool

  /// `dialects` are those that are offered, at least one.
  init(connection: UInt32, _ dialects: Set<MinerDialect>) {
    spoken =
      dialects.contains(.stratumV1)
      ? .stratumV1(MinerDialogue(connection: connection))
      : .cryptoNote(CryptoNoteDialogue(connection: connection))
    mayBeCryptoNote = dialects.count > 1
  }

  var dialect: MinerDialect {
    switch spoken {
    case .stratumV1: .stratumV1
    case .cryptoNote: .cryptoNote
    }
  }

  mutating func receive(_ line: [UInt8]) -> [MinerDialogue.Effect] {
    if mayBeCryptoNote, case .stratumV1(let dialogue) = spoken, let request = StratumRequest(line) {
      if request.method == "login" {
        spoken = .cryptoNote(CryptoNoteDialogue(connection: dialogue.connection))
      }
      mayBeCryptoNote = false
    }
    switch spoken {
    case .stratumV1(var dialogue):
      let effects = dialogue.receive(line)
      spoken = .stratumV1(dialogue)
      return effects
    case .cryptoNote(var dialogue):
      let effects = dialogue.receive(line)
      spoken = .cryptoNote(dialogue)
      return effects
    }
  }

  /// Whether the peer has said something that only a miner says.
  var hasBegun: Bool {
    switch spoken {
    case .stratumV1(let dialogue): dialogue.isSubscribed
    case .cryptoNote(let dialogue): dialogue.isLoggedIn
    }
  }

  /// The name typed into the miner.
  var worker: String? {
    switch spoken {
    case .stratumV1(let dialogue): dialogue.worker
    case .cryptoNote(let dialogue): dialogue.worker
    }
  }

  /// What a miner of CryptoNote's dialect is known by.
  var session: String? {
    if case .cryptoNote(let dialogue) = spoken { dialogue.session } else { nil }
  }

  /// What the miner says that it is.
  var identity: MinerIdentity {
    switch spoken {
    case .stratumV1(let dialogue):
      MinerIdentity(
        agent: dialogue.agent, suggestedDifficulty: dialogue.suggestedDifficulty,
        versionMask: dialogue.versionMask)
    case .cryptoNote(let dialogue):
      MinerIdentity(agent: dialogue.agent, suggestedDifficulty: nil, versionMask: 0)
    }
  }
}
