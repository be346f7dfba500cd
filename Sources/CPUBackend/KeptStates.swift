internal import Dispatch
internal import Kernels
package import LinuxSystem
internal import MachineFacts
internal import Model

/// States that a library takes long to prepare: made by pinned threads before any session, one for each memory node
/// where it is large, and kept from one session to the next.
internal final class KeptStates: Sendable {
  /// What a session uses.
  struct Use: Sendable {
    /// The state of each of the CPUs, in their order.
    let states: [PreparedState]
    /// What is told of them.
    let facts: [WorkerFact: StateValue]
    /// What preparing them took, as far as it was metered.
    let preparations: [MeteredPreparation]
  }

  private struct Name: Hashable {
    let library: String
    let key: [UInt8]
    let node: Int
  }

  private struct Kept {
    let state: PreparedState
    /// How long preparing it took.
    let time: Seconds
    /// The same of all that were prepared at the same time, by the run's meters.
    let metered: MeteredPreparation?
  }

  private let kept = Locked<[Name: Kept]>([:])
  private let watch = Locked<(any PreparationWatch)?>(nil)
  private let reader: FactReader
  private let patience: Patience
  private let isCancelled: @Sendable () -> Bool

  init(
    _ patience: Patience, memory: SystemRoot = .live, isCancelled: @escaping @Sendable () -> Bool
  ) {
    reader = FactReader(root: memory)
    self.patience = patience
    self.isCancelled = isCancelled
  }

  func meter(_ watch: any PreparationWatch) { self.watch.withLock { $0 = watch } }

  /// The states for a kernel on these CPUs, prepared for a key; nil for a kernel whose states are not kept.
  ///
  /// - Throws: unavailable where memory is lacking; `Interrupted`; `StuckKernel`.
  func use(_ variant: KernelVariant, key: [UInt8], cpus: [Int]) throws -> Use? {
    guard let library = variant.state?.library else { return nil }
    let layout = StateLayout(cpus, library.isLarge ? MemoryNodes(reader) : nil)
    let distinct = layout.parts.map(\.node)
    func name(_ node: Int) -> Name { Name(library: library.name, key: key, node: node) }
    // What another key made serves nobody any more.
    kept.withLock { kept in kept = kept.filter { $0.key.key == key } }
    let missing = distinct.filter { node in kept.withLock { $0[name(node)] == nil } }
    if !missing.isEmpty {
      try checkRoom(library, states: missing.count, of: variant.algorithm)
      let parts = layout.parts.filter { missing.contains($0.node) }
      for (node, made) in try prepare(variant, key, parts) {
        kept.withLock { $0[name(node)] = made }
      }
    }
    let all = kept.withLock { kept in distinct.compactMap { kept[name($0)] } }
    return Use(
      states: layout.places.compactMap { place in kept.withLock { $0[name(place)]?.state } },
      facts: facts(variant, library, all),
      preparations: Set(all.compactMap(\.metered)).sorted { $0.start.first < $1.start.first })
  }

  // MARK: Memory

  /// States that nobody uses now are given up before memory is said to be lacking.
  private func checkRoom(
    _ library: KernelVariant.LibraryState, states: Int, of algorithm: AlgorithmID
  ) throws(Failure) {
    let wanted = library.memory.value * UInt64(states)
    if HugePagePool.freeBytes(reader) >= wanted { return }
    guard var room = MemoryRoom(reader) else { return }
    if room.bytes < wanted {
      kept.withLock { $0 = [:] }
      guard let again = MemoryRoom(reader) else { return }
      room = again
    }
    guard room.bytes < wanted else { return }
    func mebibytes(_ bytes: UInt64) -> String { "\(bytes >> 20) MiB" }
    let each = states > 1 ? " for \(states) memory nodes" : ""
    throw Failure(
      .unavailable,
      "\(algorithm): the \(library.name) takes \(mebibytes(wanted))\(each), and "
        + "\(mebibytes(room.bytes)) are free (\(room.limit.rawValue))",
      remedy: library.isLarge
        ? "free memory, or choose --kernel librandomx-light-jit, which takes 256 MiB"
        : "free memory")
  }

  // MARK: Preparing

  /// One state for each node, all at the same time, each by the threads on its own CPUs.
  private func prepare(
    _ variant: KernelVariant, _ key: [UInt8], _ parts: [StateLayout.Part]
  ) throws -> [Int: Kept] {
    let ends = watch.withLock { $0 }?.began()
    let clock = RawMonotonicClock()
    let start = clock.now()
    let stop = StopWord()
    let ended = DispatchSemaphore(value: 0)
    let problem = Locked<Failure?>(nil)
    let threads = ThreadGroup()
    var states: [Int: PreparedState] = [:]
    var flags: [FaultFlag] = []
    do {
      for part in parts {
        let (node, cpus) = (part.node, part.cpus)
        guard let state = try variant.makeState(key: key) else { continue }
        states[node] = state
        for (number, cpu) in cpus.enumerated() {
          let flag = FaultFlag()
          flags.append(flag)
          try threads.start {
            defer { ended.signal() }
            if variant.id.isAdded { flag.parkThisThreadOnFault() }
            do throws(Failure) {
              try Self.fill(variant, state, part: number, of: cpus.count, cpu: cpu, stop)
            } catch {
              problem.withLock { $0 = $0 ?? error }
              stop.set()
            }
          }
        }
      }
    } catch {
      stop.set()
      threads.join()
      throw error
    }
    try wait(ended, flags, stop, variant)
    threads.join()
    if isCancelled() { throw Interrupted() }
    if let problem = problem.withLock({ $0 }) { throw problem }
    let time = clock.now().since(start)
    let metered = ends?()
    return states.mapValues { Kept(state: $0, time: time, metered: metered) }
  }

  private static func fill(
    _ variant: KernelVariant, _ state: PreparedState, part: Int, of parts: Int, cpu: Int,
    _ stop: StopWord
  ) throws(Failure) {
    do throws(SystemError) { try Affinity.pinCurrentThread(to: cpu) } catch {
      throw Failure(
        .unavailable, "\(error)", remedy: "choose CPUs that are online and allowed ('--cpus')")
    }
    do throws(KernelFault) { try variant.prepare(state, part: part, of: parts, stop: stop) } catch {
      throw Failure(error.exitCode, error.message, remedy: error.remedy)
    }
  }

  /// Waits for every thread; a person's interruption only ends them earlier.
  private func wait(
    _ ended: DispatchSemaphore, _ flags: [FaultFlag], _ stop: StopWord, _ variant: KernelVariant
  ) throws {
    let slice = 0.05
    // Counted, since any slice may pass while the process is stopped.
    var left = Int(patience.preparation.value / slice)
    for _ in flags {
      while ended.wait(timeout: .now() + slice) == .timedOut {
        left -= 1
        if isCancelled() { stop.set() }
        let crash = flags.lazy.compactMap(\.signalName).first
        guard crash != nil || left <= 0 else { continue }
        stop.set()
        ProcessControl.giveUpThread()
        throw StuckKernel(
          variant.algorithm, variant.id, crash.map { .crashed($0) } ?? .silent(patience.preparation)
        )
      }
    }
  }

  // MARK: What is told

  private func facts(
    _ variant: KernelVariant, _ library: KernelVariant.LibraryState, _ all: [Kept]
  ) -> [WorkerFact: StateValue] {
    let memories = all.compactMap { variant.memory(of: $0.state) }
    let bytes = memories.reduce(UInt64(0)) {
      $0 + (library.isLarge ? UInt64($1.addresses.count) : library.memory.value)
    }
    var facts: [WorkerFact: StateValue] = [
      .preparation: .number(all.map(\.time.value).max() ?? 0),
      .preparedBytes: .integer(Int64(clamping: bytes)),
      .hugePages: .text(HugePageReport.text(memories.map(ScratchPlacement.init), root: .live)),
    ]
    let advised = memories.filter { $0.hugePages == .advised }.map(\.addresses)
    if !advised.isEmpty, let bytes = HugePageReport.hugeBytes(advised, root: .live) {
      facts[.hugePageBytes] = .integer(Int64(clamping: bytes))
      // The ends of a library's memory share their pages with others, and never lie on huge ones.
      let wanted = advised.reduce(UInt64(0)) { $0 + UInt64($1.count) }
      let ends = UInt64(advised.count) << 22
      if advised.count == memories.count, bytes + ends >= wanted {
        facts[.hugePages] = .text("transparent")
      }
    }
    if library.isLarge { facts[.preparedNodes] = .integer(Int64(all.count)) }
    if let file = variant.library { facts.merge(LibraryFacts.of(file)) { $1 } }
    return facts
  }
}

extension ScratchPlacement {
  /// The ends of a library's memory share their pages with others: only whole huge pages are asked about.
  fileprivate init(_ memory: PreparedMemory) {
    let huge: UInt = 1 << 21
    let low = (memory.addresses.lowerBound + huge - 1) / huge * huge
    let high = memory.addresses.upperBound / huge * huge
    self =
      switch memory.hugePages {
      case .notNeeded: .notNeeded
      case .granted: .granted
      case .refused: .refused
      case .advised: low < high ? .advised(low..<high) : .refused
      }
  }
}

/// Which CPUs use which state: one for each memory node that has some of them.
package struct StateLayout: Hashable, Sendable {
  /// One state, and the CPUs whose threads prepare and use it.
  package struct Part: Hashable, Sendable {
    package let node: Int
    package let cpus: [Int]
  }

  /// The node of each CPU, in their order.
  package let places: [Int]
  /// In the order of the nodes.
  package let parts: [Part]

  /// Without nodes there is one state for all.
  package init(_ cpus: [Int], _ nodes: MemoryNodes?) {
    let places = cpus.map { nodes?.node(of: $0) ?? 0 }
    self.places = places
    parts = Set(places).sorted().map { node in
      Part(node: node, cpus: zip(cpus, places).filter { $0.1 == node }.map(\.0))
    }
  }
}

/// Which memory node each CPU belongs to.
package struct MemoryNodes: Hashable, Sendable {
  private let nodes: [Int: Int]

  /// As a tree that stands in for a machine, or the machine itself, says.
  package init(_ root: SystemRoot) { self.init(FactReader(root: root)) }

  init(_ reader: FactReader) {
    let folder = "/sys/devices/system/node"
    var nodes: [Int: Int] = [:]
    for name in reader.names(folder) where name.hasPrefix("node") {
      guard let node = Int(name.dropFirst(4)) else { continue }
      for cpu in reader.list("\(folder)/\(name)/cpulist") ?? [] { nodes[cpu] = node }
    }
    self.nodes = nodes
  }

  /// 0 for a CPU of which nothing is said.
  package func node(of cpu: Int) -> Int { nodes[cpu] ?? 0 }
}

/// What is told of a library that hashes: its file's name, its digest, the version of its package.
private enum LibraryFacts {
  private static let known = Locked<[String: [WorkerFact: StateValue]]>([:])
  /// Larger than any build of librandomx.
  private static let longestFile = 64 << 20
  private static let packages = "/var/lib/dpkg/status"

  static func of(_ file: String) -> [WorkerFact: StateValue] {
    if let facts = known.withLock({ $0[file] }) { return facts }
    let name = file.split(separator: "/").last.map(String.init) ?? file
    var facts: [WorkerFact: StateValue] = [.library: .text(name)]
    if let bytes = try? SystemRoot.live.bytes(file, limit: longestFile) {
      facts[.libraryDigest] = .text(Hexadecimal.encode(SHA256.hash(bytes)))
    }
    if file.hasPrefix("/usr/lib/") || file.hasPrefix("/lib/"), let version = packagedVersion() {
      facts[.libraryVersion] = .text(version)
    }
    known.withLock { $0[file] = facts }
    return facts
  }

  /// The version of Debian's package; the library itself tells none.
  private static func packagedVersion() -> String? {
    guard let text = try? SystemRoot.live.text(packages, limit: longestFile) else { return nil }
    var isOurs = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("Package: ") { isOurs = line == "Package: librandomx0" }
      if isOurs, line.hasPrefix("Version: ") { return String(line.dropFirst(9)) }
    }
    return nil
  }
}
