import GPUBackend
import Testing

struct GapsTests {
  @Test("what no launch covers is idle; launches of two queues overlap, in any order")
  func gaps() throws {
    let gaps = try #require(Gaps([100..<200, 0..<120, 210..<300, 205..<215]))
    #expect(gaps.idleShare == 5.0 / 300)
    #expect(gaps.longest == 5e-9)
  }

  @Test("one launch says nothing")
  func one() {
    #expect(Gaps([0..<10]) == nil)
    #expect(Gaps([]) == nil)
    #expect(Gaps([5..<5, 5..<5]) == nil)
  }

  @Test("a launch inside another hides no gap after it")
  func nested() throws {
    let gaps = try #require(Gaps([0..<100, 10..<20, 150..<200]))
    #expect(gaps.idleShare == 0.25)
  }
}

struct GPUShapeTests {
  @Test("every algorithm has shapes for cards and for processors, each named once")
  func shapes() {
    for algorithm in Set(GPUShape.all.map(\.algorithm)) {
      let own = GPUShape.all.filter { $0.algorithm == algorithm }
      #expect(own.contains { $0.suitsCards } && own.contains { $0.suitsProcessors })
      #expect(Set(own.map(\.name)).count == own.count)
      #expect(Set(own.map(\.sourceDigest)).count == own.count)
    }
    #expect(Set(GPUShape.all.map(\.algorithm)).count == 5)
  }
}
