internal import CGPUKernels
internal import CGPUSession
internal import CGPUShims
internal import Kernels
internal import LinuxSystem
internal import Model

/// A loaded library with its devices; used in a worker process only, by one thread.
@safe internal final class DriverLibrary {
  let kind: GPULibraryKind
  private let library: OpaquePointer
  private let room = DriverErrorRoom()

  /// Opens what the environment names, else the usual library.
  init(_ kind: GPULibraryKind) throws(DriverError) {
    let route =
      switch kind {
      case .cuda: hw_gpu_cuda
      case .openCL: hw_gpu_opencl
      case .openCLVendor: hw_gpu_opencl_vendor
      }
    self.kind = kind
    guard let library = unsafe hw_gpu_open_library(Int32(route), nil, room.pointer) else {
      throw room.error(isCUDA: kind == .cuda)
    }
    unsafe self.library = library
  }

  deinit { unsafe hw_gpu_close_library(library) }

  var count: Int { unsafe hw_gpu_device_count(library) }

  /// Why its kernels cannot be compiled here; nil where they can.
  var compilerProblem: DriverError? {
    unsafe hw_gpu_can_compile(library, room.pointer) == 1 ? nil : room.error(isCUDA: kind == .cuda)
  }

  func facts(_ index: Int) throws(DriverError) -> hw_gpu_facts {
    var facts = hw_gpu_facts()
    guard unsafe hw_gpu_describe(library, index, &facts, room.pointer) == 0 else {
      throw room.error(isCUDA: kind == .cuda)
    }
    return facts
  }

  fileprivate func open(_ index: Int) throws(DriverError) -> OpaquePointer {
    guard let device = unsafe hw_gpu_open_device(library, index, room.pointer) else {
      throw room.error(isCUDA: kind == .cuda)
    }
    return unsafe device
  }
}

/// A device in use; in a worker process only, by one thread.
@safe internal final class DriverDevice {
  let route: GPURoute
  let facts: hw_gpu_facts
  private let library: DriverLibrary
  private let device: OpaquePointer

  init(_ route: GPURoute, _ index: Int) throws(DriverError) {
    let library = try DriverLibrary(route.library)
    facts = try library.facts(index)
    let device = unsafe try library.open(index)
    self.route = route
    self.library = library
    unsafe self.device = device
  }

  deinit { unsafe hw_gpu_close_device(device) }

  var computeUnits: UInt64 { UInt64(max(1, facts.compute_units)) }
  var isProcessor: Bool { facts.is_cpu != 0 }
  var freeMemory: UInt64 { unsafe hw_gpu_free_memory(device) }

  /// Takes memory for the dataset of a cache, which a shape's kernels are to build.
  func dataset(_ cache: Etchash.Cache, _ shape: GPUShape) throws(DriverError) -> DriverDataset {
    try unsafe DriverDataset(device, self, cache, shape)
  }

  /// Builds a shape, with room for so many candidates of a launch.
  func session(_ shape: GPUShape, capacity: UInt32) throws(DriverError) -> DriverSession {
    try unsafe DriverSession(device, self, shape, capacity: capacity)
  }
}

extension DriverDevice {
  /// Of one kind of operation, in a second.
  struct ProbeRate {
    let operation: String
    /// Of the even and of the odd runs.
    let halves: [Double]
  }

  /// What the device does in a second of each kind of operation, over vectors of `width` words.
  ///
  /// A kind that a compiler sees through is left out.
  func probes(width: UInt32) throws(DriverError) -> [ProbeRate] {
    let room = DriverErrorRoom()
    let probes = UnsafeMutablePointer<hw_gpu_probes>.allocate(capacity: 1)
    defer { unsafe probes.deallocate() }
    var facts = self.facts
    let image = route == .ptx ? unsafe hw_gpu_probe_image() : nil
    let isOpen = unsafe hw_gpu_probes_open(probes, device, &facts, image, width, room.pointer)
    defer { unsafe hw_gpu_probes_close(probes) }
    guard isOpen else { throw room.error(isCUDA: route.isCUDA) }
    var count = 0
    let list = unsafe hw_gpu_probe_list(&count)
    var rates: [ProbeRate] = []
    for index in 0..<count {
      let probe = unsafe list + index
      if unsafe probe.pointee.is_scalar, isProcessor { continue }
      var halves = [0.0, 0.0]
      guard unsafe hw_gpu_probes_rate(probes, probe, 0, &halves, room.pointer) else {
        throw room.error(isCUDA: route.isCUDA)
      }
      guard halves.allSatisfy({ $0 > 0 }) else { continue }
      rates.append(
        ProbeRate(
          operation: unsafe String(cString: probe.pointee.operation), halves: halves))
    }
    return rates
  }
}

/// One shape that was built for a device, with two queues; keeps its device.
@safe internal final class DriverSession {
  static let queues = Int(hw_gpu_session_queues)
  static let depth = Int(hw_gpu_session_depth)

  let shape: GPUShape
  let device: DriverDevice
  /// Candidates that a launch has room for.
  let capacity: UInt32
  /// What the launches to come read, for shapes that work on a dataset.
  var dataset: DriverDataset? {
    didSet { unsafe hw_gpu_session_use(session, dataset?.pointer) }
  }
  private let session: UnsafeMutablePointer<hw_gpu_session>
  private let room = DriverErrorRoom()

  fileprivate init(
    _ pointer: OpaquePointer, _ device: DriverDevice, _ shape: GPUShape, capacity: UInt32
  ) throws(DriverError) {
    self.shape = shape
    self.device = device
    self.capacity = capacity
    let session = UnsafeMutablePointer<hw_gpu_session>.allocate(capacity: 1)
    var facts = device.facts
    let image = device.route == .ptx ? unsafe hw_gpu_image(shape.entry) : nil
    let isOpen = unsafe hw_gpu_session_open(
      session, pointer, &facts, shape.entry, image, capacity, room.pointer)
    unsafe self.session = session
    guard isOpen else { throw room.error(isCUDA: device.route.isCUDA) }
  }

  deinit {
    unsafe hw_gpu_session_close(session)
    unsafe session.deallocate()
  }

  private func failure() -> DriverError { room.error(isCUDA: device.route.isCUDA) }

  var group: UInt32 { unsafe session.pointee.group }
  var slots: UInt32 { unsafe session.pointee.slots }

  /// Buffers for launches of up to `launch` nonces.
  func reserve(launch: UInt64, slots: UInt32, group: UInt32) throws(DriverError) {
    guard unsafe hw_gpu_session_reserve(session, launch, slots, group, room.pointer) else {
      throw failure()
    }
  }

  /// Frees the buffers; what was built stays.
  func release() { unsafe hw_gpu_session_release(session) }

  /// Header and target of the launches to come.
  func setWork(_ input: WorkInput, _ target: Target, capacity: UInt32) {
    unsafe hw_gpu_session_set_work(session, input.bytes, target.bytes, min(capacity, self.capacity))
  }

  func submit(
    queue: Int, place: Int, first: UInt32, count: UInt64, copied: UInt32
  ) throws(DriverError) {
    guard
      unsafe hw_gpu_session_submit(
        session, UInt32(queue), UInt32(place), first, count, min(copied, capacity), room.pointer)
    else { throw failure() }
  }

  /// Whether a launch is done.
  func isDone(queue: Int, place: Int) throws(DriverError) -> Bool {
    let state = unsafe hw_gpu_session_poll(session, UInt32(queue), UInt32(place), room.pointer)
    if state < 0 { throw failure() }
    return state > 0
  }

  /// How many candidates a launch that is done found, and those that were copied.
  func results(queue: Int, place: Int, copied: UInt32) -> (count: UInt32, nonces: [UInt32]) {
    guard let words = unsafe hw_gpu_session_results(session, UInt32(queue), UInt32(place)) else {
      return (0, [])
    }
    let count = unsafe words[0]
    return (count, (0..<min(count, copied, capacity)).map { unsafe words[1 + Int($0)] })
  }

  /// When its kernels ran by the device's clock, in nanoseconds; nil where the device does not tell.
  func times(queue: Int, place: Int) -> Range<UInt64>? {
    var (start, end) = (UInt64(0), UInt64(0))
    guard
      unsafe hw_gpu_session_times(
        session, UInt32(queue), UInt32(place), &start, &end, room.pointer) == 0, start <= end
    else { return nil }
    return start..<end
  }

  func retire(queue: Int, place: Int) {
    unsafe hw_gpu_session_retire(session, UInt32(queue), UInt32(place))
  }

  /// One launch from start to end: seconds by the device's clock, or by the host's where it does not tell.
  func time(first: UInt32, count: UInt64) throws(DriverError) -> Double {
    let clock = RawMonotonicClock()
    let start = clock.now()
    try submit(queue: 0, place: 0, first: first, count: count, copied: 1)
    defer { retire(queue: 0, place: 0) }
    while try !isDone(queue: 0, place: 0) { PollPause.sleep() }
    let end = clock.now()
    guard let ran = times(queue: 0, place: 0), !ran.isEmpty else { return end.since(start).value }
    return Double(ran.upperBound - ran.lowerBound) * 1e-9
  }

  /// One launch from start to end: how many candidates there are, and the first ones.
  func scan(first: UInt32, count: UInt64, copied: UInt32) throws(DriverError)
    -> (count: UInt32, nonces: [UInt32])
  {
    try submit(queue: 0, place: 0, first: first, count: count, copied: copied)
    defer { retire(queue: 0, place: 0) }
    var polls = 0
    while try !isDone(queue: 0, place: 0) {
      polls += 1
      if polls > 20 { PollPause.sleep() }
    }
    return results(queue: 0, place: 0, copied: copied)
  }
}
