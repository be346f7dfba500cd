internal import CHwloc
internal import Model

/// What hwloc tells of a machine, as plain values.
struct TopologyFacts {
  struct Package: Hashable {
    var description: PackageDescription
    /// What hwloc calls `CPUVendor`, `CPUModel`, `CPUFamilyNumber` and so on.
    var infos: [String: String]
  }

  var packages: [Package]
  /// Nil where the source tells nothing about dies.
  var dies: Int?
  var cores: Int
  /// Threads of each core.
  var cpusOfCores: [[Int]]
  /// Every CPU that the source knows of, offline ones included.
  var completeCPUs: [Int]
  /// Online CPUs, disallowed ones included.
  var onlineCPUs: [Int]
  var allowedCPUs: [Int]
  /// Packages and NUMA nodes that have a CPU or memory for this process, where that is not all of them.
  var usable: (packages: Int, numaNodes: Int)?
  var kinds: [Kind]
  var caches: [CacheDescription]
  var numaNodes: [NUMANode]
  /// What hwloc calls the memory of a node that is no ordinary one: `GPUMemory`, `HBM`, `CXL-DRAM`.
  var nodeKinds: [Int: String]
  var totalMemory: UInt64
  /// Texts of the whole machine: `DMIBoardName`, `OSRelease`, ...
  var machineInfos: [String: String]
  var pciObjects: [TopologyPCIObject]

  struct Kind: Hashable {
    var cpus: [Int]
    /// hwloc's rank, higher is faster; negative when it knows none.
    var efficiency: Int
    var infos: [String: String]
  }
}

extension TopologyFacts {
  /// With all packages as one: kernels of boards number clusters of one chip as packages.
  func withOnePackage() -> TopologyFacts {
    guard packages.count > 1, let first = packages.first else { return self }
    var facts = self
    facts.packages = [
      Package(
        description: PackageDescription(
          index: nil, modelName: first.description.modelName,
          cores: packages.reduce(0) { $0 + $1.description.cores },
          cpus: packages.flatMap(\.description.cpus).sorted(),
          groups: packages.flatMap(\.description.groups)),
        infos: first.infos)
    ]
    return facts
  }

  /// Nodes whose memory is that of GPUs, which is no main memory.
  var gpuMemoryNodes: [NUMANode] {
    let isPOWER =
      machineInfos["Architecture"]?.hasPrefix("ppc64") == true
      || packages.contains { $0.infos["CPUModel"]?.hasPrefix("POWER") == true }
    return numaNodes.filter { node in
      if nodeKinds[node.index] == "GPUMemory" { return true }
      // POWER9 numbers the memory of its GPUs down from 255.
      return isPOWER && node.cpus.isEmpty && node.index >= 240 && nodeKinds[node.index] == nil
    }
  }
}

/// A PCI function as an exported topology shows it.
struct TopologyPCIObject: Hashable {
  var address: PCIAddress
  var vendor: UInt16
  var device: UInt16
  var subsystemVendor: UInt16
  var subsystemDevice: UInt16
  var classCode: UInt16
  var revision: UInt8
  /// GB/s as hwloc computes it; 0 where it is not known.
  var linkSpeed: Double
  var vendorName: String?
  var deviceName: String?
  /// Names that operating-system devices below it bear: `cuda0=Tesla T4`.
  var operatingSystemDevices: [String]
  /// The NUMA nodes near it.
  var numaNodes: [Int]
}

extension TopologyFacts {
  private static let packageInfoNames = [
    "CPUVendor", "CPUModel", "CPUFamilyNumber", "CPUModelNumber", "CPUStepping", "CPURevision",
    "CPUType", "PlatformName", "PlatformModel", "PlatformBoardID", "CPUImplementer", "CPUPart",
    "CPUVariant",
  ]
  private static let machineInfoNames = [
    "DMIBoardVendor", "DMIBoardName", "DMIProductName", "DMISysVendor", "DMIBIOSVersion",
    "DMIBIOSDate", "DMIBIOSVendor", "OSName", "OSRelease", "Architecture", "CPUVendor", "CPUModel",
    "CPUFamilyNumber", "CPUModelNumber", "CPUStepping", "PlatformName", "PlatformModel",
    "HardwareName", "HardwareRevision", "SoC0ID", "CPUImplementer", "CPUPart",
  ]

  init(_ topology: borrowing HwlocTopology) {
    let root = unsafe hwloc_get_root_obj(topology.handle)
    let coreObjects = unsafe topology.objects(HWLOC_OBJ_CORE)
    let coreSets = unsafe coreObjects.map { unsafe HwlocTopology.members($0.pointee.cpuset) }
    let cacheObjects = unsafe TopologyFacts.caches(of: topology)

    cpusOfCores = coreSets
    cores = coreSets.count
    onlineCPUs = unsafe HwlocTopology.members(hwloc_topology_get_topology_cpuset(topology.handle))
    completeCPUs = unsafe HwlocTopology.members(
      hwloc_topology_get_complete_cpuset(topology.handle))
    let allowed = unsafe Set(
      HwlocTopology.members(hwloc_topology_get_allowed_cpuset(topology.handle)))
    allowedCPUs = onlineCPUs.filter(allowed.contains)

    packages = unsafe topology.objects(HWLOC_OBJ_PACKAGE).map { object in
      let cpus = unsafe HwlocTopology.members(object.pointee.cpuset)
      let inside = Set(cpus)
      let infos = unsafe TopologyFacts.infos(of: object, TopologyFacts.packageInfoNames)
      let index = unsafe object.pointee.os_index
      return Package(
        description: PackageDescription(
          index: index == UInt32.max ? nil : Int(index),
          modelName: infos["CPUModel"].map { .value($0) }
            ?? .unavailable(Reason(.absent, "the topology names no model for this package")),
          cores: coreSets.count { $0.first.map(inside.contains) ?? false }, cpus: cpus,
          groups: TopologyFacts.groups(within: cpus, caches: cacheObjects, cores: coreSets)),
        infos: infos)
    }
    let dieCount = topology.count(HWLOC_OBJ_DIE)
    dies = dieCount > 0 ? dieCount : nil
    // A size of 0 is one that the source does not tell.
    caches = TopologyFacts.summarise(cacheObjects.filter { $0.size > 0 })
    kinds = unsafe TopologyFacts.kinds(of: topology)
    numaNodes = unsafe topology.objects(HWLOC_OBJ_NUMANODE).map { node in
      let memory = unsafe node.pointee.attr.pointee.numanode.local_memory
      return unsafe NUMANode(
        index: Int(node.pointee.os_index),
        memory: memory > 0
          ? .value(ByteCount(memory))
          : .unavailable(Reason(.absent, "the topology tells no memory size for this node")),
        cpus: HwlocTopology.members(node.pointee.cpuset))
    }
    nodeKinds = unsafe TopologyFacts.nodeKinds(of: topology)
    totalMemory = unsafe root.map { unsafe $0.pointee.total_memory } ?? 0
    machineInfos =
      unsafe root.map { unsafe TopologyFacts.infos(of: $0, TopologyFacts.machineInfoNames) } ?? [:]
    pciObjects = unsafe TopologyFacts.pciObjects(of: topology)
  }

  @unsafe
  private static func nodeKinds(of topology: borrowing HwlocTopology) -> [Int: String] {
    let named = unsafe topology.objects(HWLOC_OBJ_NUMANODE).compactMap { node -> (Int, String)? in
      guard let subtype = unsafe node.pointee.subtype else { return nil }
      return unsafe (Int(node.pointee.os_index), String(cString: subtype))
    }
    return Dictionary(named) { first, _ in first }
  }

  @unsafe
  private static func infos(of object: hwloc_obj_t, _ names: [String]) -> [String: String] {
    var infos: [String: String] = [:]
    for name in names { unsafe infos[name] = HwlocTopology.info(object, name) }
    return infos
  }

  @unsafe
  private static func kinds(of topology: borrowing HwlocTopology) -> [Kind] {
    let count = unsafe hwloc_cpukinds_get_nr(topology.handle, 0)
    guard count > 0, let set = unsafe hwloc_bitmap_alloc() else { return [] }
    defer { unsafe hwloc_bitmap_free(set) }
    return (0..<UInt32(count)).compactMap { index in
      var efficiency: CInt = -1
      var number: UInt32 = 0
      var list: UnsafeMutablePointer<hwloc_info_s>?
      guard
        unsafe hwloc_cpukinds_get_info(
          topology.handle, index, set, &efficiency, &number, &list, 0) == 0
      else { return nil }
      var infos: [String: String] = [:]
      for position in 0..<Int(number) {
        guard let entry = unsafe list?[position], let name = unsafe entry.name,
          let value = unsafe entry.value
        else { continue }
        unsafe infos[String(cString: name)] = unsafe String(cString: value)
      }
      return unsafe Kind(
        cpus: HwlocTopology.members(set), efficiency: Int(efficiency), infos: infos)
    }
  }

  @unsafe
  private static func pciObjects(of topology: borrowing HwlocTopology) -> [TopologyPCIObject] {
    unsafe topology.objects(HWLOC_OBJ_PCI_DEVICE).map { object in
      let pci = unsafe object.pointee.attr.pointee.pcidev
      var systemDevices: [String] = []
      var child = unsafe object.pointee.io_first_child
      while let device = unsafe child {
        if let name = unsafe device.pointee.name.map({ unsafe String(cString: $0) }) {
          let model = unsafe HwlocTopology.info(device, "GPUModel")
          systemDevices.append(model.map { "\(name)=\($0)" } ?? name)
        }
        unsafe child = unsafe device.pointee.next_sibling
      }
      let near = unsafe hwloc_get_non_io_ancestor_obj(topology.handle, object)
      return unsafe TopologyPCIObject(
        address: PCIAddress(
          domain: UInt32(pci.domain), bus: pci.bus, device: pci.dev, function: pci.func),
        vendor: pci.vendor_id, device: pci.device_id, subsystemVendor: pci.subvendor_id,
        subsystemDevice: pci.subdevice_id, classCode: pci.class_id, revision: pci.revision,
        linkSpeed: Double(pci.linkspeed), vendorName: HwlocTopology.info(object, "PCIVendor"),
        deviceName: HwlocTopology.info(object, "PCIDevice"),
        operatingSystemDevices: systemDevices.sorted(),
        numaNodes: near.map { unsafe HwlocTopology.members($0.pointee.nodeset) } ?? [])
    }
  }
}
