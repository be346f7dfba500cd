internal import Model

/// What lies behind checks that fail together: a person mends the cause, not each check.
enum CheckCause: Hashable {
  case others
  case change
  case meters
  case miner

  /// Nil for what is told by itself.
  init?(_ name: CheckName) {
    switch name {
    case .otherLoad, .contextSwitches, .stealTime, .idleMachine, .swap: self = .others
    case .throttling, .deviceThrottling, .governor, .turbo, .platformProfile, .mainsPower, .drift,
      .outlier, .steadyState, .idleStability:
      self = .change
    case .meter, .meterDip, .meterLag, .meterAge, .meterAgreement, .meterResolution, .meterGuard,
      .meterCores, .energyFilter, .childWithinParent:
      self = .meters
    case .targetFit, .strictRate, .longestGap, .burst, .lateShares, .duplicates, .claim,
      .connection, .isolation:
      self = .miner
    default:
      guard name.isOfOneMeter else { return nil }
      self = .meters
    }
  }

  /// For people, at the beginning of a line.
  var words: String {
    switch self {
    case .others: "others had this machine meanwhile"
    case .change: "it did not run evenly"
    case .meters: "a meter is to be doubted"
    case .miner: "the miner's shares do not fit"
    }
  }
}

/// Checks that did not pass, those of one cause together.
struct FailedChecks {
  private let cause: CheckCause?
  private var names: [CheckName] = []
  private var checks: [CheckName: [Check]] = [:]

  private init(_ cause: CheckCause?) { self.cause = cause }

  private mutating func add(_ check: Check) {
    if checks[check.name] == nil { names.append(check.name) }
    checks[check.name, default: []].append(check)
  }

  /// In the order of the first check of each.
  static func groups(of checks: [Check]) -> [FailedChecks] {
    var groups: [FailedChecks] = []
    for check in checks {
      let cause = CheckCause(check.name)
      let place = groups.firstIndex { group in
        cause.map { group.cause == $0 } ?? group.names.contains(check.name)
      }
      if let place {
        groups[place].add(check)
      } else {
        groups.append(FailedChecks(cause))
        groups[groups.count - 1].add(check)
      }
    }
    return groups
  }

  /// One sentence; `verb` is what the checks did: failed, or is open.
  func text(_ verb: String) -> String {
    let first = names.compactMap { checks[$0]?.first }
    guard let leading = first.first else { return "" }
    guard let cause, names.count > 1 else {
      let count = checks[leading.name]?.count ?? 1
      let often = count > 1 ? " \(count) times, first" : ""
      return "check \(leading.name) \(verb)\(often): \(leading.message)"
        + (leading.remedy.map { "; \($0)" } ?? "")
    }
    let list = names.map { name in
      let count = checks[name]?.count ?? 1
      return count > 1 ? "\(name) \(count) times" : "\(name)"
    }
    var remedies: [String] = []
    for remedy in first.compactMap(\.remedy) where !remedies.contains(remedy) {
      remedies.append(remedy)
    }
    return "\(cause.words): \(list.joined(separator: ", ")) (\(leading.name): \(leading.message))"
      + remedies.map { "; \($0)" }.joined()
  }
}
