package import Model

/// Counters that show one thing twice, found by what they showed over a run.
///
/// Two channels of one scope whose powers were equal at every look are one: two drivers of one sensor, sockets whose driver
/// reads the same register. Channels that their driver tells apart by a device's address, and measured packages that the
/// kernel numbers, are taken at their word: equal loads draw equal power.
package enum MirroredMeters {
  /// Looks without which nothing is said.
  private static let fewestLooks = 5
  /// Powers of one counter differ by what falls between two reads of it.
  private static let tolerance = 0.001

  /// The meters, those that were found to repeat an earlier one marked so.
  package static func marked(_ meters: [MeterDescriptor], in samples: [Sample]) -> [MeterDescriptor]
  {
    var marked = meters
    for second in marked.indices where marked[second].mirrorOf == nil {
      let first = marked.indices.first { index in
        index < second && marked[index].mirrorOf == nil
          && areSuspect(marked[index], marked[second])
          && areEqual(marked[index], marked[second], samples)
      }
      if let first { marked[second].mirrorOf = marked[first].id }
    }
    return marked
  }

  private static func areSuspect(_ first: MeterDescriptor, _ second: MeterDescriptor) -> Bool {
    guard first.scope == second.scope, first.quantity == second.quantity,
      first.kind != .manual, second.kind != .manual
    else { return false }
    switch (first.covers, second.covers) {
    case (.device(let one), .device(let other)): return one == other
    case (.package(let one), .package(let other)) where one != other:
      return first.kind == .modelled && second.kind == .modelled
    default: return first.scope != .unknown && first.part != second.part
    }
  }

  private static func areEqual(
    _ first: MeterDescriptor, _ second: MeterDescriptor, _ samples: [Sample]
  ) -> Bool {
    var looks = 0
    for point in samples.flatMap(\.trace) {
      guard let one = point.power[first.id]?.value, let other = point.power[second.id]?.value else {
        continue
      }
      guard abs(one - other) <= tolerance * max(one, other) else { return false }
      if max(one, other) > 0 { looks += 1 }
    }
    return looks >= fewestLooks
  }
}
