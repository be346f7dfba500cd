internal import CGPUKernels
internal import CGPUSession
internal import CGPUShims
internal import Kernels
internal import LinuxSystem
internal import Model

/// The dataset of an epoch in a device's memory, of all kernels that work on it; in a worker process only, by one thread.
@safe internal final class DriverDataset {
  let epoch: Etchash.Epoch
  let pointer: UnsafeMutablePointer<hw_gpu_dataset>
  private let device: DriverDevice
  private let room = DriverErrorRoom()

  /// Takes the memory and copies the cache; `build` fills it.
  init(
    _ opaque: OpaquePointer, _ device: DriverDevice, _ cache: Etchash.Cache, _ shape: GPUShape
  ) throws(DriverError) {
    epoch = cache.epoch
    self.device = device
    unsafe pointer = .allocate(capacity: 1)
    // It is closed whatever becomes of it.
    unsafe UnsafeMutableRawPointer(pointer).initializeMemory(
      as: UInt8.self, repeating: 0, count: MemoryLayout<hw_gpu_dataset>.size)
    var facts = device.facts
    let image = device.route == .ptx ? unsafe hw_gpu_image(shape.entry) : nil
    let isOpen = unsafe cache.rows.withUnsafeBytes { rows in
      guard let address = rows.baseAddress else { return false }
      return unsafe hw_gpu_dataset_open(
        pointer, opaque, &facts, shape.entry, image, address, UInt32(cache.epoch.rows),
        UInt32(cache.epoch.pages), room.pointer)
    }
    guard isOpen else {
      // What was opened is closed; a second closing finds nothing.
      throw failure()
    }
  }

  deinit {
    unsafe hw_gpu_dataset_close(pointer)
    unsafe pointer.deallocate()
  }

  private func failure() -> DriverError { room.error(isCUDA: device.route.isCUDA) }

  /// Halves of pages of a launch at first, and at most.
  private static let fewest: UInt32 = 1 << 10
  private static let most: UInt32 = 1 << 22

  /// Builds it, in launches of some milliseconds; `told` hears about once a second what part is done.
  func build(told: (Double) -> Void) throws(DriverError) {
    let clock = RawMonotonicClock()
    let items = UInt32(2 * epoch.pages)
    var (first, count) = (UInt32(0), Self.fewest)
    var last = clock.now()
    while first < items {
      let part = min(count, items - first)
      let start = clock.now()
      guard unsafe hw_gpu_dataset_build(pointer, first, part, room.pointer) else {
        throw failure()
      }
      let end = clock.now()
      first += part
      let took = end.since(start).value
      if took < 0.01 { count = min(Self.most, 2 * count) }
      if took > 0.1 { count = max(64, count / 2) }
      guard end.since(last).value > 1 else { continue }
      last = end
      told(Double(first) / Double(items))
    }
  }

  /// The number of a half page that is not what the cache says of it; nil when those that are looked at are right: the ends and some
  /// at random.
  func wrongItem(_ cache: Etchash.Cache) throws(DriverError) -> UInt32? {
    let items = UInt32(2 * epoch.pages)
    var generator = SystemRandomNumberGenerator()
    let numbers =
      [0, 1, items / 2, items - 2, items - 1]
      + (0..<27).map { _ in UInt32.random(in: 0..<items, using: &generator) }
    for number in numbers {
      var words = [UInt32](repeating: 0, count: Int(hw_gpu_row_words))
      guard unsafe hw_gpu_dataset_sample(pointer, number, &words, room.pointer) else {
        throw failure()
      }
      let item = cache.item(number)
      if words.indices.contains(where: { words[$0] != item[$0] }) { return number }
    }
    return nil
  }

  /// Frees what built it.
  func settle() { unsafe hw_gpu_dataset_settle(pointer) }
}

/// An epoch as a worker process is told of it.
internal enum EpochWord {
  private static let test = "test"

  /// Empty for none.
  static func text(_ epoch: Etchash.Epoch?) -> String {
    epoch.map { $0 == .test ? test : "\($0.number)" } ?? ""
  }

  static func epoch(_ text: String) throws(Failure) -> Etchash.Epoch? {
    if text.isEmpty { return nil }
    if text == test { return .test }
    guard let number = UInt32(text) else {
      throw Failure(.usage, "the worker was asked for the epoch '\(text)'")
    }
    return try Etchash.Epoch(number)
  }
}

extension AlgorithmDescriptor {
  /// What its reference is prepared for, of an algorithm that has a dataset of this epoch; empty otherwise.
  internal func key(_ epoch: Etchash.Epoch?) -> [UInt8] {
    guard shape.preparation == .epoch, let epoch else { return [] }
    return epoch.number.littleEndianBytes
  }
}
