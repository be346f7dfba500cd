internal import Glibc

/// What follows without counting days: one chain, one band of 24 hours, constant reward (economics reference, section 8).
package struct ClosedForm: Hashable, Sendable {
  /// Days from the snapshot; nil where it never runs.
  package let switchOnDay: Double?
  /// Nil where it never stops.
  package let switchOffDay: Double?
  /// Without fixed cost and discounting; nil where unbounded.
  package let lifetimeMargin: Double?
  package let isUnbounded: Bool
  package let hashCeilingCoins: Double?
  package let hashCeilingDays: Double?
  package let isPriceAboveCeiling: Bool?

  /// Revenue and cost are those of a full day at the snapshot, growth and drift per day, the delivery in days from the
  /// snapshot.
  init(
    revenue: Double, cost: Double, coinsPerDay: Double, growth: Double, drift: Double,
    delivery: Double, outlayInCoins: Double
  ) {
    let decay = growth - drift
    let first = revenue * exp(-decay * delivery)
    // Where the two are equal the machine is off: a band runs only if it earns more than it costs.
    let runs = first > cost
    if runs {
      switchOnDay = delivery
      switchOffDay = decay > 0 && cost > 0 ? log(revenue / cost) / decay : nil
    } else {
      switchOnDay = decay < 0 && first > 0 ? max(delivery, log(cost / revenue) / -decay) : nil
      switchOffDay = nil
    }
    isUnbounded = switchOnDay != nil && switchOffDay == nil
    if let end = switchOffDay {
      let life = end - delivery
      lifetimeMargin = first * Annuity.sum(decay, life) - cost * life
    } else {
      lifetimeMargin = switchOnDay == nil ? 0 : nil
    }
    hashCeilingDays = growth > 0 ? 1 / growth : nil
    hashCeilingCoins = growth > 0 ? coinsPerDay * exp(-growth * delivery) / growth : nil
    isPriceAboveCeiling = hashCeilingCoins.map { outlayInCoins > $0 }
  }
}

/// `A(r, t) = (1 - e^(-rt)) / r`, and `t` for `r = 0`.
package enum Annuity {
  package static func sum(_ rate: Double, _ time: Double) -> Double {
    rate == 0 ? time : -expm1(-rate * time) / rate
  }
}

/// Days of today's yield that all future yields come to while difficulty grows: `1 / gamma`.
package enum HashCeiling {
  /// Nil without growth.
  package static func days(growthPerMonth: Double) -> Double? {
    growthPerMonth > 0 ? 1 / Rate.perDay(growthPerMonth) : nil
  }
}
