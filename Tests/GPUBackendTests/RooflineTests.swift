import GPUBackend
import Kernels
import LinuxSystem
import Model
import TestSupport
import Testing

/// What no kernel of a device can pass, and why there is none.
struct DeviceBoundTests {
  /// An H200's, as `Benchmarks/gpu/results/2026-11-26-h200/ptx.json` has them.
  private let rates: DeviceBound.Rates = [
    .shift: 16.609e12, .logicOfThree: 16.621e12, .sumOfThree: 16.621e12,
    .multiplyAndAdd: 16.684e12, .multiplyUpper: 8.347e12, .shiftBesideMultiply: 32.738e12,
    .copy: 3.97e12,
  ]

  private func shape(_ algorithm: AlgorithmID, _ name: String) throws -> GPUShape {
    try #require(GPUShape.all.first { $0.algorithm == algorithm && $0.name == name })
  }

  private func bound(
    _ algorithm: AlgorithmID, _ name: String, _ route: GPURoute = .ptx, on card: String = "sm_90",
    scratch: UInt64 = 8 << 30, rates: DeviceBound.Rates? = nil
  ) throws -> Reading<DeviceBound> {
    DeviceBound.ofCard(
      try shape(algorithm, name), route, architecture: card, scratch: scratch,
      rates ?? self.rates)
  }

  /// A shape with what binds it: a rate of the card over what the kernel needs of it.
  struct Expected: Sendable {
    let algorithm: AlgorithmID
    let shape: String
    let resource: String
    let rate: Double
    let need: Double
  }

  private static let expected = [
    Expected(
      algorithm: .sha256d, shape: "plain", resource: "logic pipe", rate: 16.621e12, need: 2277),
    Expected(
      algorithm: .sha256d, shape: "mul", resource: "logic pipe", rate: 16.621e12, need: 1822),
    Expected(
      algorithm: .sha256d, shape: "late", resource: "all instructions", rate: 32.738e12, need: 2504),
    Expected(
      algorithm: .keccak256, shape: "pairs", resource: "logic pipe", rate: 16.621e12, need: 4072),
    Expected(
      algorithm: .scrypt, shape: "lanes4-own-gap1", resource: "memory", rate: 3.97e12,
      need: 262_144),
    // 512 rows of 128 bytes are written, and 1024 times one is read.
    Expected(
      algorithm: .scrypt, shape: "1-gap2", resource: "memory", rate: 3.97e12, need: 196_608),
  ]

  @Test("a counted shape is bound by the pipe that it keeps busy longest", arguments: expected)
  func bounds(expected: Expected) throws {
    let bound = try #require(try bound(expected.algorithm, expected.shape).value)
    #expect(bound.resource == expected.resource)
    #expect(abs(bound.perSecond * expected.need / expected.rate - 1) < 1e-12)
  }

  /// Hashes a second of an H200, from `Benchmarks/gpu/results`.
  private static let reached: [(AlgorithmID, String, Double)] = [
    (.sha256d, "plain", 7.350e9), (.sha256d, "mul1", 7.512e9), (.sha256d, "mul", 7.929e9),
    (.sha256d, "late", 8.186e9), (.sha256d, "late-mul1", 8.481e9),
    (.sha256d, "late-mul2", 8.349e9), (.sha256d, "late-mul3", 8.387e9),
    (.sha256d, "late-mul", 8.152e9), (.keccak256, "pairs", 4.108e9),
    (.keccak256, "pairs-mul1", 4.074e9), (.keccak256, "pairs-mul8", 4.072e9),
    (.scrypt, "lanes4-own-gap1", 9.948e6), (.scrypt, "1-gap2", 7.76e6),
  ]

  @Test("what an H200 reached is within its bound, the probes' own error apart")
  func measured() throws {
    for (algorithm, name, rate) in Self.reached {
      let bound = try #require(try bound(algorithm, name).value)
      #expect(rate <= bound.perSecond * 1.01, "\(algorithm) \(name)")
    }
  }

  @Test("where instructions are not known there is no bound, and the reason instead")
  func unknown() throws {
    func reason(_ bound: Reading<DeviceBound>) -> String {
      if case .unavailable(let reason) = bound { reason.message } else { "a bound" }
    }
    #expect(reason(try bound(.sha256d, "plain", .opencl)).contains("OpenCL compiler"))
    #expect(reason(try bound(.sha256d, "plain", on: "sm_89")).contains("this card is sm_89"))
    #expect(reason(try bound(.sha256d, "plain", on: "")).contains("does not tell"))
    #expect(reason(try bound(.keccak256, "pairs-rolled")).contains("not counted"))
    #expect(reason(try bound(.scrypt, "1-gap1", scratch: 128 << 20)).contains("128 MiB"))
    let few: DeviceBound.Rates = [.logicOfThree: 1e12]
    #expect(reason(try bound(.sha256d, "plain", rates: few)).contains("was not measured"))
    #expect(reason(try bound(.scrypt, "1-gap1", rates: few)).contains("'copy' was not measured"))
  }

  @Test("scrypt's memory bounds it by every route and on every card")
  func memory() throws {
    #expect(try bound(.scrypt, "1-gap1", .opencl, on: "").value?.resource == "memory")
  }

  @Test("a processor's shape is bound by the fewest operations of this program's own kernels")
  func processor() throws {
    let forms = KernelCatalog.builtIn.variants.filter {
      $0.algorithm == .sha256d && $0.operations != nil
    }
    let plain = try #require(forms.first { $0.id.rawValue == "portable" })
    let operations = try #require(plain.operations)
    #expect(operations.counts.keys.allSatisfy { !$0.isSHA })
    let arithmetic = operations.counts.reduce(0) { $0 + ($1.key.isLoad ? 0 : $1.value) }
    let words = Double(arithmetic) * Double(operations.vectorBits) / 32 / Double(operations.hashes)
    let rates: DeviceBound.Rates = [.sumOfThree: 3e9, .logicOfThree: 5e9]
    func bound(_ name: String, _ forms: [KernelVariant]) throws -> DeviceBound? {
      DeviceBound.ofProcessor(try shape(.sha256d, name), forms: forms, rates).value
    }
    // A sum of three is two operations.
    #expect(
      try bound("w16", [plain])
        == DeviceBound(perSecond: 6e9 / words, resource: "all operations"))
    // Operations are on words, so that the width of a form does not matter.
    #expect(try bound("w16", [plain]) == bound("w4", [plain]))
    // Fewer operations let more through; instructions made for SHA-256 are none that OpenCL has.
    let sha = forms.filter { $0.operations?.counts.keys.contains { $0.isSHA } == true }
    #expect(try bound("w16", [plain] + sha) == bound("w16", [plain]))
    #expect(try bound("w16", sha) == nil)
    #expect(try bound("w16", []) == nil)
  }
}

/// Devices that tell what they can do.
@Suite(.serialized)
struct DeviceRooflineTests {
  private let plain = (AlgorithmID.sha256d, KernelID(rawValue: "opencl-plain"))

  private func card(_ faults: [String: String] = [:], for test: String) -> GPUBackend? {
    ProcessControl.ignoreBrokenPipe()
    return Workers.openCLStandIn(faults, for: test).flatMap {
      GPUDevices(executable: Workers.program, environment: $0, limits: Workers.limits).backends
        .first
    }
  }

  @Test("a card's operations are measured, and a kernel that nobody counted has no bound")
  func standIn() throws {
    guard let card = card(for: "the roofline of an OpenCL card") else { return }
    let roofline = try #require(try card.deviceRoofline(of: [plain]) { false })
    #expect(roofline.device == card.device)
    #expect(
      roofline.throughputs.map(\.operation) == [
        "shift", "logic of three", "sum of three", "rotate and add", "multiply and add",
        "multiply, upper word", "multiply, both words", "shift beside multiply",
        "exchange of four", "copy",
      ])
    #expect(
      roofline.throughputs.allSatisfy {
        $0.perSecond > 0 && $0.lanes == 1 && $0.route == "opencl"
      })
    let kernel = try #require(roofline.kernels.first)
    #expect(roofline.kernels.count == 1 && kernel.kernel == plain.1)
    #expect(kernel.measured > 0 && kernel.reached == nil && kernel.boundBy == nil)
    #expect(kernel.bound.reason?.message.contains("is not counted") == true)
  }

  @Test("no kernel, nothing measured; interrupted, nothing kept")
  func nothing() throws {
    guard let card = card(for: "the roofline of no kernel") else { return }
    #expect(try card.deviceRoofline(of: []) { false } == nil)
    #expect(throws: Interrupted.self) { try card.deviceRoofline(of: [plain]) { true } }
  }

  @Test("a driver that refuses the probes says so, and the kernel is measured all the same")
  func refused() throws {
    guard
      let card = card(
        ["STANDIN_FAULT": "probe", "STANDIN_CODE": "-5"], for: "a card that refuses the probes")
    else { return }
    let roofline = try #require(try card.deviceRoofline(of: [plain]) { false })
    #expect(roofline.throughputs.isEmpty)
    let kernel = try #require(roofline.kernels.first)
    #expect(kernel.measured > 0)
    #expect(kernel.bound.reason?.message.contains("out of resources") == true)
  }

  @Test("a driver that ends under the probes: one line", arguments: ["abort", "crash"])
  func ended(how: String) throws {
    guard
      let card = card(
        ["STANDIN_FAULT": "probe", "STANDIN_CODE": how], for: "a card that ends under the probes")
    else { return }
    let failure = #expect(throws: Failure.self) { try card.deviceRoofline(of: [plain]) { false } }
    #expect(failure?.message.contains(how == "abort" ? "SIGABRT" : "SIGSEGV") == true)
    #expect(failure?.message.contains("\n") == false)
  }

  @Test("PoCL's processor: vectors of each width that kernels have, and a bound of each")
  func pocl() throws {
    guard let device = Workers.pocl(for: "the roofline of a processor behind OpenCL") else {
      return
    }
    let kernels: [(AlgorithmID, KernelID)] = [
      (.sha256d, KernelID(rawValue: "opencl-w8")), (.keccak256, KernelID(rawValue: "opencl-w4")),
      (.sha256d, KernelID(rawValue: "opencl-w4")),
    ]
    let roofline = try #require(try device.deviceRoofline(of: kernels) { false })
    #expect(Set(roofline.throughputs.map(\.lanes)) == [4, 8])
    // Those of single words are of cards.
    #expect(!roofline.throughputs.contains { $0.operation == "shift beside multiply" })
    #expect(roofline.kernels.map(\.kernel) == kernels.map(\.1))
    for kernel in roofline.kernels {
      #expect(kernel.boundBy == "all operations" && (kernel.reached ?? 0) > 0, "\(kernel)")
    }
  }
}
