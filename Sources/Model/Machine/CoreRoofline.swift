/// What one core can do at most, and how near the kernels of a run come to it on one thread.
package struct CoreRoofline: Hashable, Sendable {
  /// Operations a cycle of one kind on registers of one width.
  package struct Throughput: Hashable, Sendable {
    package var operation: String
    package var vectorBits: Int
    package var perCycle: Double

    package init(operation: String, vectorBits: Int, perCycle: Double) {
      self.operation = operation
      self.vectorBits = vectorBits
      self.perCycle = perCycle
    }
  }

  /// One kernel against its bound.
  package struct Kernel: Hashable, Sendable {
    package var algorithm: AlgorithmID
    package var kernel: KernelID
    package var unit: WorkUnit
    /// Operations of all kinds for one unit of work; nil where they are not written down.
    package var operationsPerUnit: Double?
    /// Cycles a second of the core while this kernel was measured.
    package var clock: Double
    /// Work a second that no code with these operations can pass at this clock, or why there is no such bound.
    package var bound: Reading<Double>
    /// What of the core sets the bound; nil without one.
    package var boundBy: String?
    /// Work a second of one thread.
    package var measured: Double
    /// How far the fraction of two halves of the measurement differ, relative to it; 0 without a bound.
    package var spread: Double

    package init(
      algorithm: AlgorithmID, kernel: KernelID, unit: WorkUnit, operationsPerUnit: Double?,
      clock: Double, bound: Reading<Double>, boundBy: String? = nil, measured: Double,
      spread: Double
    ) {
      self.algorithm = algorithm
      self.kernel = kernel
      self.unit = unit
      self.operationsPerUnit = operationsPerUnit
      self.clock = clock
      self.bound = bound
      self.boundBy = boundBy
      self.measured = measured
      self.spread = spread
    }

    /// The fraction of the bound; nil without one.
    package var reached: Double? { bound.value.map { measured / $0 } }
  }

  /// Where it was measured.
  package var cpu: Int
  /// The highest clock of the core beside any loop or kernel, in cycles a second.
  package var clock: Double
  package var throughputs: [Throughput]
  package var kernels: [Kernel]

  package init(cpu: Int, clock: Double, throughputs: [Throughput], kernels: [Kernel]) {
    self.cpu = cpu
    self.clock = clock
    self.throughputs = throughputs
    self.kernels = kernels
  }
}
