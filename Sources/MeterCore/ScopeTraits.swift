package import Model

/// What the program knows of a scope: one row a scope, and nowhere else.
package struct ScopeTraits: Hashable, Sendable {
  package let scope: Scope
  /// The scopes that directly contain it.
  package let parents: [Scope]
  /// Whether meters of different parts never share energy, so that their sum means something.
  package let isAdditive: Bool
  /// Whether its counters stop or change their meaning when the machine sleeps.
  package let stopsInSuspend: Bool
  /// Whether its counters change their meaning when a CPU comes or goes.
  package let followsCPUs: Bool

  package init(
    _ scope: Scope, in parents: [Scope] = [], isAdditive: Bool = false, stopsInSuspend: Bool = true,
    followsCPUs: Bool = false
  ) {
    self.scope = scope
    self.parents = parents
    self.isAdditive = isAdditive
    self.stopsInSuspend = stopsInSuspend
    self.followsCPUs = followsCPUs
  }

  /// From the widest scope to the narrowest: the order in which columns are shown and tables are sorted.
  ///
  /// Two wall meters may be two power supplies or one behind the other: these are never added. Where a server has several
  /// psys each has its own socket's share of the platform. Other scopes of this list are disjoint by construction of the hardware.
  package static let all: [ScopeTraits] = [
    ScopeTraits(.wall, stopsInSuspend: false),
    ScopeTraits(.dcSystem, in: [.wall]),
    ScopeTraits(.psys, in: [.dcSystem], isAdditive: true, followsCPUs: true),
    ScopeTraits(.board, in: [.dcSystem]),
    ScopeTraits(.cpuPackage, in: [.psys, .dcSystem], isAdditive: true, followsCPUs: true),
    ScopeTraits(.gpuBoard, in: [.dcSystem], isAdditive: true),
    ScopeTraits(.gpuChip, in: [.gpuBoard], isAdditive: true),
    ScopeTraits(.dram, in: [.dcSystem], isAdditive: true, followsCPUs: true),
    ScopeTraits(.cpuCore, in: [.cpuPackage], isAdditive: true, followsCPUs: true),
    ScopeTraits(.cpuUncore, in: [.cpuPackage], isAdditive: true, followsCPUs: true),
    // Another machine than this one, so nothing here contains or stops it.
    ScopeTraits(.minerInput, stopsInSuspend: false),
    ScopeTraits(.minerBoard, in: [.minerInput], stopsInSuspend: false),
    ScopeTraits(.unknown),
  ]

  /// The row of a scope; one that this version does not know has none of the traits.
  package static func of(_ scope: Scope) -> ScopeTraits {
    all.first { $0.scope == scope } ?? ScopeTraits(scope)
  }

  /// Place in the order of columns; scopes that this version does not know come last.
  package static func rank(_ scope: Scope) -> Int {
    all.firstIndex { $0.scope == scope } ?? all.count
  }
}
