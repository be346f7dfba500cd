package import Model
internal import Text

/// What is asked of one device, before anything is measured.
package struct DeviceRequest: Sendable {
  package let backend: any ComputeBackend
  package let kernels: [KernelRequest]
  /// Each is measured by itself.
  package let placements: [Placement]

  package init(
    backend: any ComputeBackend, kernels: [KernelRequest], placements: [Placement]
  ) {
    self.backend = backend
    self.kernels = kernels
    self.placements = placements
  }

  /// The placement with the most workers.
  package var widest: Placement? { placements.max { $0.workers < $1.workers } }

  /// Where the workers of a request run: its own placements, those that are tried at the end.
  package func placements(of request: KernelRequest) -> [Placement] {
    (request.placements ?? placements) + request.placementsToTry
  }

  /// Every placement, each once.
  package var allPlacements: [Placement] {
    var all: [Placement] = []
    for placement in kernels.flatMap(placements(of:)) where !all.contains(placement) {
      all.append(placement)
    }
    return all
  }
}

/// The devices that a run is asked to measure.
package enum DeviceChoice {
  /// What stands for every device.
  package static let all = "all"

  /// The backends of the devices that are named, each once, in the order of the machine; without names the CPU, or the
  /// first where no CPU can hash.
  ///
  /// - Throws: usage errors that suggest the nearest name; unavailable where nothing can hash.
  package static func choose(
    _ names: [String], among backends: [any ComputeBackend]
  ) throws(Failure) -> [any ComputeBackend] {
    let known = backends.flatMap { [$0.device.rawValue] + ($0.alias.map { [$0] } ?? []) }
    // `pci:65:00.0` is `pci:0000:65:00.0`.
    let names = names.map { DeviceID(parsing: $0)?.rawValue ?? $0 }
    for name in names where name != all && !known.contains(name) {
      throw Failure.unknown(
        "device", name, place: " among those that can hash", among: known + [all])
    }
    guard let first = backends.first(where: { $0.device == .cpu }) ?? backends.first else {
      throw Failure(.unavailable, "no device of this machine can hash")
    }
    if names.isEmpty { return [first] }
    return backends.filter { backend in
      names.contains(backend.device.rawValue) || backend.alias.map(names.contains) == true
        || names.contains(all) && !backend.isOnlyByName
    }
  }
}

/// The words of a command line that say what is to be measured.
package struct MeasurementWish: Sendable {
  package var devices: [String]
  package var algorithms: [String]
  /// The words of `--kernel`; empty when it was not given.
  package var kernels: [String]
  /// The file of `--interleave`, whose kernels stand against the run's own.
  package var interleave: String?
  /// Whether all devices are measured at the same time.
  package var isTogether: Bool
  package var placement: PlacementWish

  package init(
    devices: [String] = [], algorithms: [String] = [], kernels: [String] = [],
    interleave: String? = nil, isTogether: Bool = false, placement: PlacementWish = PlacementWish()
  ) {
    self.devices = devices
    self.algorithms = algorithms
    self.kernels = kernels
    self.interleave = interleave
    self.isTogether = isTogether
    self.placement = placement
  }

  /// What the words ask of each device, the usual algorithms where none is named, and what a person must know of it: a sentence each, without a full stop.
  ///
  /// A word may concern one of several devices only; one that concerns none is refused.
  package func requests(
    among backends: [any ComputeBackend], known: [AlgorithmID], usual: [AlgorithmID]? = nil
  ) throws -> (devices: [DeviceRequest], notes: [String]) {
    let chosen = try DeviceChoice.choose(devices, among: backends)
    let offered = chosen.map { Set($0.kernels().map(\.kernel.rawValue)) }
    let hasCPU = chosen.contains { $0.device == .cpu }
    var requests: [DeviceRequest] = []
    var notes: [String] = []
    var refusal: (any Error)?
    for (index, backend) in chosen.enumerated() {
      do {
        // A word that only another device knows is about that one.
        let own = self.kernels.filter { word in
          word == "best" || word == "all" || offered[index].contains(word)
            || !offered.contains { $0.contains(word) }
        }
        let words = own.isEmpty ? self.kernels : own
        let (kernels, more) = try kernels(words, of: backend, known: known, usual: usual ?? known)
        // Beside the CPU, what was said of CPUs is about it alone.
        let wish = hasCPU && backend.device != .cpu ? placement.notAboutCPUs : placement
        let placements = try backend.placements(wish)
        requests.append(
          DeviceRequest(
            backend: backend,
            kernels: try kernels.map { try $0.placed(wish, on: backend, default: placements) },
            placements: placements))
        notes += more
      } catch let error as Failure where chosen.count > 1 {
        if refusal == nil { refusal = error }
        notes.append("\(backend.device) is left out: \(error.message)")
      }
    }
    // Together none may be missing.
    if requests.isEmpty || isTogether, let refusal { throw refusal }
    if isTogether { try checkTogether(requests) }
    let left = backends.filter { backend in
      !backend.isOnlyByName && !chosen.contains { $0.device == backend.device }
    }
    // The number of solutions varies by chance, whatever the clock.
    for request in requests.first?.kernels ?? [] where !request.shape.countsAttempts {
      notes.append(
        "\(request.algorithm) counts solutions, of which a window has few: n of them are uncertain by 2 / sqrt(n), "
          + "so give --window 60 or more")
    }
    if devices.isEmpty, !left.isEmpty {
      let names = left.map(\.device.rawValue)
      notes.append(
        "\(names.joined(separator: ", ")) can hash too: add --device \(names[0]), or --device all")
    }
    return (requests, notes)
  }

  /// Together every device does one thing, and there are at least two of them.
  private func checkTogether(_ requests: [DeviceRequest]) throws(Failure) {
    guard requests.count > 1 else {
      throw Failure(
        .usage, "--together needs at least two devices that can hash",
        remedy: "name them with --device, or say --device all; see 'hashwatt detect'")
    }
    for request in requests {
      let several = request.kernels.first { $0.most > 1 }
      if let several {
        throw Failure(
          .usage,
          "--together measures one kernel of each device at a time, and \(several.algorithm) has \(several.most) "
            + "on \(request.backend.device)",
          remedy: "name one with --kernel, or leave it to the fastest")
      }
      guard request.placements.count == 1,
        request.kernels.allSatisfy({ $0.placementsToTry.isEmpty })
      else {
        throw Failure(
          .usage,
          "--together measures one placement of each device at a time, not "
            + request.placements.map { "\($0.name)" }.joined(separator: ", "),
          remedy: "give one count to --threads, or leave it out")
      }
    }
  }

  private func kernels(
    _ words: [String], of backend: any ComputeBackend, known: [AlgorithmID], usual: [AlgorithmID]
  ) throws -> ([KernelRequest], [String]) {
    let offered = backend.kernels()
    let own = try KernelRequest.all(
      algorithms: algorithms, kernels: words, known: known, usual: usual,
      offered: offered.filter { !$0.kernel.isOther }, prefersPlugins: interleave != nil)
    guard let interleave else { return (own, []) }
    let interleaving = try Interleaving(own, offered.filter(\.kernel.isOther), file: interleave)
    return (interleaving.requests, interleaving.notes)
  }
}
