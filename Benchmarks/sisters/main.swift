// How far from the median the farthest of n equal normal values lies, in units of `RobustScale.deviation`, as a
// multiple of the normal quantile that would hold if the median and the spread were known.
//
// usage: Scripts/sister-limits.sh [RUNS]

internal import Glibc

struct NormalNumbers {
  private var generator: SplitMix64
  private var spare: Double?

  init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  /// Box and Muller 1958.
  mutating func next() -> Double {
    if let spare {
      self.spare = nil
      return spare
    }
    let radius = (-2 * log(1 - generator.unit())).squareRoot()
    let angle = 2 * Double.pi * generator.unit()
    spare = radius * sin(angle)
    return radius * cos(angle)
  }
}

let runs = CommandLine.arguments.dropFirst().first.flatMap(Int.init) ?? 1_000_000
let counts = Array(4...20) + [25, 32, 50, 100, 200, 500, 1000]
let tests = [1, 4, 16, 64, 256]

func limits() {
  print("// Values; then the factor for \(tests.map(String.init).joined(separator: ", ")) tests.")
  for count in counts {
    // The work of one run grows with the square, and the factor's noise falls with the number of values.
    let own = max(runs / 50, min(runs, runs * 20 / count))
    var numbers = NormalNumbers(seed: UInt64(count))
    var farthest: [Double] = []
    farthest.reserveCapacity(own)
    for _ in 0..<own {
      let values = (0..<count).map { _ in numbers.next() }
      guard let median = Descriptive.median(values), let spread = RobustScale.deviation(values)
      else { continue }
      farthest.append(values.reduce(0) { max($0, abs($1 - median)) } / spread)
    }
    farthest.sort()
    let factors = tests.map { tests -> String in
      let rate = OutlierFactor.falseAlarmRate / Double(tests)
      let above = max(1, Int((Double(own) * rate).rounded()))
      let normal = Normal.quantile(1 - rate / Double(2 * count))
      // What is below 1 is noise of the simulation.
      return DecimalText.fixed(max(1, farthest[farthest.count - above] / normal), decimals: 3)
    }
    print("(\(count), [\(factors.joined(separator: ", "))]),")
  }
}

/// How often the whole rule, with a practical limit of 1.75 %, calls out a node: none of equal ones, and one that is slower.
func power() {
  print("nodes  spread  false alarm in a fleet  -3 % found  -5 % found  -10 % found")
  for spread in [0.3, 0.6, 1.2] {
    for count in [4, 6, 8, 12, 16, 20, 50, 200] {
      let fleets = max(500, runs / 10 / count)
      var numbers = NormalNumbers(seed: 1)
      func share(_ change: Double) -> Double {
        let called = (0..<fleets).count { _ in
          var values = (0..<count).map { _ in 100 + spread * numbers.next() }
          values[0] *= 1 + change / 100
          guard let median = Descriptive.median(values),
            let deviation = RobustScale.deviation(values),
            let distance = OutlierFactor.distance(count: count, tests: 1)
          else { return false }
          let limit = max(distance * deviation, 0.0175 * median)
          let low = values.indices.filter { values[$0] < median - limit }
          return change == 0 ? values.contains { abs($0 - median) > limit } : low.contains(0)
        }
        return Double(called) / Double(fleets)
      }
      let shares = [0, -3, -5, -10].map { DecimalText.fixed(share($0), decimals: 3) }
      print("\(count)  \(spread) %  \(shares.joined(separator: "  "))")
    }
  }
}

if CommandLine.arguments.contains("power") { power() } else { limits() }
