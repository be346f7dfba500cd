internal import JSON
internal import Model

/// What one core can do at most, as files spell it.
struct RooflineV1: Codable {
  struct Throughput: Codable {
    var operation: String
    var vectorBits: Int
    var perCycle: Double

    private enum CodingKeys: String, CodingKey {
      case operation
      case vectorBits = "vector_bits"
      case perCycle = "per_cycle"
    }
  }

  struct Kernel: Codable {
    var algorithm: String
    var kernel: String
    var unit: WordV1<WorkUnit>
    var operationsPerUnit: Double
    var clock: Double
    var bound: Double
    var measured: Double
    var reached: Double
    var spread: Double

    private enum CodingKeys: String, CodingKey {
      case algorithm, kernel, reached
      case unit = "work_unit"
      case operationsPerUnit = "operations_per_unit"
      case clock = "clock_hz"
      case bound = "bound_per_s"
      case measured = "measured_per_s"
      case spread = "spread_relative"
    }
  }

  var cpu: Int
  var throughputs: [Throughput]
  var kernels: [Kernel]

  init(_ roofline: CoreRoofline) {
    cpu = roofline.cpu
    throughputs = roofline.throughputs.map {
      Throughput(operation: $0.operation, vectorBits: $0.vectorBits, perCycle: $0.perCycle)
    }
    kernels = roofline.kernels.map {
      Kernel(
        algorithm: $0.algorithm.rawValue, kernel: $0.kernel.rawValue, unit: WordV1($0.unit),
        operationsPerUnit: $0.operationsPerUnit, clock: $0.clock, bound: $0.bound,
        measured: $0.measured, reached: $0.reached, spread: $0.spread)
    }
  }

  func domain() throws -> CoreRoofline {
    CoreRoofline(
      cpu: cpu,
      throughputs: throughputs.map {
        CoreRoofline.Throughput(
          operation: $0.operation, vectorBits: $0.vectorBits, perCycle: $0.perCycle)
      },
      kernels: try kernels.enumerated().map { index, kernel in
        // The fraction is stated for readers; it follows from the two rates.
        guard kernel.bound > 0,
          abs(kernel.reached - kernel.measured / kernel.bound) <= 1e-9 * abs(kernel.reached)
        else {
          throw JSONProblem(
            place: "roofline.kernels[\(index)].reached",
            message: "is not the measured rate over the bound")
        }
        return CoreRoofline.Kernel(
          algorithm: AlgorithmID(rawValue: kernel.algorithm),
          kernel: KernelID(rawValue: kernel.kernel), unit: kernel.unit.domain,
          operationsPerUnit: kernel.operationsPerUnit,
          clock: kernel.clock, bound: kernel.bound, measured: kernel.measured,
          spread: kernel.spread)
      })
  }
}
