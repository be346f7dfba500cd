import Foundation

/// What SciPy says; `Data/make_reference.py` made it.
struct ReferenceData: Decodable {
  struct Description: Decodable {
    let values: [Double]
    let mean: Double
    let variance: Double
    let median: Double
    let mad: Double
    let quantiles: [String: Double]
    let tInterval: [Double]
    let autocorrelation: [Double]
  }

  struct Bootstrap: Decodable {
    let values: [Double]
    let interval: [Double]
    let standardError: Double
  }

  struct Groups: Decodable {
    let first: [Double]
    let second: [Double]
    let welch: [Double]
    let welchDf: Double
    let mannWhitneyAsymptotic: [Double]
    let mannWhitneyExact: [Double]?
  }

  struct Pairs: Decodable {
    let first: [Double]
    let second: [Double]
    let pairedT: [Double]
    let signedRankAsymptotic: [Double]
    let signedRankExact: [Double]?
  }

  struct Line: Decodable {
    let x: [Double]
    let y: [Double]
    let slope: Double
    let intercept: Double
    let slopeError: Double
    let interceptError: Double
    let slopeInterval: [Double]
  }

  struct Ratio: Decodable {
    let numerators: [Double]
    let denominators: [Double]
    let value: Double
    let standardError: Double
  }

  let describe: [String: Description]
  let bootstrap: [String: Bootstrap]
  let groups: [Groups]
  let pairs: [Pairs]
  let lines: [Line]
  let ratios: [Ratio]
  let tCumulative: [[Double]]
  let tQuantile: [[Double]]
  let normalCumulative: [[Double]]
  let normalQuantile: [[Double]]
  let poissonCumulative: [[Double]]

  static func load() throws -> ReferenceData {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Data/reference.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(ReferenceData.self, from: Data(contentsOf: file))
  }
}

/// Whether two numbers agree to a relative tolerance, or an absolute one near zero.
func agrees(_ found: Double, _ expected: Double, within tolerance: Double = 1e-9) -> Bool {
  abs(found - expected) <= tolerance * max(abs(expected), 1e-12)
}
