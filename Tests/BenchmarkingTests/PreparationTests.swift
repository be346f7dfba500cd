import Benchmarking
import Model
import Synchronization
import TestSupport
import Testing

/// What is settled before the first window, over fakes.
struct PreparationTests {
  private let clock = FakeClock()
  private let challenge = Challenge(bytes: [UInt8](repeating: 7, count: 32))

  private func cpu(
    _ kernels: [String] = ["slow", "quick"], broken: Set<KernelID> = []
  ) -> FakeBackend {
    FakeBackend(clock: clock, kernels: kernels, broken: broken) { kernel, from, to in
      (to - from) * (kernel.rawValue == "quick" ? 3e6 : 1e6)
    }
  }

  private var card: FakeBackend {
    FakeBackend(
      clock: clock, device: DeviceID(rawValue: "pci:0000:65:00.0"), worker: .queue, mostWorkers: 2,
      kernels: ["wide"]
    ) { _, from, to in (to - from) * 1e9 }
  }

  private func preparer(_ backends: [FakeBackend], note: @escaping (String) -> Void = { _ in })
    throws -> Preparer
  {
    Preparer(
      RunPorts(
        backends: backends, meters: FakeMeter(clock: clock, []) { _, _ in 0 }, clock: clock,
        probe: FakeProbe(clock: clock)),
      challenge: try #require(challenge), window: Seconds(10), measuresRoofline: false, note: note)
  }

  private func requests(_ wish: MeasurementWish, _ backends: [FakeBackend]) throws
    -> (devices: [DeviceRequest], notes: [String])
  {
    try wish.requests(among: backends, known: [.sha256d])
  }

  @Test("of several kernels the fastest is measured, and what was tried is written down")
  func best() throws {
    let cpu = cpu()
    let prepared = try preparer([cpu]).prepare(try requests(MeasurementWish(), [cpu]).devices)
    #expect(prepared.series.map(\.series.kernel.rawValue) == ["quick"])
    #expect(prepared.choices.map(\.requested) == ["best"])
    #expect(prepared.choices[0].candidates.map(\.kernel.rawValue) == ["slow", "quick"])
    #expect(prepared.checks.map(\.verdict) == [.pass])
    let expected = 12e6 * 10 * prepared.series[0].target.probability
    #expect(expected > 700 && expected < 3000)
  }

  @Test(
    "with --threads best the number with the greatest rate is measured, and those that were tried are told",
    arguments: [1, 6, 9, 12])
  func bestThreads(room: Int) throws {
    // As with a cache that has room for some workers: those beyond it only slow the others down.
    let cpu = FakeBackend(
      clock: clock, mostWorkers: 12, kernels: ["quick"],
      share: { $0 <= room ? 1 : Double(room) / Double($0) / 2 },
      hashes: { _, from, to in (to - from) * 1e6 })
    let wish = MeasurementWish(placement: PlacementWish(counts: [.best]))
    let prepared = try preparer([cpu]).prepare(try requests(wish, [cpu]).devices)
    #expect(Set(cpu.jobs.map(\.placement.workers)) == [12, 9, 6, 1])
    #expect(prepared.series.map(\.series.workers) == [room])
    let check = try #require(prepared.checks.first { $0.name == .threads })
    #expect(check.verdict == .pass)
    #expect(check.message.contains("sha256d/quick: \(room)t is the fastest of"), "\(check.message)")
  }

  @Test("a kernel that fails its self-test is never timed, and said")
  func broken() throws {
    let cpu = cpu(broken: [KernelID(rawValue: "quick")])
    let prepared = try preparer([cpu]).prepare(try requests(MeasurementWish(), [cpu]).devices)
    #expect(prepared.series.map(\.series.kernel.rawValue) == ["slow"])
    #expect(prepared.checks.map(\.name) == [.selfTest])
    #expect(prepared.checks[0].message.contains("quick is not timed"))
    #expect(cpu.jobs.allSatisfy { $0.series.kernel.rawValue != "quick" })
  }

  @Test("nothing left to measure is the answer no, with what stands against it")
  func nothing() throws {
    let cpu = cpu(["quick"], broken: [KernelID(rawValue: "quick")])
    let devices = try requests(MeasurementWish(), [cpu]).devices
    let failure = #expect(throws: Failure.self) { try preparer([cpu]).prepare(devices) }
    #expect(failure?.exitCode == .no)
    #expect(failure?.message.contains("quick computes wrongly") == true)
  }

  @Test("the CPU alone is measured unless a device is named, and the others are told of")
  func defaultDevice() throws {
    let (devices, notes) = try requests(MeasurementWish(), [card, cpu()])
    #expect(devices.map(\.backend.device) == [.cpu])
    #expect(
      notes == ["pci:0000:65:00.0 can hash too: add --device pci:0000:65:00.0, or --device all"])
  }

  @Test(
    "no device that was named is dropped in silence",
    arguments: [
      ["cpu", "pci:0000:65:00.0"], ["pci:0000:65:00.0", "cpu", "cpu"], ["all"],
    ])
  func severalDevices(names: [String]) throws {
    let backends = [cpu(), card]
    let (devices, notes) = try requests(MeasurementWish(devices: names), backends)
    #expect(devices.map(\.backend.device.rawValue) == ["cpu", "pci:0000:65:00.0"])
    #expect(notes.isEmpty)
    let prepared = try preparer(backends).prepare(devices)
    #expect(
      prepared.series.map(\.series.description) == [
        "sha256d/cpu/quick/4t", "sha256d/pci:0000:65:00.0/wide/2q",
      ])
    #expect(prepared.series.map(\.placement.places) == [[0, 1, 2, 3], []])
    #expect(prepared.choices.map(\.device.rawValue) == ["cpu", "pci:0000:65:00.0"])
  }

  @Test("a device that nobody knows is named with the nearest one")
  func unknownDevice() throws {
    let failure = #expect(throws: Failure.self) {
      try requests(MeasurementWish(devices: ["cpi"]), [cpu(), card])
    }
    #expect(failure?.exitCode == .usage)
    #expect(
      failure?.line.contains("did you mean 'cpu'? choose one of cpu, pci:0000:65:00.0, all") == true
    )
  }

  @Test("a word that concerns one of two devices leaves the other out, with a line")
  func wordsOfOneDevice() throws {
    let wish = MeasurementWish(devices: ["all"], kernels: ["wide"])
    let (devices, notes) = try requests(wish, [cpu(), card])
    #expect(devices.map(\.backend.device.rawValue) == ["pci:0000:65:00.0"])
    #expect(notes.count == 1 && notes[0].hasPrefix("cpu is left out: unknown kernel 'wide'"))
    // What concerns no device is refused.
    #expect(throws: Failure.self) {
      try requests(MeasurementWish(devices: ["all"], kernels: ["none"]), [cpu(), card])
    }
    // CPUs cannot be chosen of a card alone.
    var threads = MeasurementWish(devices: ["pci:0000:65:00.0"])
    threads.placement.counts = [.count(2)]
    #expect(throws: Failure.self) { try requests(threads, [cpu(), card]) }
  }

  @Test("numbers of threads and lists of CPUs are of the CPU alone, and a card beside it stays in")
  func threadsOfTheCPU() throws {
    for placement in [PlacementWish(counts: [.count(2)]), PlacementWish(cpus: "0-1")] {
      var wish = MeasurementWish(devices: ["all"])
      wish.placement = placement
      for together in [false, true] {
        wish.isTogether = together
        wish.kernels = together ? ["best"] : []
        let (devices, notes) = try requests(wish, [cpu(), card])
        #expect(devices.map(\.backend.device) == [.cpu, card.device])
        #expect(notes.isEmpty, "\(notes)")
        #expect(devices.last?.placements.map(\.name) == [PlacementName(.queue, workers: 2)])
        let threads = placement.counts.isEmpty ? 4 : 2
        #expect(devices.first?.placements.map(\.workers) == [threads])
      }
    }
  }

  @Test("each device gets the kernels that it knows of those that are named")
  func kernelsOfEachDevice() throws {
    let both = try requests(
      MeasurementWish(devices: ["all"], kernels: ["quick", "wide"]), [cpu(), card])
    #expect(
      both.devices.map { $0.kernels.flatMap(\.named).map(\.rawValue) } == [["quick"], ["wide"]])
    #expect(both.notes.isEmpty)
    // A device of which nothing is named is left out, with a line.
    let one = try requests(MeasurementWish(devices: ["all"], kernels: ["wide"]), [cpu(), card])
    #expect(one.devices.map(\.backend.device) == [card.device])
    #expect(one.notes.count == 1)
    // What no device knows is a mistake.
    #expect(throws: Failure.self) {
      try requests(MeasurementWish(devices: ["all"], kernels: ["wired"]), [cpu(), card])
    }
  }

  @Test("an identifier in another spelling is the same device")
  func spelling() throws {
    let found = try requests(MeasurementWish(devices: ["pci:65:00.0"]), [cpu(), card])
    #expect(found.devices.map(\.backend.device) == [card.device])
  }
}
