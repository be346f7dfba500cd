extension HardwareID {
  /// Cores of each package as a processor's identifier ends in them (`-2x96c`, `-1x8c-1x16c`, `-1x2c-vm`); nil where
  /// it tells none.
  ///
  /// The rule of the name is that of `Documentation/Detection.md`; at most 64 packages of at most 4096 cores are believed.
  package var coresOfPackages: [Int]? {
    guard rawValue.hasPrefix("cpu/") else { return nil }
    var words = rawValue.split(separator: "-", omittingEmptySubsequences: false)[...]
    if words.last == "vm" { words.removeLast() }
    var packages: [Int] = []
    while let word = words.popLast(), let group = Self.group(word) {
      packages = Array(repeating: group.cores, count: group.packages) + packages
      guard packages.count <= 64 else { return nil }
    }
    return packages.isEmpty ? nil : packages
  }

  /// `2x96c`.
  private static func group(_ word: Substring) -> (packages: Int, cores: Int)? {
    guard word.last == "c" else { return nil }
    let numbers = word.dropLast().split(separator: "x", omittingEmptySubsequences: false)
    guard numbers.count == 2, let packages = Int(numbers[0]), let cores = Int(numbers[1]),
      (1...64).contains(packages), (1...4096).contains(cores)
    else { return nil }
    return (packages, cores)
  }
}
