/// CPU numbers as Linux writes them: `0-3,8`.
package enum CPUList {
  /// The text of ascending CPU numbers; `none` for no CPU.
  package static func text(_ cpus: [Int]) -> String {
    guard !cpus.isEmpty else { return "none" }
    var ranges: [ClosedRange<Int>] = []
    for cpu in cpus {
      if let last = ranges.last, last.upperBound + 1 == cpu {
        ranges[ranges.count - 1] = last.lowerBound...cpu
      } else {
        ranges.append(cpu...cpu)
      }
    }
    return ranges.map { range in
      range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
    }.joined(separator: ",")
  }

  /// The numbers, ascending and each once; nil when the text is not such a list.
  package static func parse(_ text: String) -> [Int]? {
    var numbers: Set<Int> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      // 65536: more CPUs than any kernel is built for, and a bound for what a typing error can cost.
      guard ends.count <= 2, let low = ends.first ?? nil, let high = ends.last ?? nil,
        low >= 0, high >= low, high < 65536
      else { return nil }
      numbers.formUnion(low...high)
    }
    return numbers.sorted()
  }
}
