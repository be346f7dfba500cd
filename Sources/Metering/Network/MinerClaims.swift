internal import JSON
internal import LinuxSystem
package import Model

/// Asks miners every some seconds what they say of their own rate, on a thread of its own.
package final class MinerClaims: ClaimReader {
  /// One miner's API.
  private struct Source: Sendable {
    let name: String
    let ask: @Sendable () -> [(field: String, rate: Double)]
  }

  private struct State: Sendable {
    var claims: [Claim] = []
    var isStopped = false
  }

  /// How often a miner is asked.
  private static let interval = Seconds(10)
  /// More than a day of answers of ten fields.
  private static let limit = 100_000
  private static let port = 4028

  private let sources: [Source]
  private let state = Locked(State())
  private let clock: any MonotonicClock
  private let thread: Locked<SystemThread?> = Locked(nil)

  /// Each of the words is `cgminer:HOST[:PORT]` or `axeos:HOST`.
  ///
  /// - Throws: `Failure` for another form, and for a miner that says nothing of its rate.
  package init(
    _ words: [String], environment: [String: String], clock: any MonotonicClock
  ) throws(Failure) {
    self.clock = clock
    var sources: [Source] = []
    for word in words { sources.append(try Self.source(word, environment)) }
    self.sources = sources
    for (word, source) in zip(words, sources) where source.ask().isEmpty {
      throw Failure(
        .unavailable, "--claims \(Redaction.word(word)): no answer that tells a hash rate",
        remedy: "check the address and that the miner's API may be read")
    }
    do {
      let started = try SystemThread { [self] in run() }
      thread.withLock { $0 = started }
    } catch {
      throw Failure(.unavailable, "\(error)")
    }
  }

  package func claims(from start: Instant, to end: Instant) -> [Claim] {
    state.withLock { $0.claims.filter { start <= $0.instant && $0.instant < end } }
  }

  package func finish() {
    state.withLock { $0.isStopped = true }
    thread.withLock { $0 }?.join()
  }

  private func run() {
    let isStopped = { [self] in state.withLock { $0.isStopped } }
    while !isStopped() {
      let now = clock.now()
      for source in sources where !isStopped() {
        let answers = source.ask()
        // Half of the time that the answer took is how far it may be from its instant.
        let instant = Instant.midpoint(now, clock.now())
        state.withLock { state in
          guard state.claims.count < Self.limit else { return }
          state.claims += answers.map {
            Claim(source: source.name, field: $0.field, value: $0.rate, instant: instant)
          }
        }
      }
      clock.sleep(until: now.advanced(by: Self.interval), isCancelled: isStopped)
    }
  }

  private static func source(
    _ word: String, _ environment: [String: String]
  ) throws(Failure) -> Source {
    let parts = word.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2, ["cgminer", "axeos"].contains(parts[0]) else {
      throw Failure(
        .usage, "--claims \(Redaction.word(word)): not the address of a miner's API",
        remedy: "write cgminer:HOST or axeos:HOST")
    }
    let missing = Failure(
      .unavailable, "libcurl.so.4 is not installed, and miners are asked through it",
      remedy: "run 'sudo apt-get install libcurl4'")
    if parts[0] == "axeos" {
      guard let client = HTTPClient(NetworkTarget(parts[1]), variables: environment) else {
        throw missing
      }
      return Source(name: "axeos") {
        let info = client.json("/api/system/info").value
        return ["hashRate", "hashRate_1m", "hashRate_10m"].compactMap { field in
          info?[field]?.double.map { (field, $0 * 1e9) }
        }
      }
    }
    let host = NetworkTarget(parts[1]).name
    guard let connection = MinerConnection(host.contains(":") ? host : "\(host):\(port)") else {
      throw missing
    }
    return Source(name: "cgminer") {
      guard let bytes = connection.exchange("{\"command\":\"summary\"}").value,
        let summary = LenientJSON.parse(bytes)?["SUMMARY"]?.elements.first
      else { return [] }
      return fields.compactMap { field, factor in
        guard let value = summary[field],
          let number = value.double ?? value.text.flatMap({ Double($0) }), number >= 0
        else { return nil }
        return (field, number * factor)
      }
    }
  }

  /// Of cgminer's `summary`, with what each counts (after UpstreamData/pyasic).
  private static let fields: [(String, Double)] = [
    ("GHS 5s", 1e9), ("GHS av", 1e9), ("MHS 5s", 1e6), ("MHS 1m", 1e6), ("MHS av", 1e6),
    ("KHS av", 1e3),
  ]
}
