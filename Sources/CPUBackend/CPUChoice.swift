package import Model

/// The CPUs that a run hashes on, by core kind where they were asked for so.
package struct CPUChoice {
  /// A set of CPUs to measure by itself; the kind is nil when kinds are not told apart.
  private struct Group {
    let kind: String?
    /// In the order in which threads take them: one of each core first.
    let cpus: [Int]
  }

  private let groups: [Group]
  /// How many threads "all" are where a quota of CPU time has fewer CPUs: more would measure being stopped and started.
  private var all: Int?

  /// `quota` is the CPU time that control groups allow, in CPUs; nil where it is not limited.
  ///
  /// - Throws: usage errors for what is no list; unavailable for CPUs that are not online or not allowed.
  package init(_ text: String?, available: [Int], kinds: [CoreKind], quota: Double? = nil) throws {
    guard let text else {
      groups = [Group(kind: nil, cpus: available)]
      all = quota.map { max(1, min(Int($0), available.count)) }
      return
    }
    if text == "kinds" {
      groups = try kinds.map { try Self.group($0, available) }
      if groups.isEmpty {
        throw Failure(
          .unavailable, "--cpus kinds: this machine's core kinds are not known",
          remedy: "give a list of CPUs, such as 0-3")
      }
      return
    }
    let names = text.split(separator: ",").map(String.init)
    if !names.isEmpty, names.allSatisfy({ name in kinds.contains { $0.name == name } }) {
      groups = try names.compactMap { name in
        try kinds.first { $0.name == name }.map { try Self.group($0, available) }
      }
      return
    }
    guard let wanted = CPUList.parse(text) else {
      let known =
        kinds.isEmpty ? "" : ", or core kinds: " + kinds.map(\.name).joined(separator: ", ")
      throw Failure(
        .usage, "'\(text)' is not a value of --cpus",
        remedy: "give CPUs such as 0-3,8\(known)")
    }
    let missing = wanted.filter { !available.contains($0) }
    guard missing.isEmpty else {
      throw Failure(
        .unavailable,
        "--cpus \(text): CPU \(CPUList.text(missing)) is offline or not available to this process",
        remedy: "choose among \(CPUList.text(available.sorted()))")
    }
    groups = [Group(kind: nil, cpus: available.filter { wanted.contains($0) })]
  }

  private static func group(_ kind: CoreKind, _ available: [Int]) throws -> Group {
    let cpus = available.filter { kind.cpus.contains($0) }
    guard !cpus.isEmpty else {
      throw Failure(
        .unavailable, "--cpus: no CPU of kind \(kind.name) is available to this process",
        remedy: "choose among \(CPUList.text(available.sorted()))")
    }
    return Group(kind: kind.name, cpus: cpus)
  }

  /// The sets of CPUs to measure, each with its kind: every thread count on every group.
  package func placements(_ counts: [PlacementWish.Count]) throws -> [Placement] {
    var placements: [Placement] = []
    for group in groups {
      for count in counts {
        let threads =
          switch count {
          // How many are the best is found out among so many.
          case .all, .best: all ?? group.cpus.count
          case .count(let number): number
          }
        guard threads <= group.cpus.count else {
          let kind = group.kind.map { " of kind \($0)" } ?? ""
          throw Failure(
            .usage,
            "--threads \(threads): only \(group.cpus.count) CPUs\(kind) are available to hash on",
            remedy: "give at most \(group.cpus.count)")
        }
        let placement = Placement.cpus(Array(group.cpus.prefix(threads)), kind: group.kind)
        if !placements.contains(placement) { placements.append(placement) }
      }
    }
    return placements
  }
}
