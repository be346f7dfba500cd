package import Model

/// Derives a result's work again and judges its proofs, by references that are prepared once.
package struct WorkJudge: Sendable {
  private struct Known {
    let shape: WorkShape
    let reference: any WorkReference
    let target: Target
  }

  /// What a reference is prepared for.
  private struct Prepared: Hashable {
    let algorithm: AlgorithmID
    let epoch: UInt32?
  }

  private let challenge: Challenge
  private let known: [SeriesID: Known]

  /// - Throws: `Failure` for an algorithm without a reference; what preparing one throws.
  package init(_ result: RunResult, references: any ReferenceProvider) throws(Failure) {
    var prepared: [Prepared: any WorkReference] = [:]
    var known: [SeriesID: Known] = [:]
    for workers in result.workers {
      let algorithm = workers.series.algorithm
      let name = Prepared(algorithm: algorithm, epoch: workers.epoch)
      if prepared[name] == nil {
        prepared[name] = try references.reference(
          of: algorithm, challenge: result.challenge, epoch: workers.epoch)
      }
      guard let shape = references.shape(of: algorithm), let reference = prepared[name] else {
        throw Failure(
          .unavailable, "the algorithm \(algorithm) has no reference in this version",
          remedy: "verify with a newer hashwatt")
      }
      known[workers.series] = Known(shape: shape, reference: reference, target: workers.target)
    }
    challenge = result.challenge
    self.known = known
  }

  /// The shape of a series' work; nil for a series that the result has no workers of.
  package func shape(of series: SeriesID) -> WorkShape? { known[series]?.shape }

  /// The reference of a series' algorithm; nil for a series that the result has no workers of.
  func reference(of series: SeriesID) -> (any WorkReference)? { known[series]?.reference }

  /// Whether the reference finds what an attempt yields, so that it can be made again.
  func finds(_ series: SeriesID) -> Bool { known[series]?.reference.finds ?? true }

  /// The work of one sequence number of one worker; nil for a series that the result has no workers of.
  package func input(_ series: SeriesID, worker: Int, sequence: UInt32) -> WorkInput? {
    known[series].map {
      WorkDerivation.input(
        $0.shape, challenge: challenge, series: series, worker: worker, sequence: sequence)
    }
  }

  /// The value of a proof, and whether it meets the target; nil when it is none.
  package func judge(_ proof: Proof, of series: SeriesID) -> (value: [UInt8], isMet: Bool)? {
    guard let known = known[series],
      let input = input(series, worker: proof.worker, sequence: proof.position.sequence),
      let value = known.reference.value(
        of: input.with(nonce: proof.position.nonce), payload: proof.payload), value.count == 32
    else { return nil }
    return (value, known.target.isMet(by: value))
  }

  /// Every proof that an attempt on some work has.
  package func proofs(
    of input: WorkInput, _ series: SeriesID, worker: Int, at position: WorkPosition
  )
    -> [Proof]
  {
    guard let known = known[series] else { return [] }
    return known.reference.outcomes(of: input.with(nonce: position.nonce))
      .filter { known.target.isMet(by: $0.value) }
      .map { Proof(worker: worker, position: position, payload: $0.payload) }
  }
}
