/// What a device behind a driver can do at most, and how near its kernels come to it.
///
/// Nothing is said in cycles: the clock of such a device is not to be had beside each launch.
package struct DeviceRoofline: Hashable, Sendable {
  /// Operations a second of one kind, of the whole device, in code that came by one route.
  package struct Throughput: Hashable, Sendable {
    /// The first word of the names of the kernels that it is for.
    package var route: String
    package var operation: String
    /// Words of 32 bits that one item works on side by side; more than 1 on processors.
    package var lanes: Int
    /// Operations on single words; of a copy, bytes read and written.
    package var perSecond: Double

    package init(route: String, operation: String, lanes: Int, perSecond: Double) {
      self.route = route
      self.operation = operation
      self.lanes = lanes
      self.perSecond = perSecond
    }
  }

  /// One kernel against its bound.
  package struct Kernel: Hashable, Sendable {
    package var algorithm: AlgorithmID
    package var kernel: KernelID
    package var unit: WorkUnit
    /// Work a second that the device cannot pass with this kernel, or why there is no such bound.
    package var bound: Reading<Double>
    /// What of the device sets the bound; nil without one.
    package var boundBy: String?
    /// Work a second while a launch runs.
    package var measured: Double
    /// How far the fraction of two halves of the measurement differ, relative to it; 0 without a bound.
    package var spread: Double

    package init(
      algorithm: AlgorithmID, kernel: KernelID, unit: WorkUnit, bound: Reading<Double>,
      boundBy: String?, measured: Double, spread: Double
    ) {
      self.algorithm = algorithm
      self.kernel = kernel
      self.unit = unit
      self.bound = bound
      self.boundBy = boundBy
      self.measured = measured
      self.spread = spread
    }

    /// The fraction of the bound; nil without one.
    package var reached: Double? { bound.value.map { measured / $0 } }
  }

  package var device: DeviceID
  package var throughputs: [Throughput]
  package var kernels: [Kernel]

  package init(device: DeviceID, throughputs: [Throughput], kernels: [Kernel]) {
    self.device = device
    self.throughputs = throughputs
    self.kernels = kernels
  }
}
