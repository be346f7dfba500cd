internal import Glibc
package import Model

/// Memory that a kernel works in: page-mapped, aligned, with inaccessible pages on either side.
///
/// A kernel that writes far outside its scratch is stopped by the hardware; the few bytes between the end of the
/// scratch and the page behind it carry a pattern that the self-test checks.
@safe package struct ScratchMemory: ~Copyable {
  /// Whether the memory lies on huge pages of 2 MiB.
  package enum HugePages: Hashable, Sendable {
    /// The kernel asks for too little memory for it to matter.
    case notNeeded
    /// Pages of the reserved pool (`MAP_HUGETLB`).
    case granted
    /// Asked for with `MADV_HUGEPAGE`; whether the system followed is seen in `/proc/self/smaps`.
    case advised
    /// The system refused the advice.
    case refused
  }

  private let region: Region

  /// Maps memory for one concurrent call of a kernel and touches every page.
  ///
  /// Touching from the thread that will use it puts the pages on that thread's memory node.
  package init(size: Int, alignment: Int, hugePages: Bool) throws(Failure) {
    region = try Region.make(size: size, alignment: alignment, wantsHugePages: hugePages)
  }

  deinit {
    if unsafe region.mapping.count > 0 {
      unsafe munmap(region.mapping.baseAddress, region.mapping.count)
    }
  }

  /// The bytes that a kernel may use.
  package var bytes: UnsafeMutableRawBufferPointer { unsafe region.bytes }
  package var hugePages: HugePages { region.hugePages }
  /// The address range that holds the bytes, whole pages.
  package var addresses: Range<UInt> { region.addresses }

  /// The address range of everything that was mapped, guards included.
  package var guardedAddresses: Range<UInt> {
    let start = unsafe UInt(bitPattern: region.mapping.baseAddress)
    return unsafe start..<start + UInt(region.mapping.count)
  }

  /// Whether nothing wrote into the bytes between the scratch and the guard page behind it.
  package var isTailUntouched: Bool {
    guard let base = unsafe bytes.baseAddress else { return true }
    let count = unsafe region.addresses.count - bytes.count
    let tail = unsafe UnsafeRawBufferPointer(start: base + bytes.count, count: count)
    return unsafe tail.allSatisfy { $0 == Region.pattern }
  }
}

/// A mapping that is not yet owned.
@safe private struct Region {
  let bytes: UnsafeMutableRawBufferPointer
  let mapping: UnsafeMutableRawBufferPointer
  let hugePages: ScratchMemory.HugePages
  let addresses: Range<UInt>

  static let pattern: UInt8 = 0xa5
  private static let pageSize = Int(sysconf(CInt(_SC_PAGESIZE)))
  private static let hugePageSize = 1 << 21
  /// Of each guard: more than a row of any algorithm.
  private static let guardSize = 16 * pageSize
  /// Below this a handful of ordinary pages serves as well.
  private static let hugePageThreshold = 1 << 16

  static func make(size: Int, alignment: Int, wantsHugePages: Bool) throws(Failure) -> Region {
    guard size > 0 else {
      let nothing = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
      return unsafe Region(
        bytes: nothing, mapping: nothing, hugePages: .notNeeded, addresses: 0..<0)
    }
    let huge = wantsHugePages && size >= hugePageThreshold
    let unit = huge ? hugePageSize : pageSize
    let usable = (size + unit - 1) / unit * unit
    let region =
      if huge, let pool = fromPool(size: size, usable: usable) {
        pool
      } else {
        try guarded(size: size, usable: usable, alignment: max(alignment, unit), huge: huge)
      }
    region.prepare()
    return region
  }

  /// From the pool of huge pages that an administrator reserved; nil when there is none.
  private static func fromPool(size: Int, usable: Int) -> Region? {
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | CInt(MAP_HUGETLB) | CInt(21 << 26)
    guard let start = unsafe mmap(nil, usable, PROT_READ | PROT_WRITE, flags, -1, 0),
      unsafe start != UnsafeMutableRawPointer(bitPattern: -1)
    else { return nil }
    let address = UInt(bitPattern: start)
    return unsafe Region(
      bytes: UnsafeMutableRawBufferPointer(start: start, count: size),
      mapping: UnsafeMutableRawBufferPointer(start: start, count: usable),
      hugePages: .granted, addresses: address..<address + UInt(usable))
  }

  /// Ordinary pages, with room to align the start and guards on either side.
  private static func guarded(
    size: Int, usable: Int, alignment: Int, huge: Bool
  ) throws(Failure) -> Region {
    let total = usable + alignment + 2 * guardSize
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    guard let start = unsafe mmap(nil, total, PROT_NONE, flags, -1, 0),
      unsafe start != UnsafeMutableRawPointer(bitPattern: -1)
    else { throw failure(size) }
    let lowest = UInt(bitPattern: start) + UInt(guardSize)
    let aligned = (lowest + UInt(alignment) - 1) / UInt(alignment) * UInt(alignment)
    let base = unsafe start + Int(aligned - UInt(bitPattern: start))
    guard unsafe mprotect(base, usable, PROT_READ | PROT_WRITE) == 0 else {
      let failure = failure(size)
      unsafe munmap(start, total)
      throw failure
    }
    let hugePages: ScratchMemory.HugePages =
      if !huge {
        .notNeeded
      } else if unsafe madvise(base, usable, MADV_HUGEPAGE) == 0 {
        .advised
      } else {
        .refused
      }
    return unsafe Region(
      bytes: UnsafeMutableRawBufferPointer(start: base, count: size),
      mapping: UnsafeMutableRawBufferPointer(start: start, count: total),
      hugePages: hugePages,
      addresses: aligned..<aligned + UInt(usable))
  }

  /// Touches every page and marks what lies behind the kernel's bytes.
  private func prepare() {
    guard let base = unsafe bytes.baseAddress else { return }
    unsafe memset(base, 0, bytes.count)
    unsafe memset(base + bytes.count, CInt(Region.pattern), addresses.count - bytes.count)
  }

  private static func failure(_ size: Int) -> Failure {
    let cause = errno == ENOMEM ? "not enough memory" : "error \(errno)"
    return Failure(
      .unavailable, "cannot map \(size) bytes of scratch memory (\(cause))",
      remedy: "free memory or use fewer threads")
  }
}
