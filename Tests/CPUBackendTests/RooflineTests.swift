import CPUBackend
import Kernels
import Model
import Testing

struct RooflineTests {
  private func throughput(_ kind: Int, _ bits: Int, _ perCycle: Double) -> Roofline.Throughput {
    Roofline.Throughput(kind: OperationKind.all[kind], vectorBits: bits, perCycle: perCycle)
  }

  private func operations(_ counts: [Int: UInt64], bits: Int = 256, hashes: Int = 8)
    -> KernelOperations
  {
    KernelOperations(
      vectorBits: bits, hashes: hashes,
      counts: counts.reduce(into: [:]) { $0[OperationKind.all[$1.key]] = $1.value })
  }

  @Test("the scarcest kind of operation bounds the kernel")
  func scarce() {
    // 100 additions at 4 a cycle and 60 rotations at 1 a cycle: 60 cycles for 8 hashes.
    let limit = Roofline.limit(
      operations([0: 100, 4: 60]),
      [throughput(0, 256, 4), throughput(4, 256, 1), throughput(4, 512, 9)])
    #expect(limit.value == Roofline.Limit(cyclesPerHash: 60 / 8, resource: "rotate"))
  }

  @Test("all arithmetic together shares the ports; loads run beside it")
  func shared() {
    // 100 + 60 operations at no more than 2 a cycle: 80 cycles; 150 loads at 2 a cycle: 75.
    let throughputs = [throughput(0, 256, 2), throughput(1, 256, 2), throughput(6, 256, 2)]
    let limit = Roofline.limit(operations([0: 100, 1: 60, 6: 150]), throughputs)
    #expect(limit.value == Roofline.Limit(cyclesPerHash: 80 / 8, resource: "all operations"))
    let loads = Roofline.limit(operations([0: 100, 1: 60, 6: 300]), throughputs)
    #expect(loads.value == Roofline.Limit(cyclesPerHash: 150 / 8, resource: "load"))
  }

  @Test("shifts and rotates share their ports")
  func shifter() {
    // 40 shifts and 60 rotates at 1 a cycle: 100 cycles, where all 160 operations at 2 a cycle take 80.
    let limit = Roofline.limit(
      operations([0: 60, 3: 40, 4: 60]),
      [throughput(0, 256, 2), throughput(3, 256, 1), throughput(4, 256, 1)])
    #expect(
      limit.value == Roofline.Limit(cyclesPerHash: 100 / 8, resource: "shifts and rotates"))
  }

  @Test("the bound belongs to the form with the fewest operations, the count to the kernel's own")
  func forms() throws {
    let variants = KernelCatalog.builtIn.variants(of: .scrypt)
    // On every architecture some kernel computes rows again that others store.
    guard let again = variants.first(where: { $0.id.rawValue.hasSuffix("gap2") }),
      let own = again.operations
    else { return }
    let throughputs = OperationKind.all.indices.map { throughput($0, own.vectorBits, 1) }
    let alone = try #require(Roofline.limit(own, throughputs).value)
    let among = try #require(Roofline.limit(of: again, among: variants, throughputs).value)
    #expect(among.cyclesPerHash < alone.cyclesPerHash * 0.8)
  }

  @Test("what disturbs for as long as all rounds of a loop take lowers no throughput")
  func disturbed() {
    // 20 loops, of which the n-th does n a cycle, in 16 rounds of three measurements each.
    for begin in stride(from: 0, to: 960, by: 7) {
      var call = 0
      func slowed(_ rate: Double) -> Double {
        defer { call += 1 }
        return (begin..<begin + 48).contains(call) ? rate / 2 : rate
      }
      let (rounds, kernels) = RooflineRounds.inTurn(
        (1...20).map { number in { slowed(3e9 * Double(number)) } }, clock: { slowed(3e9) },
        rounds: 16, check: {}, between: { "kernels" })
      #expect(kernels == "kernels")
      for (number, loop) in zip(1..., rounds) {
        #expect(loop.perCycle == Double(number) && loop.clock == 3e9, "\(begin), loop \(number)")
        #expect(loop.halves == [Double(number), Double(number)])
      }
    }
  }

  @Test("an operation that no loop measures leaves the bound unknown, with the reason")
  func unmeasured() {
    let limit = Roofline.limit(
      operations([0: 100, 5: 1]), [throughput(0, 256, 2), throughput(5, 512, 1)])
    #expect(limit.reason?.message.contains("'shuffle'") == true)
    #expect(limit.reason?.message.contains("256") == true)
  }

  @Test("every kind of operation of the ABI has a name")
  func names() {
    #expect(OperationKind.all.count >= 7)
    #expect(Set(OperationKind.all.map(\.name)).count == OperationKind.all.count)
    #expect(OperationKind.all.allSatisfy { !$0.name.hasPrefix("kind") })
    #expect(OperationKind.all.filter(\.isLoad).map(\.name) == ["load"])
  }

  @Test("each loop reports its operations in proportion to its iterations")
  func probes() {
    for probe in ThroughputProbe.all where probe.requiredFeatures.isSubset(of: .current) {
      let once = probe.run(iterations: 1000)
      #expect(once >= 1000 && probe.run(iterations: 2000) == 2 * once, "\(probe.kind.name)")
    }
    #expect(ThroughputProbe.cycleChain(iterations: 1000) >= 1000)
  }

  @Test("all kernels in C have their operations written down")
  func counts() {
    let others: Set<String> = ["swift", "openssl"]
    for variant in KernelCatalog.builtIn.variants
    where !others.contains(variant.id.rawValue) && variant.shape.countsAttempts
      && variant.state?.library == nil
    {
      #expect(variant.operations != nil, "\(variant.algorithm)/\(variant.id)")
      #expect((variant.operations?.perHash ?? 0) > 0)
    }
  }
}
