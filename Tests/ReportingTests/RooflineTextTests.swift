import Model
import Reporting
import TestSupport
import Testing

struct RooflineTextTests {
  private var result: RunResult {
    var sample = SampleResult()
    sample.roofline = CoreRoofline(
      cpu: 3, clock: 3.9e9, throughputs: [],
      kernels: [
        CoreRoofline.Kernel(
          algorithm: .sha256d, kernel: KernelID(rawValue: "avx512-2x16"), unit: .hash,
          operationsPerUnit: 177.6,
          clock: 3.9e9, bound: .value(80e6), boundBy: "rotate", measured: 69.6e6, spread: 0.0125)
      ])
    return sample.make()
  }

  @Test("the table of a run that measured its roofline; nothing without")
  func text() {
    let text = RooflineText.text(result, .plain(width: 100))
    #expect(text.contains("CPU 3 at 3.90 GHz,"))
    let row = text.split(separator: "\n").first { $0.contains("avx512-2x16") }
    #expect(
      row.map { $0.split(separator: " ").joined(separator: " ") }
        == "sha256d avx512-2x16 178 80.00 MH/s 69.60 MH/s 87.0 ±1.1 % rotate")
    #expect(RooflineText.text(SampleResult().make(), .plain()).isEmpty)
  }

  @Test(
    "at 80 columns it is a table, and says what binds",
    arguments: [["rotate"], ["rotate", "shifts and rotates"]])
  func narrow(resources: [String]) {
    var result = self.result
    result.roofline?.kernels = resources.map {
      CoreRoofline.Kernel(
        algorithm: .scrypt, kernel: KernelID(rawValue: "avx512-2x3x4"), unit: .hash,
        operationsPerUnit: 143_960, clock: 3.9e9, bound: .value(41.93e3), boundBy: $0,
        measured: 36.52e3, spread: 0.001)
    }
    let text = RooflineText.text(result, .plain(width: 80))
    #expect(text.contains("measured"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(!text.contains("\nmeasured"), "\(text)")
    for resource in resources { #expect(text.contains(resource), "\(text)") }
  }

  @Test("a report shows the kernels against the roofline when it was measured")
  func report() {
    func page(_ result: RunResult) -> String {
      ReportPage.document(
        ReportContent(
          figures: [], pictures: [],
          runs: [ReportContent.Run(name: "a.json", result: result, pictures: [])]))
    }
    let with = page(result)
    #expect(with.contains("Kernels against the roofline") && with.contains("87.0 ±1.1 %"))
    #expect(!page(SampleResult().make()).contains("roofline"))
    // One kernel compares nothing.
    #expect(ReportPlots.ofRoofline(result) == nil)
    var two = result
    two.roofline?.kernels.append(contentsOf: result.roofline?.kernels ?? [])
    let plot = ReportPlots.ofRoofline(two)
    #expect(plot?.script.contains("set xlabel \"percent\"") == true)
    #expect(plot?.script.contains("87.0 0 85.9") == true, "\(plot?.script ?? "")")
    #expect(ReportPlots.ofRoofline(SampleResult().make()) == nil)
  }
}
