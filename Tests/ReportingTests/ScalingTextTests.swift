import Model
import Reporting
import TestSupport
import Testing

struct ScalingTextTests {
  private func result(_ watts: [[Scope: [Double]]]) -> RunResult {
    var sample = SampleResult()
    sample.series = zip([1, 2], watts).map { threads, watts in
      let rate = 60e6 * Double(threads)
      return SampleResult.Series(
        .sha256d, "avx2", threads: threads, rates: [rate, rate, rate], watts: watts)
    }
    return sample.make()
  }

  @Test("the most efficient point is marked, with the scope of its energy")
  func marked() {
    let text = ScalingText.text(
      result([[.wall: [40, 40, 40]], [.wall: [100, 100, 100]]]), .plain())
    #expect(text.contains("scaling of sha256d avx2; power and efficiency in wall"))
    let rows = text.split(separator: "\n").filter { $0.contains("H/s") }
    #expect(rows.first?.hasSuffix("most efficient") == true)
    #expect(rows.last?.hasSuffix("fastest") == true)
  }

  @Test("without energy the table says why, and marks only the fastest")
  func withoutEnergy() {
    let text = ScalingText.text(result([[:], [:]]), .plain())
    #expect(text.contains("efficiency unavailable: powercap: energy_uj of package-0"))
    #expect(text.contains("fastest") && !text.contains("most efficient"))
  }

  @Test("one point is no scaling")
  func single() {
    #expect(ScalingText.text(SampleResult().make(), .plain()).isEmpty)
  }
}
