package import Model

/// How long a kernel is waited for before it is taken for stuck.
package struct Patience: Hashable, Sendable {
  /// While it starts, when nobody knows yet how long a call takes.
  package var start: Seconds
  /// While a state is prepared.
  package var preparation: Seconds
  /// Once it hashes, at least.
  package var minimum: Seconds
  /// Once it hashes, so many times its first call.
  package var calls: Double

  package init(
    start: Seconds = Seconds(30), preparation: Seconds = Seconds(600),
    minimum: Seconds = Seconds(10), calls: Double = 100
  ) {
    self.start = start
    self.preparation = preparation
    self.minimum = minimum
    self.calls = calls
  }

  /// How long a call may take whose first one took `firstCall`.
  package func limit(firstCall: Seconds) -> Seconds { max(minimum, firstCall * calls) }
}

/// Looks whether workers move.
internal struct ProgressWatch {
  /// A process that was stopped for a while finds its workers where they were: only several looks prove that one
  /// stands still.
  private static let looks = 5

  private struct Place {
    var position: WorkPosition
    var since: Instant
    var looks = 0
  }

  private var places: [Place] = []

  /// The workers that have stood still for at least `limit`.
  mutating func still(_ positions: [WorkPosition], at now: Instant, limit: Seconds) -> [Int] {
    guard places.count == positions.count else {
      places = positions.map { Place(position: $0, since: now) }
      return []
    }
    for (index, position) in positions.enumerated() {
      if places[index].position == position {
        places[index].looks += 1
      } else {
        places[index] = Place(position: position, since: now)
      }
    }
    return places.indices.filter { index in
      places[index].looks >= Self.looks && now.since(places[index].since) >= limit
    }
  }
}
