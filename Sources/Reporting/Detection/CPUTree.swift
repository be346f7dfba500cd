internal import Model
internal import Text

/// The packages of a CPU as a compact tree; equal branches are one line.
enum CPUTree {
  static func lines(_ cpu: CPUDescription) -> [String] {
    var lines: [String] = []
    let packages = cpu.tree
    for (index, package) in packages.enumerated() {
      let isLast = index == packages.count - 1
      let name = package.index.map { "package \($0)" } ?? "package"
      lines.append(
        "\(isLast ? "└─" : "├─") \(name): \(CountText.text(package.cores, "core")), "
          + "\(CountText.text(package.cpus.count, "thread")) "
          + "(CPUs \(CPUList.text(package.cpus)))")
      var branches = nodes(of: package, in: cpu)
      branches += groups(of: package)
      for (position, branch) in branches.enumerated() {
        lines.append(
          "\(isLast ? "  " : "│ ") \(position == branches.count - 1 ? "└─" : "├─") \(branch)")
      }
    }
    return lines
  }

  private static func nodes(of package: PackageDescription, in cpu: CPUDescription) -> [String] {
    let members = Set(package.cpus)
    let all = cpu.numaNodes.value ?? []
    // One node for the whole machine says nothing that the memory's size does not.
    guard all.count > 1 else { return [] }
    return all.filter { $0.cpus.first.map(members.contains) ?? false }.map { node in
      let size = node.memory.value.map { " \(QuantityText.bytes($0.value))" } ?? ""
      return "NUMA node \(node.index)\(size) (CPUs \(CPUList.text(node.cpus)))"
    }
  }

  private static func groups(of package: PackageDescription) -> [String] {
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
      return lists.count == 1
        ? "\(what): \(content) \(cpus)" : "\(lists.count) x \(what): \(content) each \(cpus)"
    }
  }
}
