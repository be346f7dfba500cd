internal import MeterCore
package import Model

/// Meters what backends prepare by the meters of a run.
package struct PreparationMeter: PreparationWatch {
  private let clock: any MonotonicClock
  private let meters: any MeterSession

  package init(_ meters: any MeterSession, clock: any MonotonicClock) {
    self.meters = meters
    self.clock = clock
  }

  package func began() -> @Sendable () -> MeteredPreparation {
    let (start, before) = look()
    return {
      let (end, after) = look()
      let energy = ChannelEnergy.all(
        of: meters.descriptors, from: before, to: meters.judged(after))
      let judged = MeteredPreparation(start: start, end: end, energy: energy).window
        .judgedByLattice(meters.descriptors).sample
      return MeteredPreparation(start: start, end: end, energy: judged.energy)
    }
  }

  private func look() -> (instants: SnapshotInstants, meters: MeterSnapshot) {
    let first = clock.now()
    let snapshot = meters.snapshot()
    let second = clock.now()
    return (SnapshotInstants(first: first, second: second, third: second), snapshot)
  }
}

extension ChannelEnergy {
  /// The energy of every channel between two snapshots.
  static func all(
    of descriptors: [MeterDescriptor], from start: MeterSnapshot, to end: MeterSnapshot
  ) -> [ChannelEnergy] {
    descriptors.enumerated().map { index, descriptor in
      guard start.channels.indices.contains(index), end.channels.indices.contains(index) else {
        return ChannelEnergy(
          meter: descriptor.id,
          interval: .unavailable(Reason(.lost, "the meter gave no reading for this channel")))
      }
      return ChannelEnergy(
        meter: descriptor.id,
        interval: EnergyInterval.between(start.channels[index], end.channels[index]))
    }
  }
}
