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
  private let hasher: any ReferenceHasher
  package let parts: [Part]

  /// Chooses parts at random, each hash of the result as likely as any other.
  ///
  /// `count` parts; `size` says how many hashes of an algorithm one part has, at most a span's.
  package init(
    _ result: RunResult, hasher: any ReferenceHasher, count: Int,
    size: (AlgorithmID) -> UInt64, using random: inout some RandomNumberGenerator
  ) {
    self.result = result
    self.hasher = hasher
    let spans = result.samples.indices.flatMap { index in
      result.samples[index].kind != .load
        ? [] : result.samples[index].spans.map { (sample: index, span: $0) }
    }
    let total = spans.reduce(UInt64(0)) { $0 + $1.span.hashes }
    guard total > 0 else {
      parts = []
      return
    }
    parts = (0..<count).compactMap { _ in
      var place = UInt64.random(in: 0..<total, using: &random)
      for (sample, span) in spans {
        guard place >= span.hashes else {
          guard let series = result.samples[sample].series else { return nil }
          let length = min(span.hashes, max(1, size(series.algorithm)))
          let start = min(place, span.hashes - length)
          return Part(
            sample: sample, worker: span.worker,
            from: WorkPosition(span.from.value + start), count: length)
        }
        place -= span.hashes
      }
      return nil
    }
  }

  /// - Returns: how many shares were found again.
  /// - Throws: `Falsehood` for the first part whose shares are not exactly the recorded ones.
  package func verify(judge: Judge) throws -> Int {
    let scan = self
    let wrong = try judge(parts.count) { index in
      scan.found(scan.parts[index]) == scan.recorded(scan.parts[index])
    }
    guard let wrong else { return parts.reduce(0) { $0 + recorded($1).count } }
    let part = parts[wrong]
    let again = Set(self.found(part))
    let listed = Set(self.recorded(part))
    let place = "samples[\(part.sample)].spans[\(part.worker)]"
    if let missing = again.subtracting(listed).min() {
      throw Falsehood(
        place,
        "sequence \(missing.sequence), nonce \(missing.nonce) meets the target but is no share of "
          + "the file")
    }
    let extra = listed.subtracting(again).min() ?? part.from
    throw Falsehood(
      place,
      "the share at sequence \(extra.sequence), nonce \(extra.nonce) was not found again")
  }

  private func recorded(_ part: Part) -> [WorkPosition] {
    let range = part.from.value..<(part.from.value + part.count)
    return result.samples[part.sample].shares.filter {
      $0.worker == part.worker && range.contains($0.position.value)
    }.map(\.position)
  }

  private func found(_ part: Part) -> [WorkPosition] {
    guard let series = result.samples[part.sample].series,
      let target = result.workers.first(where: { $0.series == series })?.target
    else { return [] }
    var positions: [WorkPosition] = []
    var header: (sequence: UInt32, value: Header)?
    for value in part.from.value..<(part.from.value + part.count) {
      let position = WorkPosition(value)
      if header?.sequence != position.sequence {
        header = (
          position.sequence,
          HeaderDerivation.header(
            challenge: result.challenge, algorithm: series.algorithm, device: series.device,
            kernel: series.kernel, worker: part.worker, sequence: position.sequence)
        )
      }
      guard let base = header?.value,
        let hash = hasher.hash(base.with(nonce: position.nonce), series.algorithm)
      else { return [] }
      if target.isMet(by: hash) { positions.append(position) }
    }
    return positions
  }
}
