// How often `ChangePoints` sees a change in simulated series, and how near to its place.
//
// usage: Scripts/trend-rates.sh [RUNS]

internal import Glibc

/// Numbers of one kind of scatter, with standard deviation 1 but for their tails.
enum Scatter: String, CaseIterable {
  case normal
  /// A tenth of the values five times as wide: a machine that is now and then disturbed.
  case heavy = "heavy tails"
  /// Each value keeps half of the one before: nights that are not independent of one another.
  case dependent = "dependent"

  func values(_ count: Int, _ generator: inout SplitMix64) -> [Double] {
    var last = 0.0
    return (0..<count).map { _ in
      // Box and Muller 1958.
      let radius = (-2 * log(1 - generator.unit())).squareRoot()
      let normal = radius * cos(2 * Double.pi * generator.unit())
      switch self {
      case .normal: return normal
      case .heavy: return generator.unit() < 0.1 ? 5 * normal : normal
      case .dependent:
        last = 0.5 * last + 0.75.squareRoot() * normal
        return last
      }
    }
  }
}

/// What happens to a series; depths in standard deviations of its scatter.
struct Course: Sendable {
  let name: String
  /// Places of its true changes, as parts of the series.
  let changes: [Double]
  /// Added to the value at a place from 0 to 1.
  let shift: @Sendable (Double) -> Double

  static let none = Course(name: "none", changes: []) { _ in 0 }
  static let all: [Course] =
    [1.0, 2, 3, 5].map { depth in
      Course(name: "one step of \(Int(depth)) s", changes: [0.5]) { $0 < 0.5 ? 0 : -depth }
    } + [
      Course(name: "step of 3 s near the end", changes: [0.85]) { $0 < 0.85 ? 0 : -3 },
      Course(name: "a state that comes and goes, 3 s", changes: [1 / 3, 2 / 3]) {
        $0 < 1 / 3 || $0 >= 2 / 3 ? 0 : -3
      },
      Course(name: "drift of 4 s in all", changes: []) { -4 * $0 },
      Course(name: "drift of 10 s in all", changes: []) { -10 * $0 },
    ]
}

/// What was found in many series of one kind.
struct Tally {
  var anything = 0
  var drift = 0
  /// Series in which every true change was found within one place, and no other.
  var exact = 0

  init(_ course: Course, _ scatter: Scatter, count: Int, outliers: Bool, runs: Int) {
    var generator = SplitMix64(seed: UInt64(count * 31 + runs))
    let places = course.changes.map { Int(($0 * Double(count)).rounded(.up)) }
    for _ in 0..<runs {
      var values = scatter.values(count, &generator)
      for index in values.indices { values[index] += course.shift(Double(index) / Double(count)) }
      if outliers {
        values[count / 5] = 60
        values[count * 7 / 10] = -80
      }
      let found = ChangePoints(values)
      if !found.changes.isEmpty || !found.drifts.isEmpty { anything += 1 }
      if !found.drifts.isEmpty { drift += 1 }
      if found.changes.count == places.count, found.drifts.isEmpty,
        zip(found.changes, places).allSatisfy({ abs($0.index - $1) <= 1 })
      {
        exact += 1
      }
    }
  }
}

let runs = CommandLine.arguments.dropFirst().first.flatMap(Int.init) ?? 2000

func share(_ count: Int) -> String { DecimalText.fixed(Double(count) / Double(runs), decimals: 3) }

print("Nothing happens: share of series that are said to have a change or a drift")
print("scatter       \([10, 20, 40, 100].map { "\($0) runs" }.joined(separator: "  "))")
for scatter in Scatter.allCases {
  let shares = [10, 20, 40, 100].map { count in
    let tally = Tally(.none, scatter, count: count, outliers: false, runs: runs)
    return share(tally.anything)
  }
  print("\(scatter.rawValue): \(shares.joined(separator: "  "))")
}
print("with two outliers of 60 and 80 s, 40 runs: ", terminator: "")
print(share(Tally(.none, .normal, count: 40, outliers: true, runs: runs).anything))
print("\nSomething happens: found; found at its place, give or take one, and nothing else; told as a drift")
for course in Course.all {
  for count in [20, 40, 100] {
    let plain = Tally(course, .normal, count: count, outliers: false, runs: runs)
    let disturbed = Tally(course, .normal, count: count, outliers: true, runs: runs)
    print(
      "\(course.name), \(count) runs: \(share(plain.anything))  \(share(plain.exact))  \(share(plain.drift))"
        + "   with two outliers \(share(disturbed.anything))  \(share(disturbed.exact))  \(share(disturbed.drift))")
  }
}
