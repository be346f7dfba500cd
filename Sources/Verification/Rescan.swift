package import Model

/// Scans random parts of a result's spans again and requires exactly the recorded shares.
package struct Rescan: Sendable {
  /// One part of one span.
  package struct Part: Hashable, Sendable {
    package let sample: Int
    package let worker: Int
    package let from: WorkPosition
    package let count: UInt64
  }

  private let result: RunResult
  private let work: WorkJudge
  package let parts: [Part]

  /// Chooses parts at random, each attempt of the result as likely as any other.
  ///
  /// `count` parts; `size` says how many attempts of an algorithm one part has, at most a span's.
  package init(
    _ result: RunResult, references: any ReferenceProvider, count: Int,
    size: (AlgorithmID) -> UInt64, using random: inout some RandomNumberGenerator
  ) throws(Failure) {
    self.result = result
    work = try WorkJudge(result, references: references)
    for workers in result.workers where !work.finds(workers.series) {
      throw Failure(
        .unavailable,
        "--rescan: the reference of \(workers.series.algorithm) judges solutions and finds none",
        remedy: "verify without --rescan: every share is judged")
    }
    let spans = result.samples.indices.flatMap { index in
      result.samples[index].kind != .load
        ? [] : result.samples[index].spans.map { (sample: index, span: $0) }
    }
    let total = spans.reduce(UInt64(0)) { sum, one in
      let (more, overflow) = sum.addingReportingOverflow(one.span.attempts)
      return overflow ? .max : more
    }
    guard total > 0 else {
      parts = []
      return
    }
    parts = (0..<count).compactMap { _ in
      var place = UInt64.random(in: 0..<total, using: &random)
      for (sample, span) in spans {
        guard place >= span.attempts else {
          guard let series = result.samples[sample].series else { return nil }
          let length = min(span.attempts, max(1, size(series.algorithm)))
          let start = min(place, span.attempts - length)
          return Part(
            sample: sample, worker: span.worker,
            from: WorkPosition(span.from.value + start), count: length)
        }
        place -= span.attempts
      }
      return nil
    }
  }

  /// - Returns: how many shares were found again.
  /// - Throws: `Falsehood` for the first part whose shares are not exactly the recorded ones.
  package func verify(judge: Judge) throws -> Int {
    let scan = self
    let wrong = try judge(parts.count) { index in
      scan.isComplete(scan.parts[index])
    }
    guard let wrong else { return parts.reduce(0) { $0 + recorded($1).count } }
    let part = parts[wrong]
    let again = Set(found(part))
    let listed = Set(recorded(part))
    let place = "samples[\(part.sample)].spans[\(part.worker)]"
    if let missing = again.subtracting(listed).min() {
      throw Falsehood(
        place,
        "sequence \(missing.position.sequence), nonce \(missing.position.nonce) meets the target "
          + "but is no share of the file")
    }
    let extra = listed.subtracting(again).min()?.position ?? part.from
    throw Falsehood(
      place,
      "the share at sequence \(extra.sequence), nonce \(extra.nonce) was not found again")
  }

  private func isComplete(_ part: Part) -> Bool { found(part) == recorded(part) }

  private func recorded(_ part: Part) -> [Proof] {
    let range = part.from.value..<(part.from.value + part.count)
    return result.samples[part.sample].shares.filter {
      $0.worker == part.worker && range.contains($0.position.value)
    }
  }

  private func found(_ part: Part) -> [Proof] {
    guard let series = result.samples[part.sample].series else { return [] }
    var proofs: [Proof] = []
    var input: (sequence: UInt32, value: WorkInput)?
    for value in part.from.value..<(part.from.value + part.count) {
      let position = WorkPosition(value)
      if input?.sequence != position.sequence {
        guard
          let derived = work.input(series, worker: part.worker, sequence: position.sequence)
        else { return [] }
        input = (position.sequence, derived)
      }
      guard let base = input?.value else { return [] }
      proofs += work.proofs(of: base, series, worker: part.worker, at: position).sorted()
    }
    return proofs
  }
}
