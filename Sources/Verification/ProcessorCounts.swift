package import Model

/// What a description of a CPU says of its counts, against what it lists.
package enum ProcessorCounts {
  /// The first contradiction; nil where there is none.
  package static func contradiction(in cpu: CPUDescription) -> Falsehood? {
    do throws(Falsehood) {
      try verify(cpu)
      return nil
    } catch {
      return error
    }
  }

  static func verify(_ cpu: CPUDescription) throws(Falsehood) {
    func count(_ key: String, _ stated: Int?, _ found: Int) throws(Falsehood) {
      guard let stated, stated != found else { return }
      throw Falsehood("machine.cpu.\(key)", "claims \(stated); what it lists gives \(found)")
    }
    let online = Set(cpu.onlineCPUs)
    func within(_ key: String, _ cpus: [Int]) throws(Falsehood) {
      guard online.isSuperset(of: cpus) else {
        throw Falsehood("machine.cpu.\(key)", "names a CPU that is not online")
      }
    }
    if let offline = cpu.offlineCPUs.value {
      try count("threads", cpu.threads, online.count + offline.count)
    }
    if !cpu.tree.isEmpty {
      try count("packages", cpu.packages.value, cpu.tree.count)
      try count("cores", cpu.cores.value, cpu.tree.reduce(0) { $0 + $1.cores })
      guard Set(cpu.tree.flatMap(\.cpus)) == online else {
        throw Falsehood("machine.cpu.online_cpus", "are not those of the packages")
      }
      for (index, package) in cpu.tree.enumerated() where !package.groups.isEmpty {
        let place = "tree[\(index)]"
        try count(
          "\(place).cores", package.cores, package.groups.reduce(0) { $0 + $1.cores })
        guard Set(package.groups.flatMap(\.cpus)).isSubset(of: package.cpus) else {
          throw Falsehood("machine.cpu.\(place).groups", "name a CPU that the package has not")
        }
      }
    }
    try within("allowed_cpus", cpu.allowedCPUs.value ?? [])
    try within("core_kinds", (cpu.coreKinds.value ?? []).flatMap(\.cpus))
    try within("numa_nodes", (cpu.numaNodes.value ?? []).flatMap(\.cpus))
    if let kinds = cpu.coreKinds.value, !kinds.isEmpty {
      try count("cores", cpu.cores.value, kinds.reduce(0) { $0 + $1.cores })
    }
  }
}
