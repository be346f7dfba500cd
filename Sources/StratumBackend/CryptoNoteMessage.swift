internal import JSON
internal import Model

/// The lines that go to a miner in CryptoNote's dialect (JSON-RPC 2.0), each with its end.
enum CryptoNoteLine {
  /// The answer to a login: who the miner is from now on, and its first job.
  static func welcome(_ id: JSONValue, session: String, job: JSONValue) -> [UInt8] {
    answer(
      id,
      .object([
        "id": .string(session), "job": job, "status": .string("OK"),
        "extensions": .array([.string("algo"), .string("keepalive")]),
      ]))
  }

  /// An answer that says no more than that all is well, or that the miner is still known.
  static func status(_ id: JSONValue, _ status: String = "OK") -> [UInt8] {
    answer(id, .object(["status": .string(status)]))
  }

  static func refusal(_ id: JSONValue, _ message: String) -> [UInt8] {
    line([
      "id": id, "jsonrpc": .string("2.0"),
      "error": .object(["code": .number("-1"), "message": .string(message)]),
    ])
  }

  /// New work.
  static func job(_ job: JSONValue) -> [UInt8] {
    line(["jsonrpc": .string("2.0"), "method": .string("job"), "params": job])
  }

  private static func answer(_ id: JSONValue, _ result: JSONValue) -> [UInt8] {
    line(["id": id, "jsonrpc": .string("2.0"), "error": .null, "result": result])
  }

  private static func line(_ members: KeyValuePairs<String, JSONValue>) -> [UInt8] {
    Array(JSONWriter.line(members).utf8) + [UInt8(ascii: "\n")]
  }
}

extension ProofJob {
  /// This job as one connection is given it: its own blob, the target's bytes, the key of the prepared data.
  func cryptoNote(connection: UInt32, target: [UInt8], key: [UInt8]) -> JSONValue {
    .object([
      "job_id": .string(name),
      "blob": .string(Hexadecimal.encode(blob(connection: connection).bytes)),
      "target": .string(Hexadecimal.encode(target)), "seed_hash": .string(Hexadecimal.encode(key)),
      "algo": .string(CryptoNoteDialogue.algorithm),
      "height": .number("\(Self.firstHeight + epoch)"),
    ])
  }
}
