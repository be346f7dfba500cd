package import Model

/// A header as far as the economics need it.
package struct HeaderFacts: Hashable, Sendable {
  package let time: Double
  package let compactTarget: UInt32

  /// The facts of a header of Bitcoin's or, with its solution, of Zcash's layout.
  ///
  /// - Throws: `Refusal` with `header-malformed` for anything of another length.
  package init(_ bytes: [UInt8], of chain: Chain) throws(Refusal) {
    let withSolution = chain.headerCheck == .sha256dWithSolution
    let isWhole =
      withSolution
      ? SolvedHeader(bytes) != nil
      : bytes.count == WorkShape.blockHeader.size && chain.headerCheck != .none
    guard isWhole else {
      throw Refusal(
        .headerMalformed, "a header of \(bytes.count) bytes is none of \(chain.name)'s",
        chain: chain.id,
        remedy: withSolution
          ? "give the 1487 bytes with the solution"
          : chain.headerCheck == .none
            ? "give difficulty and time_unix_s: this chain's headers are not read"
            : "give the \(WorkShape.blockHeader.size) bytes as getblockheader prints them in hexadecimal"
      )
    }
    let place = withSolution ? 100 : 68
    func word(_ at: Int) -> UInt32 {
      bytes[at..<at + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
    time = Double(word(place))
    compactTarget = word(place + 4)
  }
}

/// A header of Zcash's layout: 140 bytes, `fd4005`, then the solution of 1344 bytes (Zcash protocol specification,
/// section 7.6).
package struct SolvedHeader: Hashable, Sendable {
  /// With the nonce.
  package let input: [UInt8]
  package let solution: [UInt8]

  /// Nil for bytes of another length or mark.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count == 1487, bytes[140..<143].elementsEqual([0xfd, 0x40, 0x05]) else {
      return nil
    }
    input = Array(bytes[..<140])
    solution = Array(bytes[143...])
  }
}

/// Whether a header's own work was looked at.
package enum HeaderVerification: String, Hashable, Sendable, CaseIterable {
  case proofOfWork = "header-proof-of-work"
  case notVerified = "not-verified"
}

extension HeaderCheck {
  /// Whether a header's hash meets a target.
  ///
  /// Nil where no function is at hand.
  package func meets(_ target: Target, _ header: [UInt8], _ hashes: HeaderHashes) -> Bool? {
    hashes.hash(self, header).map { target.isMet(by: $0) }
  }
}
