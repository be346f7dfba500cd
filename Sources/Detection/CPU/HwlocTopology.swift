internal import CHwloc
internal import Glibc
internal import LinuxSystem
internal import MachineFacts
internal import Model
internal import Synchronization
internal import Text

/// Where hwloc reads a topology from.
enum TopologySource: Hashable {
  case live
  /// An XML file that hwloc exported.
  case xml(String)
  /// A folder that holds `sys` and `proc`, without a slash at its end.
  case root(String)
  /// A folder of CPUID dumps, one file a thread.
  case cpuid(String)
}

/// A loaded hwloc topology, destroyed when the value goes away.
@safe
struct HwlocTopology: ~Copyable {
  let handle: hwloc_topology_t

  /// hwloc takes the root of a capture from the environment, which belongs to the whole process.
  ///
  /// The lock holds a topology that is never loaded and never destroyed: with the last one hwloc unloads its plug-ins,
  /// and what libxml keeps for each thread that read a bad file would be lost with them.
  private static let environment = unsafe Mutex<hwloc_topology_t?>(nil)

  /// Loads a topology.
  ///
  /// Without `withDisallowed` it holds only what this process may use. Throws `Failure` with one line that names the
  /// file.
  static func load(_ source: TopologySource, withDisallowed: Bool = true) throws(Failure)
    -> HwlocTopology
  {
    try unsafe environment.withLock {
      (plugins: inout hwloc_topology_t?) throws(Failure) -> HwlocTopology in
      do {
        try EnvironmentOverride.apply(variables(for: source))
      } catch {
        throw Failure(.unavailable, "hwloc cannot be set up: \(error)")
      }
      // Programs that are started later must not inherit them.
      defer { try? EnvironmentOverride.apply(variables(for: source).map { ($0.name, nil) }) }
      if unsafe plugins == nil { _ = unsafe hwloc_topology_init(&plugins) }
      return try unsafe HwlocTopology(handle: loadedHandle(source, withDisallowed))
    }
  }

  @unsafe
  private init(handle: hwloc_topology_t) { unsafe self.handle = handle }

  @unsafe
  private static func loadedHandle(_ source: TopologySource, _ withDisallowed: Bool)
    throws(Failure) -> hwloc_topology_t
  {
    var loaded: hwloc_topology_t?
    guard unsafe hwloc_topology_init(&loaded) == 0, let topology = unsafe loaded else {
      throw Failure(.unavailable, "hwloc cannot be started: \(Errno.current)")
    }
    let flags = withDisallowed ? UInt(HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED.rawValue) : 0
    _ = unsafe hwloc_topology_set_flags(topology, flags)
    _ = unsafe hwloc_topology_set_icache_types_filter(topology, HWLOC_TYPE_FILTER_KEEP_ALL)
    // Only an XML file brings its own PCI devices; else they are read through libpci.
    if case .xml = source {
      _ = unsafe hwloc_topology_set_io_types_filter(topology, HWLOC_TYPE_FILTER_KEEP_ALL)
    }
    if case .xml(let file) = source, unsafe hwloc_topology_set_xml(topology, file) != 0 {
      unsafe hwloc_topology_destroy(topology)
      throw Failure(
        .badInput, "\(file): not a hwloc topology that hwloc \(HwlocTopology.version) can read",
        remedy: "export it with 'lstopo --of xml FILE' of a hwloc 2 release")
    }
    guard unsafe hwloc_topology_load(topology) == 0 else {
      unsafe hwloc_topology_destroy(topology)
      throw loadFailure(source)
    }
    return unsafe topology
  }

  deinit { unsafe hwloc_topology_destroy(handle) }

  private static func loadFailure(_ source: TopologySource) -> Failure {
    switch source {
    case .live: Failure(.unavailable, "hwloc cannot read this machine's topology: \(Errno.current)")
    case .xml(let file):
      Failure(
        .badInput, "\(file): hwloc \(version) cannot load this topology",
        remedy: "export it with 'lstopo --of xml FILE' of a hwloc 2 release")
    case .root(let folder):
      Failure(
        .badInput, "\(folder): hwloc finds no topology below it",
        remedy: "capture one with 'hashwatt detect --capture DIR'")
    case .cpuid(let folder):
      Failure(.badInput, "\(folder): hwloc cannot load these CPUID dumps")
    }
  }

  /// The version of hwloc's interface that this was loaded with, such as `2.8`.
  static var version: String {
    let number = hwloc_get_api_version()
    return "\(number >> 16).\(number >> 8 & 0xff)"
  }

  private static func variables(for source: TopologySource) -> [(name: String, value: String?)] {
    var root: String?
    var cpuid: String?
    // Threads that this machine runs must not leak into a capture: only the named component may look.
    var components = "linux,x86,stop"
    switch source {
    case .live: break
    case .xml: components = ""
    case .root(let folder):
      root = folder
      components = "linux,stop"
    case .cpuid(let folder):
      cpuid = folder
      components = "x86,stop"
    }
    return [
      ("HWLOC_FSROOT", root), ("HWLOC_CPUID_PATH", cpuid),
      ("HWLOC_COMPONENTS", components.isEmpty ? nil : components),
      ("HWLOC_XMLFILE", nil), ("HWLOC_SYNTHETIC", nil), ("HWLOC_DUMPED_HWDATA_DIR", nil),
      ("HWLOC_THISSYSTEM", source == .live ? nil : "0"),
      ("HWLOC_HIDE_ERRORS", "2"),
      // Plug-ins of GPU libraries take long to load and look at the live machine.
      (
        "HWLOC_PLUGINS_BLACKLIST",
        "hwloc_opencl.so,hwloc_cuda.so,hwloc_nvml.so,hwloc_rsmi.so,hwloc_levelzero.so,hwloc_gl.so"
      ),
    ]
  }
}

extension HwlocTopology {
  /// All objects of one type, in logical order.
  @unsafe
  borrowing func objects(_ type: hwloc_obj_type_t) -> [hwloc_obj_t] {
    var found: [hwloc_obj_t] = unsafe []
    var previous: hwloc_obj_t? = nil
    while let next = unsafe hwloc_get_next_obj_by_type(handle, type, previous) {
      unsafe found.append(next)
      unsafe previous = next
    }
    return unsafe found
  }

  /// How many objects of one type there are, at whatever depth.
  borrowing func count(_ type: hwloc_obj_type_t) -> Int { unsafe objects(type).count }

  /// The members of a set, ascending; empty for an infinite or missing one.
  @unsafe
  static func members(_ set: hwloc_const_bitmap_t?) -> [Int] {
    guard let set = unsafe set, unsafe hwloc_bitmap_weight(set) >= 0 else { return [] }
    var found: [Int] = []
    var index = unsafe hwloc_bitmap_first(set)
    while index >= 0 {
      found.append(Int(index))
      index = unsafe hwloc_bitmap_next(set, index)
    }
    return found
  }

  /// A named text that belongs to an object, without blanks at its ends; nil when absent or empty.
  @unsafe
  static func info(_ object: hwloc_obj_t, _ name: String) -> String? {
    guard let text = unsafe hwloc_obj_get_info_by_name(object, name) else { return nil }
    return unsafe String(cString: text).trimmed.nonEmpty
  }
}
