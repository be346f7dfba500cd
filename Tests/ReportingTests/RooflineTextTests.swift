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

  /// A card, one of whose kernels nobody counted.
  private var ofCard: RunResult {
    var sample = SampleResult()
    sample.deviceRooflines = [
      DeviceRoofline(
        device: DeviceID(rawValue: "pci:0000:41:00.0"),
        throughputs: [
          DeviceRoofline.Throughput(
            route: "ptx", operation: "logic of three", lanes: 1, perSecond: 16.6e12),
          DeviceRoofline.Throughput(route: "ptx", operation: "copy", lanes: 1, perSecond: 3.97e12),
          DeviceRoofline.Throughput(
            route: "opencl", operation: "copy", lanes: 16, perSecond: 3.5e12),
        ],
        kernels: [
          DeviceRoofline.Kernel(
            algorithm: .keccak256, kernel: KernelID(rawValue: "ptx-pairs"), unit: .hash,
            bound: .value(4.08e9), boundBy: "logic pipe", measured: 4.059e9, spread: 0.001),
          DeviceRoofline.Kernel(
            algorithm: .sha256d, kernel: KernelID(rawValue: "opencl-plain"), unit: .hash,
            bound: .unavailable(Reason(.notMeasured, "nobody counted it")), boundBy: nil,
            measured: 7.3e9, spread: 0),
          DeviceRoofline.Kernel(
            algorithm: .sha256d, kernel: KernelID(rawValue: "opencl-late"), unit: .hash,
            bound: .unavailable(Reason(.notMeasured, "nobody counted it")), boundBy: nil,
            measured: 8.1e9, spread: 0),
        ])
    ]
    return sample.make()
  }

  @Test("the table of a card says what binds each kernel, or once why nothing is known to")
  func device() throws {
    let roofline = try #require(ofCard.deviceRooflines.first)
    let text = RooflineText.whole(roofline, .plain(width: 80))
    let rows = text.split(separator: "\n").map {
      $0.split(separator: " ").joined(separator: " ")
    }
    #expect(rows.contains("operation ptx opencl by 16"))
    #expect(rows.contains("logic of three 16.60 Top/s -"))
    #expect(rows.contains("copy 3.970 TB/s 3.500 TB/s"))
    #expect(rows.contains("keccak256 ptx-pairs 4.080 GH/s 4.059 GH/s 99.5 ±0.1 % logic pipe"))
    #expect(rows.contains("sha256d opencl-plain - 7.300 GH/s - no bound"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(text)")
    #expect(
      RooflineText.reasons(roofline) == [
        "no bound of sha256d/opencl-plain, sha256d/opencl-late: nobody counted it"
      ])
    #expect(RooflineText.text(ofCard, .plain(width: 80)).contains("99.5 ±0.1 %"))
  }

  @Test("a report shows a card's kernels as it shows a core's")
  func cardReport() {
    let page = ReportPage.document(
      ReportContent(
        figures: [], pictures: [],
        runs: [ReportContent.Run(name: "a.json", result: ofCard, pictures: [])]))
    #expect(page.contains("Kernels against the roofline") && page.contains("99.5 ±0.1 %"))
    #expect(page.contains("opencl-late: nobody counted it."))
    var both = ofCard
    both.roofline = result.roofline
    let plot = ReportPlots.ofRoofline(both)
    #expect(plot?.script.contains("ptx-pairs") == true)
    #expect(plot?.script.contains("by one thread") == false)
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
