/// Which of several claims of one device stands on more.
extension PublishedClaim {
  /// Whether it is the better supported of two claims of one device for one function.
  ///
  /// By confidence, then one that states power before one that does not, then one that says where it was measured, then
  /// the later. Of equals neither is.
  package func isBetterSupported(than other: PublishedClaim) -> Bool { support < other.support }

  private var support: (Int, Int, Int, Int) {
    let order = [ClaimConfidence.high: 0, .medium: 1, .low: 2]
    return (
      order[confidence] ?? 3, power == nil ? 1 : 0, measuredAt == .unknown ? 1 : 0, -(year ?? 0)
    )
  }

  /// Whether it is about the same function and has a rate and an energy where the other has them.
  fileprivate func saysAsMuch(as other: PublishedClaim) -> Bool {
    algorithm == other.algorithm && workUnit == other.workUnit
      && (rate != nil || other.rate == nil)
      && (joulesPerWork != nil || other.joulesPerWork == nil)
  }
}

extension Profile {
  /// Every claim, and whether none that says as much is better supported; of equals the first counts.
  package var ratedClaims: [(claim: PublishedClaim, isBest: Bool)] {
    published.enumerated().map { index, claim in
      let isOutdone = published.enumerated().contains { place, other in
        place != index && other.saysAsMuch(as: claim)
          && (other.isBetterSupported(than: claim)
            || place < index && !claim.isBetterSupported(than: other))
      }
      return (claim, !isOutdone)
    }
  }
}
