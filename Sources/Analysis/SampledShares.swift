internal import Glibc
internal import Text

/// What a sample of shares, all of them true, says of those that were not hashed.
package struct SampledShares: Hashable, Sendable {
  package let shares: Int
  package let hashed: Int

  /// `hashed` of `shares` were hashed again.
  package init(_ shares: Int, hashed: Int) {
    self.shares = shares
    self.hashed = hashed
  }

  /// The part of all shares that may be false and still leave such a sample true once in twenty: `1 - 0.05^(1/n)` of n that
  /// were drawn at random (Clopper and Pearson 1934); 0 where all were hashed, 1 where none was.
  package var mostFalse: Double {
    if hashed >= shares { return 0 }
    return hashed > 0 ? 1 - pow(0.05, 1 / Double(hashed)) : 1
  }

  package var text: String {
    if shares == 0 { return "there was none to hash" }
    if hashed >= shares { return "all \(shares) were hashed again" }
    return
      "\(hashed) of \(shares) (\(DecimalText.percent(Double(hashed) / Double(shares), decimals: 1))) were hashed again, "
      + "drawn by the challenge: at most \(DecimalText.percent(mostFalse, decimals: 1)) of all can be false, at 95 % confidence"
  }
}
