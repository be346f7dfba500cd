/// What one worker of a device is called.
///
/// Open: a backend brings its own.
package struct WorkerKind: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
  package var description: String { rawValue }

  /// A thread of the CPU.
  package static let thread = WorkerKind(rawValue: "thread")
  /// A queue of a GPU.
  package static let queue = WorkerKind(rawValue: "queue")
  /// One of several kinds, of devices that are measured together.
  package static let worker = WorkerKind(rawValue: "worker")
  /// A connection to a miner.
  package static let connection = WorkerKind(rawValue: "connection")
}

/// What is told of workers besides their number: how they were set up, and what they got.
///
/// Open: a backend brings its own.
package struct WorkerFact: FactName, CustomStringConvertible {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
  package var description: String { rawValue }

  /// Whether a CPU's scratch memory got huge pages: `not-needed`, `granted`, `refused` or `transparent`.
  package static let hugePages = WorkerFact(rawValue: "huge_pages")
  /// Seconds that preparing a state took, on the workers' own CPUs and before any window.
  package static let preparation = WorkerFact(rawValue: "preparation_s")
  /// Bytes that the prepared states take, of all memory nodes.
  package static let preparedBytes = WorkerFact(rawValue: "prepared_bytes")
  /// Bytes of them that lie on huge pages, where the system was asked for these and tells.
  package static let hugePageBytes = WorkerFact(rawValue: "huge_page_bytes")
  /// Memory nodes that have a prepared state of their own.
  package static let preparedNodes = WorkerFact(rawValue: "prepared_nodes")
  /// The library that hashes: its file's name, the version of the package that it belongs to, its digest.
  package static let library = WorkerFact(rawValue: "library")
  package static let libraryVersion = WorkerFact(rawValue: "library_version")
  package static let libraryDigest = WorkerFact(rawValue: "library_sha256")
  /// The epoch that a dataset belongs to, and the dataset's bytes.
  package static let epoch = WorkerFact(rawValue: "epoch")
  package static let datasetBytes = WorkerFact(rawValue: "dataset_bytes")
  /// Seconds of the preparation in which the device built it.
  package static let datasetTime = WorkerFact(rawValue: "dataset_s")
  /// Items in one group of a GPU.
  package static let group = WorkerFact(rawValue: "group")
  /// Attempts in one launch of a GPU.
  package static let launch = WorkerFact(rawValue: "launch")
  /// How a GPU is reached, and by whose compiler its kernels are made.
  package static let route = WorkerFact(rawValue: "route")
  /// Version of OpenCL or CUDA, of the driver, and what the driver calls the device.
  package static let api = WorkerFact(rawValue: "api")
  package static let driver = WorkerFact(rawValue: "driver")
  package static let deviceName = WorkerFact(rawValue: "device_name")
  /// Scratch memory of all queues together.
  package static let scratchBytes = WorkerFact(rawValue: "scratch_bytes")
  /// SHA-256 of the kernel's source as its compiler gets it.
  package static let sourceDigest = WorkerFact(rawValue: "source_sha256")
  /// Of a miner.
  package static let address = WorkerFact(rawValue: "address")
  package static let difficulty = WorkerFact(rawValue: "difficulty")
}

/// A placement as a series is called by it: `8t`, `8t/P`, `2q`.
package struct PlacementName: Hashable, Sendable, CustomStringConvertible {
  package let kind: WorkerKind
  /// Number of workers, at least 1.
  package let workers: Int
  /// The part of the device when a run tells parts apart, such as a core kind (`P`, `E`); nil for the whole.
  package let part: String?

  package init(_ kind: WorkerKind, workers: Int, part: String? = nil) {
    self.kind = kind
    self.workers = workers
    self.part = part
  }

  package var description: String {
    "\(workers)\(kind.rawValue.prefix(1))\(part.map { "/" + $0 } ?? "")"
  }
}

/// Where the workers of a series run: made, named and written by the backend of its device.
///
/// Everybody else knows the name and the number of workers.
package struct Placement: Hashable, Sendable {
  package let name: PlacementName
  /// Where each worker is, in the workers' order, such as the CPU that it is pinned to; empty for workers that have no
  /// place of their own.
  package let places: [Int]
  /// What else the backend was told or chose: group size, launch length, address, difficulty.
  package let facts: [WorkerFact: StateValue]

  package init(_ name: PlacementName, places: [Int] = [], facts: [WorkerFact: StateValue] = [:]) {
    self.name = name
    self.places = places
    self.facts = facts
  }

  /// One thread pinned to each of these CPUs; `kind` where a run tells core kinds apart.
  package static func cpus(_ cpus: [Int], kind: String? = nil) -> Placement {
    Placement(PlacementName(.thread, workers: cpus.count, part: kind), places: cpus)
  }

  package var workers: Int { name.workers }

  /// What cannot be true of a placement; nil for a sound one.
  package var problem: String? {
    if workers < 1 { return "no \(name.kind)" }
    guard !places.isEmpty else { return nil }
    if places.count != workers {
      return "\(workers) \(name.kind)s, but \(places.count) places are named"
    }
    return Set(places).count == workers ? nil : "a place is named twice"
  }
}

/// What a user asks of where a device's workers run.
package struct PlacementWish: Hashable, Sendable {
  /// A number of workers.
  package enum Count: Hashable, Sendable {
    /// As many as the device takes.
    case all
    case count(Int)
    /// The number with the greatest rate, by brief measurements.
    case best
  }

  /// Each is a placement of its own; empty where nothing was said.
  package var counts: [Count]
  /// The words of `--cpus`; nil where nothing was said.
  package var cpus: String?
  /// The kinds of core that the words may name.
  package var coreKinds: [CoreKind]
  /// The CPU time that control groups allow, in CPUs; nil where it is not limited.
  package var cpuQuota: Double?
  /// Bytes of all last-level caches together; nil where they are not known.
  package var lastLevelCache: ByteCount?

  package init(
    counts: [Count] = [], cpus: String? = nil, coreKinds: [CoreKind] = [], cpuQuota: Double? = nil,
    lastLevelCache: ByteCount? = nil
  ) {
    self.counts = counts
    self.cpus = cpus
    self.coreKinds = coreKinds
    self.cpuQuota = cpuQuota
    self.lastLevelCache = lastLevelCache
  }

  /// Whether anything was said that only a CPU can follow.
  package var isAboutCPUs: Bool { !counts.isEmpty || cpus != nil }

  /// The same without what only a CPU can follow.
  package var notAboutCPUs: PlacementWish {
    var wish = self
    wish.counts = []
    wish.cpus = nil
    return wish
  }
}
