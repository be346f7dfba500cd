internal import Kernels
internal import LinuxSystem
package import Model

extension GPUBackend {
  /// What the device does of each kind of operation, and each kernel against the bound that follows; nil for no kernels.
  ///
  /// Takes about a second for each kernel that was built before. Kernels that were not proven are proven first.
  package func deviceRoofline(
    of kernels: [(AlgorithmID, KernelID)], isCancelled: @escaping @Sendable () -> Bool
  ) throws -> DeviceRoofline? {
    // What the places of a dataset take, no probe says.
    let kernels = try kernels.filter { try !find($0.0, $0.1).shape.hasDataset }
    guard !kernels.isEmpty else { return nil }
    var probed: [ProbedCode: ProbedRates] = [:]
    var throughputs: [DeviceRoofline.Throughput] = []
    var measured: [DeviceRoofline.Kernel] = []
    let forms = isProcessor ? Self.forms : []
    for (algorithm, kernel) in kernels {
      if isCancelled() { throw Interrupted() }
      let (route, index, shape) = try find(algorithm, kernel)
      let code = ProbedCode(route: route, lanes: isProcessor ? shape.vectorWords : 1)
      let rates = try probed[code] ?? probe(code, index)
      if probed[code] == nil {
        probed[code] = rates
        throughputs += rates.throughputs(code)
      }
      if isCancelled() { throw Interrupted() }
      let run = try measure(shape, kernel, route, index)
      func bound(_ throughputs: DeviceBound.Rates) -> Reading<DeviceBound> {
        if let problem = rates.problem { return .unavailable(problem) }
        return isProcessor
          ? DeviceBound.ofProcessor(shape, forms: forms, throughputs)
          : DeviceBound.ofCard(
            shape, route, architecture: architecture(route, index), scratch: run.scratch,
            throughputs)
      }
      let limit = bound(rates.best)
      // Each half with its own throughputs.
      let reached = (0..<2).compactMap { half in
        bound(rates.half(half)).value.map { run.halves[half] / $0.perSecond }
      }
      measured.append(
        DeviceRoofline.Kernel(
          algorithm: algorithm, kernel: kernel, unit: .hash, bound: limit.map(\.perSecond),
          boundBy: limit.value?.resource, measured: run.halves.max() ?? 0,
          spread: reached.count == 2
            ? abs(reached[0] - reached[1]) / max(reached[0], reached[1]) : 0))
    }
    return DeviceRoofline(device: device, throughputs: throughputs, kernels: measured)
  }

  /// This program's own kernels for this processor.
  private static var forms: [KernelVariant] {
    KernelCatalog.builtIn.variants.filter {
      $0.operations != nil && KernelCatalog.obstacle(to: $0, on: .current) == nil
    }
  }

  private func architecture(_ route: GPURoute, _ index: Int) -> String {
    facts.first { $0.library == route.library && $0.index == index }?.architecture ?? ""
  }

  /// Code that one set of probes stands for.
  private struct ProbedCode: Hashable {
    let route: GPURoute
    let lanes: Int
  }

  /// What the probes said; or why they could not be run.
  private struct ProbedRates {
    var halves: [(operation: String, rates: [Double])] = []
    var problem: Reason?

    var best: DeviceBound.Rates { rates { $0.max() ?? 0 } }
    func half(_ half: Int) -> DeviceBound.Rates { rates { $0[half] } }

    private func rates(_ of: ([Double]) -> Double) -> DeviceBound.Rates {
      Dictionary(
        halves.map { (DeviceOperation(rawValue: $0.operation), of($0.rates)) }
      ) { first, _ in first }
    }

    func throughputs(_ code: ProbedCode) -> [DeviceRoofline.Throughput] {
      halves.map {
        DeviceRoofline.Throughput(
          route: code.route.rawValue, operation: $0.operation, lanes: code.lanes,
          perSecond: $0.rates.max() ?? 0)
      }
    }
  }

  /// - Throws: a driver that ends or stands still; one that only refuses gives the reason.
  private func probe(_ code: ProbedCode, _ index: Int) throws -> ProbedRates {
    var (process, answer) = try ask(
      WorkerMessage.line([WorkerMessage.probe, "\(code.lanes)"]), code.route, index)
    var rates = ProbedRates()
    while true {
      let words = try self.words(answer, process, "while its throughput was measured")
      switch words.first {
      case WorkerMessage.done: return rates
      case WorkerMessage.rate:
        let halves = words.dropFirst(2).compactMap(Double.init)
        guard words.count == 4, halves.count == 2, halves.allSatisfy({ $0 > 0 && $0.isFinite })
        else { throw failure(words) }
        rates.halves.append((words[1], halves))
      default:
        forget(process)
        rates.problem = Reason(.failed, "its throughput: \(failure(words).message)")
        rates.halves = []
        return rates
      }
      answer = process.next(within: limits.start)
    }
  }

  private func measure(
    _ shape: GPUShape, _ kernel: KernelID, _ route: GPURoute, _ index: Int
  ) throws -> (halves: [Double], scratch: UInt64) {
    let (process, answer) = try ask(
      WorkerMessage.line([WorkerMessage.measure, "\(shape.index)", kernel.rawValue]), route, index)
    let words = try self.words(answer, process, "while '\(kernel)' was measured")
    let halves = words.dropFirst().prefix(2).compactMap(Double.init)
    guard words.count == 4, words[0] == WorkerMessage.measured, halves.count == 2,
      let scratch = UInt64(words[3])
    else {
      if words.first == WorkerMessage.faulty, words.count == 2 {
        throw KernelFault(shape.algorithm, kernel, words[1])
      }
      forget(process)
      throw failure(words)
    }
    return (halves, scratch)
  }

  private func words(
    _ answer: TalkingProcess.Answer, _ process: TalkingProcess, _ when: String
  ) throws(Failure) -> [String] {
    switch answer {
    case .line(let line): return WorkerMessage.words(line)
    case .silence:
      forget(process)
      throw Failure(
        .unavailable,
        "\(device): \(when) its driver did not answer within \(Int(limits.start.value)) s")
    case .ended(let ending):
      forget(process)
      throw Failure(.unavailable, "\(device): \(when) the worker \(ending.words)")
    }
  }
}

extension GPUShape {
  /// Words of 32 bits that an item of a processor's shape works on side by side, in one vector.
  internal var vectorWords: Int {
    switch algorithm {
    // A lane of the state, and four words of a quarter round.
    case .keccak256: hashesPerItem * 2
    case .scrypt: hashesPerItem * 4
    default: hashesPerItem
    }
  }
}
