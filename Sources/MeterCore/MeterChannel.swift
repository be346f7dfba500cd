package import Model

/// One channel with what its readings must obey.
package struct MeterChannel: Hashable, Sendable {
  package var descriptor: MeterDescriptor
  package var rules: ChannelRules

  package init(descriptor: MeterDescriptor, rules: ChannelRules) {
    self.descriptor = descriptor
    self.rules = rules
  }
}

extension MeterChannel {
  /// How long the counter takes from 0 to its end at a power; nil for one that does not wrap.
  package func wrapTime(at power: Watts) -> Seconds? {
    rules.modulus.map {
      Seconds(Double(rules.unit.scaled(UInt128($0))) * 1e-6 / power.value)
    }
  }
}
