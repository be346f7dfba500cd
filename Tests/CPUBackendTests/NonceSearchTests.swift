import CPUBackend
import Kernels
import Model
import Testing

/// `NonceSearch` beside what the built program shows of it.
struct NonceSearchTests {
  private struct Refusal: Error {}

  private func work(count: UInt64, leadingZeroBits: Int) throws -> Work {
    Work(
      input: try #require(WorkInput(bytes: (0..<80).map { UInt8($0) }, .blockHeader)),
      firstNonce: 7,
      count: count,
      target: Target(leadingZeroBits: leadingZeroBits))
  }

  private var variant: KernelVariant {
    get throws {
      try KernelCatalog.builtIn.select(
        KernelID(rawValue: "portable"), for: .sha256d, on: .current)
    }
  }

  @Test(
    "every nonce of the range, in order, though more are found than may wait",
    arguments: [1000, 300_000])
  func all(count: UInt32) throws {
    var found: [UInt32] = []
    let done = try NonceSearch.scan(
      try work(count: UInt64(count), leadingZeroBits: 0), with: try variant,
      isCancelled: { false }
    ) { found.append($0.nonce) }
    #expect(done == UInt64(count))
    #expect(found == Array(7..<7 + count))
  }

  @Test("a cancelled search ends and says how far it came")
  func cancelled() throws {
    let done = try NonceSearch.scan(
      try work(count: 1 << 32, leadingZeroBits: 256), with: try variant, isCancelled: { true }
    ) { _ in }
    #expect(done < 1 << 32)
  }

  @Test("what the caller throws for a nonce ends the search and comes back")
  func refused() throws {
    var asked = 0
    #expect(throws: Refusal.self) {
      _ = try NonceSearch.scan(
        try work(count: 1 << 32, leadingZeroBits: 20), with: try variant, isCancelled: { false }
      ) { _ in
        asked += 1
        throw Refusal()
      }
    }
    #expect(asked == 1)
  }
}
