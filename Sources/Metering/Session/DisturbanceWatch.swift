package import LinuxSystem
internal import MeterCore
package import Model

/// What makes counters start again or change their meaning: suspend and CPUs that come or go (R12).
package struct DisturbanceWatch: Sendable {
  private let suspended: @Sendable () -> Int64
  private let online: (@Sendable () -> String?)?
  private var lastSuspended: Int64
  private var lastOnline: String?

  /// A disturbance and the scopes that it voids.
  package typealias Finding = (reason: Reason, concerns: (Scope) -> Bool)

  package init(
    suspended: @escaping @Sendable () -> Int64 = { SuspendClock.suspendedNanoseconds() },
    online: (@Sendable () -> String?)? = nil
  ) {
    self.suspended = suspended
    self.online = online
    lastSuspended = suspended()
    lastOnline = online?()
  }

  /// Watches this machine, or nothing but the clock for a captured one.
  package static func of(_ root: SystemRoot) -> DisturbanceWatch {
    let path = "/sys/devices/system/cpu/online"
    guard let file = try? AttributeFile(root, path) else { return DisturbanceWatch() }
    return DisturbanceWatch(online: { try? file.text() })
  }

  /// What happened since the last look.
  package mutating func look() -> [Finding] {
    var findings: [Finding] = []
    let nowSuspended = suspended()
    if nowSuspended - lastSuspended > 10_000_000 {
      let slept = Double(nowSuspended - lastSuspended) * 1e-9
      findings.append(
        (
          Reason(
            .lost, "the machine was suspended for \((slept * 10).rounded() / 10) s"),
          { ScopeTraits.of($0).stopsInSuspend }
        ))
    }
    lastSuspended = nowSuspended
    if let online {
      let nowOnline = online()
      if nowOnline != lastOnline {
        findings.append(
          (
            Reason(
              .lost,
              "the CPUs online changed from \(lastOnline ?? "unknown") to \(nowOnline ?? "unknown")"
            ),
            { ScopeTraits.of($0).followsCPUs }
          ))
      }
      lastOnline = nowOnline
    }
    return findings
  }
}
