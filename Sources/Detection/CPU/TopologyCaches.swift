internal import CHwloc
internal import Model

/// One cache of a topology.
struct CacheObject: Hashable {
  var level: Int
  /// `d`, `i`, or empty for a unified cache.
  var type: String
  var size: UInt64
  var cpus: [Int]

  var name: String { "L\(level)\(level == 1 || type == "i" ? type : "")" }
}

extension TopologyFacts {
  /// Every cache, from the first level up.
  @unsafe
  static func caches(of topology: borrowing HwlocTopology) -> [CacheObject] {
    let types: [(hwloc_obj_type_t, Int, String)] = [
      (HWLOC_OBJ_L1CACHE, 1, "d"), (HWLOC_OBJ_L1ICACHE, 1, "i"), (HWLOC_OBJ_L2CACHE, 2, ""),
      (HWLOC_OBJ_L2ICACHE, 2, "i"), (HWLOC_OBJ_L3CACHE, 3, ""), (HWLOC_OBJ_L3ICACHE, 3, "i"),
      (HWLOC_OBJ_L4CACHE, 4, ""), (HWLOC_OBJ_L5CACHE, 5, ""),
    ]
    return types.flatMap { type, level, suffix in
      unsafe topology.objects(type).map { object in
        let cache = unsafe object.pointee.attr.pointee.cache
        let isUnified = cache.type == HWLOC_OBJ_CACHE_UNIFIED
        return unsafe CacheObject(
          level: level, type: isUnified ? "" : suffix, size: cache.size,
          cpus: HwlocTopology.members(object.pointee.cpuset))
      }
    }
  }

  /// The caches counted by level, type, size and number of threads that share one.
  static func summarise(_ caches: [CacheObject]) -> [CacheDescription] {
    struct Key: Hashable {
      let name: String
      let size: UInt64
      let sharedBy: Int
    }
    var order: [Key] = []
    var counts: [Key: Int] = [:]
    for cache in caches {
      let key = Key(name: cache.name, size: cache.size, sharedBy: cache.cpus.count)
      if counts[key] == nil { order.append(key) }
      counts[key, default: 0] += 1
    }
    return order.map { key in
      CacheDescription(
        name: key.name, size: ByteCount(key.size), count: counts[key] ?? 0,
        sharedBy: key.sharedBy)
    }
  }

  /// The cores of a package by the highest cache that they share.
  ///
  /// Cores below different levels (the low-power cores of a hybrid CPU have no L3) form groups of their own.
  static func groups(within cpus: [Int], caches: [CacheObject], cores: [[Int]]) -> [CacheGroup] {
    var left = Set(cpus)
    var groups: [CacheGroup] = []
    let inside = caches.filter { $0.type != "i" && $0.cpus.first.map(left.contains) ?? false }
    for cache in inside.sorted(by: { $0.level > $1.level }) {
      let members = cache.cpus.filter(left.contains)
      guard !members.isEmpty else { continue }
      left.subtract(members)
      let set = Set(members)
      groups.append(
        CacheGroup(
          cache: cache.name, size: cache.size > 0 ? ByteCount(cache.size) : nil,
          cores: cores.count { $0.first.map(set.contains) ?? false }, cpus: members))
    }
    if !left.isEmpty {
      groups.append(
        CacheGroup(
          cache: nil, size: nil, cores: cores.count { $0.first.map(left.contains) ?? false },
          cpus: left.sorted()))
    }
    return groups.sorted { ($0.cpus.first ?? 0) < ($1.cpus.first ?? 0) }
  }
}
