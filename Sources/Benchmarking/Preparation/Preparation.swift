internal import Analysis
package import Model

/// What is settled before the first window: which kernels are measured where, with which targets.
package struct Preparation: Hashable, Sendable {
  package internal(set) var series: [SeriesRequest] = []
  package internal(set) var choices: [KernelChoice] = []
  /// Self-tests, and kernels that could not be measured.
  package internal(set) var checks: [Check] = []
  /// What a device can do at most, when it was asked for and can be said.
  package internal(set) var roofline: CoreRoofline?
  package internal(set) var deviceRooflines: [DeviceRoofline] = []
}

/// Proves the kernels, measures them briefly, chooses, and sets the targets.
package struct Preparer {
  private let ports: RunPorts
  private let challenge: Challenge
  private let window: Seconds
  private let measuresRoofline: Bool
  private let note: (String) -> Void

  /// A share target follows from the plan's window; `note` is told what is done now.
  package init(
    _ ports: RunPorts, challenge: Challenge, window: Seconds, measuresRoofline: Bool,
    note: @escaping (String) -> Void = { _ in }
  ) {
    self.ports = ports
    self.challenge = challenge
    self.window = window
    self.measuresRoofline = measuresRoofline
    self.note = note
  }

  /// Prepares every device in turn.
  ///
  /// - Throws: `Interrupted`; `StuckKernel` for a kernel that does not come back; `Failure` when nothing is left to
  ///   measure.
  package func prepare(_ devices: [DeviceRequest]) throws -> Preparation {
    var prepared = Preparation()
    let all = devices.reduce(0) { $0 + $1.kernels.reduce(0) { $0 + $1.timed.count } }
    var before = 0
    for device in devices {
      for request in device.kernels {
        let place = KernelPlace(before: before, of: all)
        try prepare(request, on: device, place, &prepared)
        before += request.timed.count
      }
    }
    guard !prepared.series.isEmpty else {
      let obstacle = prepared.checks.first { $0.verdict == .fail }
      throw Failure(
        .no, "no kernel can be measured: \(obstacle?.message ?? "all were refused")",
        remedy: obstacle?.remedy)
    }
    if measuresRoofline {
      note("measuring what each device can do at most")
      for device in devices { try addRoofline(of: device, &prepared) }
    }
    return prepared
  }

  private func addRoofline(
    of device: DeviceRequest, _ prepared: inout Preparation
  ) throws {
    guard let widest = device.widest else { return }
    let kernels = prepared.choices.filter { $0.device == device.backend.device }.flatMap {
      choice in choice.chosen.map { (choice.algorithm, $0) }
    }
    if prepared.roofline == nil {
      prepared.roofline = try device.backend.roofline(
        of: kernels, in: widest, isCancelled: ports.isInterrupted)
    }
    do {
      guard
        let roofline = try device.backend.deviceRoofline(
          of: kernels, isCancelled: ports.isInterrupted)
      else { return }
      prepared.deviceRooflines.append(roofline)
    } catch let error as any UserFacingError where !(error is Interrupted) {
      // It is beside what was asked for: a driver that fails at it may still hash, and else is found out by its series.
      note("\(device.backend.device) has no roofline: \(error.message)")
    }
  }

  private func prepare(
    _ request: KernelRequest, on device: DeviceRequest, _ place: KernelPlace,
    _ prepared: inout Preparation
  ) throws {
    let backend = device.backend
    guard
      let widest = device.placements(of: request).max(by: { $0.workers < $1.workers })
    else { return }
    let (proven, failed) = try prove(request, backend, place, &prepared)
    let measured = try KernelSelection(ports, challenge: challenge)
      .throughputs(of: proven, request.algorithm, on: backend, in: widest) { kernel in
        let index = request.timed.firstIndex(of: kernel) ?? 0
        note("\(place.text(index)): timing \(request.algorithm) \(kernel)")
      }
    let rates = Dictionary(
      measured.compactMap { candidate in
        candidate.briefThroughput.value.map { (candidate.kernel, $0) }
      }
    ) { first, _ in first }
    var chosen = request.named.filter { rates[$0] != nil }
    let best = request.candidates.filter { rates[$0] != nil }.max {
      (rates[$0] ?? 0) < (rates[$1] ?? 0)
    }
    if let best, !chosen.contains(best) { chosen.append(best) }
    prepared.choices.append(
      KernelChoice(
        algorithm: request.algorithm, unit: request.shape.unit, device: backend.device,
        requested: request.requested.joined(separator: ", "), chosen: chosen,
        candidates: measured + failed + request.unsupported))
    for candidate in measured where request.named.contains(candidate.kernel) {
      guard let reason = candidate.briefThroughput.reason else { continue }
      prepared.checks.append(
        Check(
          name: .worker, verdict: .fail,
          message: "\(request.algorithm)/\(candidate.kernel): \(reason.message)",
          remedy: reason.remedy))
    }
    let offered = backend.kernels()
    for kernel in chosen {
      let own = request.placements ?? device.placements
      let tried = try fastest(request, kernel, device, &prepared)
      for placement in own + tried.keys.filter({ !own.contains($0) }).sorted(by: Self.isBefore) {
        // All kernels scale much alike: the rate of some workers sets the target well within its tolerance.
        let rate =
          tried[placement]
          ?? (rates[kernel] ?? 0) * Double(placement.workers) / Double(widest.workers)
        prepared.series.append(
          SeriesRequest(
            series: SeriesID(
              algorithm: request.algorithm, device: backend.device, kernel: kernel,
              placement: placement.name), shape: request.shape, placement: placement,
            target: KernelSelection.target(
              request.shape, workPerSecond: rate, window: window),
            epoch: offered.first {
              $0.algorithm == request.algorithm && $0.kernel == kernel
            }?.epoch))
      }
    }
  }

  private static func isBefore(_ one: Placement, _ other: Placement) -> Bool {
    (one.name.part ?? "", one.workers) < (other.name.part ?? "", other.workers)
  }

  /// Of the placements that are tried the fastest one of each part of the device, with its rate.
  private func fastest(
    _ request: KernelRequest, _ kernel: KernelID, _ device: DeviceRequest,
    _ prepared: inout Preparation
  ) throws -> [Placement: Double] {
    var rates: [(placement: Placement, rate: Double)] = []
    for placement in request.placementsToTry {
      note("\(request.algorithm) \(kernel): timing \(placement.name)")
      let measured = try KernelSelection(ports, challenge: challenge)
        .throughputs(of: [kernel], request.algorithm, on: device.backend, in: placement)
      if let rate = measured.first?.briefThroughput.value { rates.append((placement, rate)) }
    }
    let parts = Dictionary(grouping: rates) { $0.placement.name.part }
    return parts.values.reduce(into: [:]) { chosen, rates in
      guard let best = rates.max(by: { $0.rate < $1.rate }) else { return }
      chosen[best.placement] = best.rate
      let text = rates.map { "\($0.placement.name) \(Int($0.rate.rounded()))" }
      prepared.checks.append(
        Check(
          name: .threads, verdict: .pass,
          message: "\(request.algorithm)/\(kernel): \(best.placement.name) is the fastest of "
            + "\(text.joined(separator: ", ")) \(request.shape.unit.plural) a second"))
    }
  }

  /// Self-tests every kernel that may be timed; a kernel that fails is never timed.
  private func prove(
    _ request: KernelRequest, _ backend: any ComputeBackend, _ place: KernelPlace,
    _ prepared: inout Preparation
  ) throws -> (proven: [KernelID], failed: [KernelCandidate]) {
    var proven: [KernelID] = []
    var failed: [KernelCandidate] = []
    for (index, kernel) in request.timed.enumerated() {
      note("\(place.text(index)): proving \(request.algorithm) \(kernel)")
      if ports.isInterrupted() { throw Interrupted() }
      do {
        try backend.selfTest(request.algorithm, kernel, before: challenge)
        proven.append(kernel)
      } catch let interrupted as Interrupted {
        throw interrupted
      } catch {
        let message = (error as? any UserFacingError)?.line ?? "\(error)"
        failed.append(
          KernelCandidate(kernel: kernel, briefThroughput: .unavailable(Reason(.failed, message))))
        prepared.checks.append(
          Check(
            name: .selfTest, verdict: .fail,
            message: "\(request.algorithm)/\(kernel) is not timed: \(message)"))
      }
    }
    if failed.isEmpty {
      prepared.checks.append(
        Check(
          name: .selfTest, verdict: .pass,
          message: "\(request.algorithm): \(proven.map(\.rawValue).joined(separator: ", ")) "
            + "agree with the reference"))
    }
    return (proven, failed)
  }
}

/// Where an algorithm's kernels stand among all that are prepared.
private struct KernelPlace {
  let before: Int
  let of: Int

  /// `kernel 4 of 9`.
  func text(_ index: Int) -> String { "kernel \(before + index + 1) of \(of)" }
}
