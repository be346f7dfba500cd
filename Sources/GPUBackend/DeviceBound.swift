package import Kernels
package import Model

/// What no kernel of a device can pass, from what the device does of each kind of operation and what the kernel needs of it.
///
/// Where the instructions of a kernel are not known there is no bound, and the reason instead.
package struct DeviceBound: Hashable, Sendable {
  /// Hashes a second.
  package let perSecond: Double
  /// What of the device sets it.
  package let resource: String

  package init(perSecond: Double, resource: String) {
    self.perSecond = perSecond
    self.resource = resource
  }

  /// Operations a second by their name; of a copy, bytes.
  package typealias Rates = [DeviceOperation: Double]

  /// The bound of a shape of a card of this architecture, as its driver calls it ("sm_90", or empty where it does not tell), with
  /// so many bytes of scratch memory in use, all queues together.
  package static func ofCard(
    _ shape: GPUShape, _ route: GPURoute, architecture: String, scratch: UInt64, _ rates: Rates
  ) -> Reading<DeviceBound> {
    if shape.hasScratch { return ofMemory(shape, scratch: scratch, rates) }
    guard route.isCUDA else {
      return .unavailable(
        Reason(.notMeasured, "what this card's OpenCL compiler makes of it is not counted"))
    }
    guard architecture == InstructionCounts.architecture else {
      let card = architecture.isEmpty ? "does not tell its architecture" : "is \(architecture)"
      return .unavailable(
        Reason(
          .notMeasured,
          "instructions are counted for \(InstructionCounts.architecture), and this card \(card)"))
    }
    guard let counts = InstructionCounts.of(shape, route) else {
      return .unavailable(Reason(.notMeasured, "its instructions are not counted"))
    }
    return least(counts.demands, rates)
  }

  /// Rows are written once and read 1024 times; only more of them than any cache holds come from memory.
  private static func ofMemory(
    _ shape: GPUShape, scratch: UInt64, _ rates: Rates
  ) -> Reading<DeviceBound> {
    guard scratch >= 1 << 30 else {
      return .unavailable(
        Reason(
          .notMeasured,
          "its scratch memory of \(scratch >> 20) MiB may lie in a cache, whose speed is not measured"
        ))
    }
    return least([(.copy, Double(shape.scratchPerHash + 1024 * 128), "memory")], rates)
  }

  /// The bound of a shape on a processor: the operations of this program's own kernel for the same processor with the fewest,
  /// through the highest throughput of any operation.
  ///
  /// Kinds that share only some of the ports may bind earlier: it is a bound, and not always the least.
  package static func ofProcessor(
    _ shape: GPUShape, forms: [KernelVariant], _ rates: Rates
  ) -> Reading<DeviceBound> {
    let needs = forms.compactMap { form -> Double? in
      guard form.algorithm == shape.algorithm, let operations = form.operations,
        !operations.counts.keys.contains(where: \.isSHA)
      else { return nil }
      let count = operations.counts.reduce(0.0) { $0 + ($1.key.isLoad ? 0 : Double($1.value)) }
      // In operations on single words, so that forms of all widths compare.
      return count * Double(operations.vectorBits) / 32 / Double(operations.hashes)
    }
    guard let fewest = needs.min() else {
      return .unavailable(
        Reason(.notMeasured, "no kernel of this processor has its operations written down"))
    }
    guard let sums = rates[.sumOfThree], let logic = rates[.logicOfThree] else {
      return .unavailable(Reason(.notMeasured, "the throughput of operations was not measured"))
    }
    // No processor adds three vectors in one operation.
    return .value(
      DeviceBound(perSecond: max(2 * sums, logic) / fewest, resource: "all operations"))
  }

  private static func least(
    _ demands: [(operation: DeviceOperation, count: Double, name: String)], _ rates: Rates
  ) -> Reading<DeviceBound> {
    var bounds: [DeviceBound] = []
    for demand in demands where demand.count > 0 {
      guard let rate = rates[demand.operation] else {
        return .unavailable(
          Reason(.notMeasured, "'\(demand.operation.rawValue)' was not measured on this device"))
      }
      bounds.append(DeviceBound(perSecond: rate / demand.count, resource: demand.name))
    }
    guard let least = bounds.min(by: { $0.perSecond < $1.perSecond }) else {
      return .unavailable(Reason(.notMeasured, "its instructions are not counted"))
    }
    return .value(least)
  }
}

/// A kind of operation that probes measure, by the name that `hw_gpu_probe_list` gives it.
package struct DeviceOperation: RawRepresentable, Hashable, Sendable {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }

  package static let shift = DeviceOperation(rawValue: "shift")
  package static let logicOfThree = DeviceOperation(rawValue: "logic of three")
  package static let sumOfThree = DeviceOperation(rawValue: "sum of three")
  package static let multiplyAndAdd = DeviceOperation(rawValue: "multiply and add")
  package static let multiplyUpper = DeviceOperation(rawValue: "multiply, upper word")
  package static let shiftBesideMultiply = DeviceOperation(rawValue: "shift beside multiply")
  package static let copy = DeviceOperation(rawValue: "copy")
}

/// Instructions of a shape on one route, of the whole kernel as NVIDIA's tools disassemble it (`Benchmarks/gpu/README.md`).
///
/// Counted with CUDA 13.0; another driver's compiler may need some fewer or more.
internal struct InstructionCounts: Hashable, Sendable {
  static let architecture = "sm_90"

  let all: Double
  /// Shifts, logic and additions; nil where some of those counted as such are carried out elsewhere.
  let logic: Double?
  /// Multiplications, those for the upper word included.
  let multiplier: Double
  let upper: Double

  private init(_ all: Double, logic: Double?, multiplier: Double, upper: Double = 0) {
    self.all = all
    self.logic = logic
    self.multiplier = multiplier
    self.upper = upper
  }

  var demands: [(operation: DeviceOperation, count: Double, name: String)] {
    var demands: [(operation: DeviceOperation, count: Double, name: String)] = [
      (.multiplyAndAdd, multiplier - upper, "multiplier"),
      (.multiplyUpper, upper, "multiplier"),
      (.shiftBesideMultiply, all, "all instructions"),
    ]
    if let logic { demands.append((.logicOfThree, logic, "logic pipe")) }
    return demands
  }

  static func of(_ shape: GPUShape, _ route: GPURoute) -> InstructionCounts? {
    table["\(route.rawValue) \(shape.algorithm) \(shape.name)"]
  }

  // Of the `late` shapes more runs than their logic pipe would let through: a rotation and an addition in one instruction are
  // counted there, and not always carried out there.
  private static let table: [String: InstructionCounts] = [
    "ptx sha256d plain": InstructionCounts(2504, logic: 2277, multiplier: 191),
    "nvrtc sha256d plain": InstructionCounts(2498, logic: 2272, multiplier: 189),
    "nvrtc sha256d mul1": InstructionCounts(2607, logic: 2143, multiplier: 427),
    "ptx sha256d mul1": InstructionCounts(2613, logic: 2148, multiplier: 429),
    "ptx sha256d mul": InstructionCounts(2913, logic: 1822, multiplier: 1055),
    "ptx sha256d late": InstructionCounts(2504, logic: nil, multiplier: 333),
    "nvrtc sha256d late": InstructionCounts(2471, logic: nil, multiplier: 395),
    "ptx sha256d late-mul1": InstructionCounts(2612, logic: nil, multiplier: 661),
    "ptx sha256d late-mul2": InstructionCounts(2613, logic: nil, multiplier: 688),
    "ptx sha256d late-mul3": InstructionCounts(2673, logic: nil, multiplier: 807),
    "ptx sha256d late-mul": InstructionCounts(2677, logic: nil, multiplier: 819),
    "nvrtc keccak256 lanes": InstructionCounts(4442, logic: 4384, multiplier: 8),
    "nvrtc keccak256 pairs": InstructionCounts(4138, logic: 4084, multiplier: 4),
    "ptx keccak256 pairs": InstructionCounts(4133, logic: 4072, multiplier: 13),
    "nvrtc keccak256 pairs-d": InstructionCounts(4446, logic: 4392, multiplier: 4),
    "ptx keccak256 pairs-mul1": InstructionCounts(4269, logic: 3937, multiplier: 283, upper: 135),
    "ptx keccak256 pairs-mul8": InstructionCounts(4361, logic: 3849, multiplier: 459, upper: 223),
  ]
}
