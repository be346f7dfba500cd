internal import Kernels
package import LinuxSystem
internal import MachineFacts
package import Model

/// What RandomX finds on a machine, of which its rate depends: read, and never changed.
package enum RandomXReadiness {
  /// Pages of 2 MiB for the dataset, the cache while it is prepared, and the scratchpads of 32 threads.
  private static let poolPages: Int64 = 1200

  /// The library, the pool of huge pages, transparent ones, and whether the prefetchers' registers can be seen.
  package static func checks(_ root: SystemRoot) -> [Check] {
    let reader = FactReader(root: root)
    return [library(root), pool(reader), transparent(reader), registers(root)]
  }

  private static func library(_ root: SystemRoot) -> Check {
    guard root.isLive else {
      return Check(
        name: .randomXLibrary, verdict: .unknown,
        message: "a captured machine's library cannot be loaded")
    }
    if let obstacle = RandomXLibrary.obstacle {
      return Check(
        name: .randomXLibrary, verdict: .fail, message: obstacle.message, remedy: obstacle.remedy)
    }
    let file = RandomXLibrary.file ?? "librandomx"
    return Check(
      name: .randomXLibrary, verdict: .pass,
      message: "\(file) is loaded, "
        + (RandomXLibrary.obstacle(to: .v2) == nil
          ? "with versions 1 and 2 of RandomX" : "with version 1 of RandomX only"))
  }

  private static func pool(_ reader: FactReader) -> Check {
    let folder = "/sys/kernel/mm/hugepages/hugepages-2048kB"
    guard let all = reader.integer(folder + "/nr_hugepages").value,
      let free = reader.integer(folder + "/free_hugepages").value
    else {
      return Check(
        name: .hugePagePool, verdict: .unknown, message: "the pool of huge pages cannot be read")
    }
    let text = "\(free) of \(all) reserved pages of 2 MiB are free; a dataset wants \(poolPages)"
    guard free < poolPages else {
      return Check(name: .hugePagePool, verdict: .pass, message: text)
    }
    return Check(
      name: .hugePagePool, verdict: .fail, message: text,
      remedy: "'sudo sysctl vm.nr_hugepages=\(all - free + poolPages)', which takes "
        + "\(poolPages * 2) MiB from everything else until it is set back to \(all)")
  }

  private static func transparent(_ reader: FactReader) -> Check {
    let path = "/sys/kernel/mm/transparent_hugepage/enabled"
    let words = reader.text(path).value?.split(separator: " ").map(String.init) ?? []
    guard let chosen = words.first(where: { $0.hasPrefix("[") })?.dropFirst().dropLast() else {
      return Check(
        name: .transparentHugePages, verdict: .unknown,
        message: "whether the system gives transparent huge pages cannot be read")
    }
    guard chosen == "never" else {
      return Check(
        name: .transparentHugePages, verdict: .pass,
        message: "given to whoever asks (\(chosen)); hashwatt asks for the dataset")
    }
    return Check(
      name: .transparentHugePages, verdict: .fail, message: "never given",
      remedy: "'echo madvise | sudo tee \(path)'")
  }

  private static func registers(_ root: SystemRoot) -> Check {
    let path = "/dev/cpu/0/msr"
    return Check(
      name: .modelRegisters, verdict: .unknown,
      message: root.exists(path)
        ? "\(path) is there: miners set the prefetchers by such registers, hashwatt writes none and measures as they are"
        : "no \(path): the prefetchers are as the firmware set them")
  }
}
