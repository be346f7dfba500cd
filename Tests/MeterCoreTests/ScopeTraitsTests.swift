import Analysis
import MeterCore
import Model
import TestSupport
import Testing

/// One table for all that is known of scopes.
@Suite struct ScopeTraitsTests {
  static let scopes = ScopeTraits.all.map(\.scope)

  @Test func eachScopeHasOneRowBelowItsParents() {
    #expect(Set(Self.scopes).count == Self.scopes.count)
    for traits in ScopeTraits.all {
      for parent in traits.parents {
        #expect(ScopeTraits.rank(parent) < ScopeTraits.rank(traits.scope), "\(traits.scope)")
      }
    }
  }

  @Test func namedScopesHaveARow() {
    let named: [Scope] = [
      .wall, .dcSystem, .psys, .cpuPackage, .cpuCore, .cpuUncore, .dram, .gpuBoard, .gpuChip,
      .board,
      .minerInput, .minerBoard, .unknown,
    ]
    #expect(Set(named) == Set(Self.scopes))
  }

  /// Cores could be added by one of two lists and not by the other.
  @Test(arguments: scopes) func whatMayBeAddedIsAddedEverywhere(scope: Scope) {
    let parts = ["0", "1"].map { testMeter("powercap:\(scope)-\($0)", scope: scope, part: $0) }
    let areDisjoint = ScopeLattice.areDisjoint(parts[0], parts[1])
    #expect(areDisjoint == ScopeTraits.of(scope).isAdditive)
    #expect(ScopeChannels.groups(parts).count == (areDisjoint ? 1 : 2))
  }

  @Test func columnsAreInTheOrderOfTheTable() {
    let meters = Self.scopes.map { testMeter("powercap:\($0)", scope: $0) }
    #expect(ScopeChannels.groups(meters.shuffled()).map(\.scope) == Self.scopes)
  }

  @Test func aScopeOfALaterVersionComesLastAndIsNeverAdded() {
    let later = Scope(rawValue: "rack")
    #expect(ScopeTraits.rank(later) == Self.scopes.count)
    let parts = ["0", "1"].map { testMeter("powercap:rack-\($0)", scope: later, part: $0) }
    #expect(!ScopeLattice.areDisjoint(parts[0], parts[1]))
  }
}
