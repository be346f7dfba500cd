internal import Model
internal import Text

/// The packages of a CPU as a compact tree; equal branches are one line.
enum CPUTree {
  static func lines(_ cpu: CPUDescription) -> [String] {
    var lines: [String] = []
    let packages = merged(cpu.tree)
    let wide = nodesOverPackages(cpu)
    for (index, equal) in packages.enumerated() {
      let package = equal[0]
      let isLast = index == packages.count - 1 && wide.isEmpty
      let content =
        "\(CountText.text(package.cores, "core")), "
        + CountText.text(package.cpus.count, "thread")
      if equal.count == 1 {
        let name = package.index.map { "package \($0)" } ?? "package"
        lines.append(
          "\(isLast ? "└─" : "├─") \(name): \(content) (CPUs \(CPUList.text(package.cpus)))")
      } else {
        let cpus = CPUList.text(equal.flatMap(\.cpus).sorted())
        lines.append(
          "\(isLast ? "└─" : "├─") \(equal.count) x package: \(content) each (CPUs \(cpus))")
      }
      var branches = equal.count == 1 ? nodes(of: package, in: cpu) : []
      if areAlike(equal) { branches += groups(of: package, isOne: equal.count == 1) }
      for (position, branch) in branches.enumerated() {
        lines.append(
          "\(isLast ? "  " : "│ ") \(position == branches.count - 1 ? "└─" : "├─") \(branch)")
      }
    }
    for (index, node) in wide.enumerated() {
      lines.append("\(index == wide.count - 1 ? "└─" : "├─") \(node)")
    }
    return lines
  }

  /// Packages alone, but more than two equal ones together.
  private static func merged(_ packages: [PackageDescription]) -> [[PackageDescription]] {
    guard packages.count > 2 else { return packages.map { [$0] } }
    struct Shape: Hashable {
      let cores: Int
      let threads: Int
    }
    var order: [Shape] = []
    var members: [Shape: [PackageDescription]] = [:]
    for package in packages {
      let shape = Shape(cores: package.cores, threads: package.cpus.count)
      if members[shape] == nil { order.append(shape) }
      members[shape, default: []].append(package)
    }
    return order.flatMap { shape -> [[PackageDescription]] in
      let equal = members[shape] ?? []
      return equal.count > 2 ? [equal] : equal.map { [$0] }
    }
  }

  /// Whether packages also share their caches alike: where a source shows one's only, none is shown.
  private static func areAlike(_ packages: [PackageDescription]) -> Bool {
    Set(
      packages.map { package in
        package.groups.map {
          "\($0.cache ?? "-") \($0.size?.value ?? 0) \($0.cores) \($0.cpus.count)"
        }
      }
    ).count == 1
  }

  private static func nodes(of package: PackageDescription, in cpu: CPUDescription) -> [String] {
    let members = Set(package.cpus)
    let all = cpu.numaNodes.value ?? []
    // One node for the whole machine says nothing that the memory's size does not.
    guard all.count > 1 else { return [] }
    return all.filter { !$0.cpus.isEmpty && members.isSuperset(of: $0.cpus) }.map(node)
  }

  /// Nodes that belong to no single package: they span several, or the packages are not shown one by one.
  private static func nodesOverPackages(_ cpu: CPUDescription) -> [String] {
    let all = cpu.numaNodes.value ?? []
    guard all.count > 1 else { return [] }
    let packages = merged(cpu.tree).filter { $0.count == 1 }.map { Set($0[0].cpus) }
    let left = all.filter { node in
      !node.cpus.isEmpty && !packages.contains { $0.isSuperset(of: node.cpus) }
    }
    guard left.count > 4 else { return left.map(node) }
    return ["\(left.count) NUMA nodes"]
  }

  private static func node(_ node: NUMANode) -> String {
    let size = node.memory.value.map { " \(QuantityText.bytes($0.value))" } ?? ""
    return "NUMA node \(node.index)\(size) (CPUs \(CPUList.text(node.cpus)))"
  }

  private static func groups(of package: PackageDescription, isOne: Bool) -> [String] {
    struct Shape: Hashable {
      let cache: String?
      let size: UInt64?
      let cores: Int
      let threads: Int
    }
    var order: [Shape] = []
    var members: [Shape: [[Int]]] = [:]
    for group in package.groups {
      let shape = Shape(
        cache: group.cache, size: group.size?.value, cores: group.cores, threads: group.cpus.count)
      if members[shape] == nil { order.append(shape) }
      members[shape, default: []].append(group.cpus)
    }
    return order.map { shape in
      let lists = members[shape] ?? []
      let cache = shape.cache.map { name in
        "\(name)\(shape.size.map { " " + QuantityText.bytes($0) } ?? "")"
      }
      let what = cache ?? "no shared cache"
      let content =
        "\(CountText.text(shape.cores, "core")), "
        + CountText.text(shape.threads, "thread")
      let cpus = "(CPUs \(CPUList.text(lists.flatMap(\.self).sorted())))"
      let place = isOne ? " " + cpus : ""
      return lists.count == 1
        ? "\(what): \(content)\(place)"
        : "\(lists.count) x \(what): \(content) each\(place)"
    }
  }
}
