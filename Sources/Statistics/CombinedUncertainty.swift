/// Independent standard uncertainties, added in squares.
///
/// Evaluation of measurement data, Guide to the expression of uncertainty in measurement (JCGM 100:2008, "GUM"),
/// sections 5.1 and G.4.
package struct CombinedUncertainty: Hashable, Sendable {
  /// Root of the sum of squares.
  package let standard: Double
  /// Effective degrees of freedom (Welch 1947; Satterthwaite 1946); nil for infinitely many.
  package let degreesOfFreedom: Double?

  /// - Parameter terms: standard uncertainties with their degrees of freedom, nil for infinitely many.
  package init(_ terms: [(standard: Double, degreesOfFreedom: Double?)]) {
    let square = terms.reduce(0) { $0 + $1.standard * $1.standard }
    standard = square.squareRoot()
    let finite = terms.reduce(0.0) { sum, term in
      guard let degrees = term.degreesOfFreedom, degrees > 0 else { return sum }
      let squared = term.standard * term.standard
      return sum + squared * squared / degrees
    }
    degreesOfFreedom = finite > 0 ? square * square / finite : nil
  }

  /// The factor that makes an interval of the given confidence.
  ///
  /// The effective degrees of freedom are not rounded down: with the repeat term alone the factor is then exactly
  /// Student's for n - 1.
  package func coverageFactor(confidence: Double = 0.95) -> Double {
    StudentT.factor(confidence: confidence, degreesOfFreedom: degreesOfFreedom)
  }
}
