import Foundation
import Model
import TestSupport
import Testing

struct CompareCommandTests {
  private func scaled(_ factor: Double) -> (inout SampleResult) -> Void {
    { sample in
      sample.series[0].rates = [120.1e6, 120.2e6, 120.0e6, 120.15e6, 120.05e6].map { $0 * factor }
      sample.series[0].watts = [.cpuPackage: [98.2, 98.25, 98.15, 98.2, 98.22]]
    }
  }

  @Test("gates set the exit code")
  func gates() throws {
    let folder = try RecordFolder()
    let base = try folder.add("base.json", scaled(1))
    let same = try folder.add("same.json", scaled(1.0001))
    let slow = try folder.add("slow.json", scaled(0.97))
    let gates = ["--gate", "throughput=-1.75%", "--gate", "energy=+5%"]
    #expect(folder.run(["compare", base, same] + gates + ["--strict"]).code == .done)
    #expect(folder.run(["compare", base, slow]).code == .done)
    #expect(folder.run(["compare", base, slow] + gates).code == .no)
    #expect(folder.run(["compare", slow, base] + gates).code == .done)
    let text = folder.run(["compare", base, slow] + gates).text
    // What stands above the first empty line has paths in it, whose length moves line ends.
    let body = text.range(of: "\n\n").map { text[$0.upperBound...] }
    assertSnapshot(String(body ?? ""), named: "compare-slow.txt")
  }

  @Test("folders are sides, and the run is their unit")
  func sets() throws {
    let folder = try RecordFolder()
    for index in 0..<3 {
      try folder.add("old/\(index).json", scaled(1 + 0.001 * Double(index)))
      try folder.add("new/\(index).json", scaled(0.95 + 0.001 * Double(index)))
    }
    let outcome = folder.run(["compare", folder.path + "/old", folder.path + "/new"])
    #expect(outcome.code == .done)
    #expect(outcome.text.contains("3 runs and 3 runs"))
    #expect(outcome.text.contains("worse"))
  }

  @Test("what cannot be compared or understood is one line")
  func refused() throws {
    let folder = try RecordFolder()
    let base = try folder.add("base.json", scaled(1))
    let other = try folder.add("other.json") { $0.suite = "quick-2" }
    let refused = folder.run(["compare", base, other])
    #expect(refused.code == .badInput)
    #expect(refused.notes.contains("different suites, quick-1 against quick-2"))
    #expect(folder.run(["compare", base, other, "--allow-other-suite"]).code == .done)
    for gate in ["throughput", "throughput=1%", "energy=-5%", "speed=-1%", "throughput=-1.75"] {
      let wrong = folder.run(["compare", base, base, "--gate", gate])
      #expect(wrong.code == .usage, "\(gate)")
      #expect(wrong.notes.contains("is not a gate"))
    }
    let kernel = folder.run(["compare", base, base, "--new-kernel", "none"])
    #expect(kernel.code == .badInput)
  }
}
