package import Model
internal import Text

/// Which kernels of an algorithm are asked for, before anything is measured.
package struct KernelRequest: Hashable, Sendable {
  package let algorithm: AlgorithmID
  package let shape: WorkShape
  /// The words of `--kernel` that concern this algorithm.
  package private(set) var requested: [String]
  /// Usable ones that `best` chooses among; empty when `best` was not asked.
  package let candidates: [KernelID]
  /// To be measured in full whatever the brief measurement says.
  package private(set) var named: [KernelID]
  /// Those that this machine cannot run, with the reason.
  package private(set) var unsupported: [KernelCandidate]
  /// Where the workers run: nil for where those of the device do.
  package private(set) var placements: [Placement]?
  /// Placements of which the one with the greatest rate, of each part of the device, is measured as well.
  package private(set) var placementsToTry: [Placement] = []

  /// What the options ask of one backend, algorithms in the order of the catalogue.
  ///
  /// `offered` are the run's own kernels; `usual` the algorithms where none is named. Where no kernel is asked for, it is the fastest, or with `prefersPlugins`
  /// those of plug-ins as far as there are some.
  ///
  /// - Throws: usage errors that suggest the nearest name; unavailable for a kernel that cannot run here.
  package static func all(
    algorithms: [String], kernels: [String], known: [AlgorithmID], usual: [AlgorithmID]? = nil,
    offered: [KernelDescription], prefersPlugins: Bool = false
  ) throws -> [KernelRequest] {
    let names = known.map(\.rawValue)
    for name in algorithms where !names.contains(name) {
      throw Failure.unknown("algorithm", name, among: names)
    }
    let chosen =
      algorithms.isEmpty ? usual ?? known : known.filter { algorithms.contains($0.rawValue) }
    func words(_ algorithm: AlgorithmID) -> [String] {
      guard kernels.isEmpty else { return kernels }
      let plugins = offered.filter { $0.algorithm == algorithm && $0.kernel.isPlugin }
      return prefersPlugins && !plugins.isEmpty ? plugins.map(\.kernel.rawValue) : ["best"]
    }
    let isGeneral = { (word: String) in word == "best" || word == "all" }
    for word in distinct(chosen.flatMap(words)) where !isGeneral(word) {
      let among = offered.filter { chosen.contains($0.algorithm) }
      let matching = among.filter { $0.kernel.rawValue == word }
      if matching.isEmpty {
        throw Failure.unknown(
          "kernel", word, among: ["best", "all"] + distinct(among.map(\.kernel.rawValue)))
      }
      if let reason = matching.compactMap(\.unsupported).first,
        matching.allSatisfy({ $0.unsupported != nil })
      {
        throw Failure(
          .unavailable, "the kernel \(word) cannot run here: \(reason.message)",
          remedy: reason.remedy ?? "choose one that 'hashwatt kernels' shows as usable")
      }
    }
    let requests = chosen.compactMap { algorithm in
      request(algorithm, words(algorithm), offered.filter { $0.algorithm == algorithm })
    }
    // An algorithm that was named must not be left out because a kernel does not know it.
    for name in algorithms where !requests.contains(where: { $0.algorithm.rawValue == name }) {
      let own = offered.filter { $0.algorithm.rawValue == name }
      if !own.isEmpty, own.allSatisfy({ $0.unsupported != nil }),
        let reason = own.compactMap(\.unsupported).first
      {
        throw Failure(
          .unavailable, "\(name) cannot be computed here: \(reason.message)",
          remedy: reason.remedy)
      }
      throw Failure(
        .usage, "no kernel of --kernel \(kernels.joined(separator: ", ")) computes \(name)",
        remedy: "see 'hashwatt kernels'")
    }
    return requests
  }

  private static func request(
    _ algorithm: AlgorithmID, _ kernels: [String], _ offered: [KernelDescription]
  ) -> KernelRequest? {
    let usable = offered.filter { $0.unsupported == nil }.map(\.kernel)
    var named: [KernelID] = []
    for word in kernels where word != "best" {
      let more = word == "all" ? usable : usable.filter { $0.rawValue == word }
      named += more.filter { !named.contains($0) }
    }
    let candidates =
      kernels.contains("best")
      ? offered.filter { $0.unsupported == nil && $0.isCandidate }.map(\.kernel) : []
    guard !named.isEmpty || !candidates.isEmpty, let shape = offered.first?.shape else {
      return nil
    }
    return KernelRequest(
      algorithm: algorithm, shape: shape,
      requested: kernels.filter { word in
        word == "best" || word == "all" || usable.contains { $0.rawValue == word }
      },
      candidates: candidates, named: named,
      unsupported: offered.compactMap(\.asUnsupported))
  }

  /// The request with placements of its own, where its algorithm or the wish asks for some; `all` are the device's.
  ///
  /// An algorithm whose workers want room in the last cache gets no more of them by itself than have it there.
  func placed(
    _ wish: PlacementWish, on backend: any ComputeBackend, default all: [Placement]
  ) throws -> KernelRequest {
    var placed = self
    let fitting = shape.cachePerWorker.flatMap { each in
      wish.lastLevelCache.map { Int(clamping: max(1, $0.value / max(1, each.value))) }
    }
    func placements(_ counts: [Int]) throws -> [Placement] {
      var own = wish
      own.counts = Set(counts.map { max(1, $0) }).sorted().map { .count($0) }
      return try backend.placements(own)
    }
    if wish.counts.contains(.best) {
      let most = all.map(\.workers).max() ?? 1
      placed.placementsToTry = try placements(
        [most, most * 3 / 4, most / 2, 1] + (fitting.map { [min($0, most)] } ?? []))
      var named = wish
      named.counts = wish.counts.filter { $0 != .best }
      placed.placements = named.counts.isEmpty ? [] : try backend.placements(named)
    } else if wish.counts.isEmpty, let fitting, all.contains(where: { $0.workers > fitting }) {
      placed.placements = try all.flatMap { placement -> [Placement] in
        guard placement.workers > fitting else { return [placement] }
        return try placements([fitting]).filter { $0.name.part == placement.name.part }
      }
    }
    return placed
  }

  /// With the kernels of another build, to be measured in turn with these.
  mutating func add(_ others: [KernelDescription]) {
    let usable = others.filter { $0.unsupported == nil }.map(\.kernel)
    requested += usable.map(\.rawValue)
    named += usable
    unsupported += others.compactMap(\.asUnsupported)
  }

  private static func distinct(_ words: [String]) -> [String] {
    words.enumerated().filter { words.firstIndex(of: $0.element) == $0.offset }.map(\.element)
  }

  /// How many of them are measured in full, at most.
  package var most: Int { named.count + (candidates.isEmpty ? 0 : 1) }

  /// Every kernel that may be timed, each once.
  package var timed: [KernelID] { named + candidates.filter { !named.contains($0) } }
}

extension KernelDescription {
  /// As a candidate that was not measured; nil when it can run here.
  fileprivate var asUnsupported: KernelCandidate? {
    unsupported.map { KernelCandidate(kernel: kernel, briefThroughput: .unavailable($0)) }
  }
}
