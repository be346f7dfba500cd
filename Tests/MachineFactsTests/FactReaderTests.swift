import LinuxSystem
import MachineFacts
import Model
import TestSupport
import Testing

/// Small files as readings.
struct FactReaderTests {
  private func tree(_ files: [String: String]) throws -> (FixtureTree, FactReader) {
    let tree = try FixtureTree()
    for (name, text) in files { try tree.write(text, to: name) }
    return (tree, FactReader(root: SystemRoot(prefix: tree.path)))
  }

  @Test("a file longer than 64 KiB is read to its end")
  func longText() throws {
    let records = (0..<768).map {
      "processor\t: \($0)\nflags\t\t: \(String(repeating: "x", count: 400))\n\n"
    }
    let (tree, reader) = try tree(["proc/cpuinfo": records.joined()])
    let text = try #require(reader.text(MachinePath.cpuInfo).value)
    #expect(CPUInfo(text).records.count == 768)
    withExtendedLifetime(tree) {}
  }

  @Test("a file longer than a limit is refused, never cut")
  func limit() throws {
    let (tree, reader) = try tree(["long": String(repeating: "a", count: 100)])
    #expect(try reader.root.bytes("/long", limit: 100).count == 100)
    let error = #expect(throws: SystemError.self) { try reader.root.bytes("/long", limit: 99) }
    #expect(error?.errno == .tooLarge)
    withExtendedLifetime(tree) {}
  }

  @Test(
    "CPUs as the kernel lists them, with commas or blanks",
    arguments: [("0-3,8\n", [0, 1, 2, 3, 8]), ("0 1 2 3\n", [0, 1, 2, 3]), ("5", [5])])
  func lists(text: String, cpus: [Int]) throws {
    let (tree, reader) = try tree(["list": text])
    #expect(reader.list("/list") == cpus)
    withExtendedLifetime(tree) {}
  }

  @Test("missing, empty and no number are reasons")
  func reasons() throws {
    let (tree, reader) = try tree(["empty": "\n", "word": "much"])
    #expect(reader.text("/none").reason?.code == .notCaptured)
    #expect(reader.text("/empty").reason?.code == .absent)
    #expect(reader.integer("/word").reason?.code == .malformed)
    withExtendedLifetime(tree) {}
  }

  @Test("one clock for several CPUs counts for each of them")
  func meanFrequency() throws {
    let cpu = "sys/devices/system/cpu/"
    let (tree, reader) = try tree([
      cpu + "online": "0-3", cpu + "cpufreq/policy0/related_cpus": "0 1 2",
      cpu + "cpufreq/policy0/scaling_cur_freq": "1000000",
      cpu + "cpufreq/policy3/related_cpus": "3",
      cpu + "cpufreq/policy3/scaling_cur_freq": "3000000",
    ])
    let probe = SystemStateProbe(root: reader.root, clock: FakeClock())
    #expect(probe.readBriefly().number(.frequency) == 1_500_000)
    withExtendedLifetime(tree) {}
  }
}
