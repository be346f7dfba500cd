/// Miners that are given derived work, and the shares that they send back.
///
/// Which dialect they speak is the adapter's: its jobs, connections and shares are its own, the windows the same.
package protocol ProvingSession: WorkCounter {
  /// The terms as of now: convention, difficulty, miners in the order of their numbers.
  var terms: ProofTerms { get }
  /// The present target.
  var target: Target { get }
  /// How many miners are ready to work.
  var readyMiners: Int { get }
  /// What was seen of peers that are no miners, newest last, a sentence each; few.
  var sightings: [String] { get }
  /// Gives every miner new work at this difficulty and discards what they work on: shares of the work before count no more.
  ///
  /// - Throws: `Failure` for a difficulty that has no target.
  func beginEpoch(_ difficulty: ShareDifficulty) throws(Failure)
  /// What has come back in the present epoch so far.
  func epoch() -> ProvenEpoch
  /// Why the miners that are asked for are not all there; nil while they are.
  func lost() -> Reason?
  /// Closes every connection and the listener.
  func finish()
}

/// An epoch with what the tests of fit need and no file keeps.
package struct ProvenEpoch: Hashable, Sendable {
  package var window: ProofWindow
  /// Of each share in order, its hash divided by the target; the miner's word for those that are not hashed again.
  package var quotients: [Double]
  /// Places of the shares that are not hashed again, ascending.
  package var unhashed: [Int]
  /// The same of the first shares that were above the target.
  package var quotientsAbove: [Double]

  package init(
    window: ProofWindow, quotients: [Double], unhashed: [Int] = [], quotientsAbove: [Double]
  ) {
    self.window = window
    self.quotients = quotients
    self.unhashed = unhashed
    self.quotientsAbove = quotientsAbove
  }
}

/// Asks miners what they say of themselves.
package protocol ClaimReader: Sendable {
  /// Claims whose instants are at `start` or later and before `end`.
  func claims(from start: Instant, to end: Instant) -> [Claim]
  func finish()
}
