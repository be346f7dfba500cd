internal import LinuxSystem
package import Model

/// How much CPU time control groups allow, in CPUs: more threads than that measure being stopped and started.
package enum CPUQuota {
  /// Nil where time is not limited; unavailable where no control group is seen.
  package static func cpus(_ reader: FactReader) -> Reading<Double?> {
    var found = false
    var quotas: [Double] = []
    for folder in ControlGroups.folders(reader, "cpu") {
      if let text = reader.text(folder + "/cpu.max").value {
        found = true
        // `max 100000` or `200000 100000`: microseconds in each period.
        let words = text.split(separator: " ").map { Double($0) }
        if words.count == 2, let quota = words[0], let period = words[1], quota > 0, period > 0 {
          quotas.append(quota / period)
        }
      }
      if let quota = reader.integer(folder + "/cpu.cfs_quota_us").value {
        found = true
        if quota > 0, let period = reader.integer(folder + "/cpu.cfs_period_us").value, period > 0 {
          quotas.append(Double(quota) / Double(period))
        }
      }
    }
    guard found || reader.root.exists(ControlGroups.root + "/cgroup.controllers") else {
      return .unavailable(.notCaptured("the control group's quota of CPU time"))
    }
    return .value(quotas.min())
  }
}
