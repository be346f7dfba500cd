import Commands
import Foundation
import LinuxSystem
import TestSupport
import Testing

struct SweepAdviceTests {
  @Test("the commands lower what this machine has, and bring back what is set now")
  func commands() throws {
    let folder = try TemporaryFolder()
    func write(_ text: String, to path: String) throws {
      let url = URL(fileURLWithPath: folder.path + path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    let root = SystemRoot(prefix: folder.path)
    #expect(SweepAdvice.text(root) == "this machine lets no power limit or frequency be set\n")
    let limit = "/sys/class/powercap/intel-rapl:0/constraint_0_power_limit_uw"
    try write("125000000\n", to: limit)
    try write("5200000\n", to: "/sys/devices/system/cpu/cpu0/cpufreq/scaling_max_freq")
    #expect(
      SweepAdvice.text(root) == """
        to go on to power limits and frequencies, set one and run again:
          echo 100000000 | sudo tee \(limit)
          echo 75000000 | sudo tee \(limit)
          echo 50000000 | sudo tee \(limit)
          echo 125000000 | sudo tee \(limit)   # as it is now
          sudo cpupower frequency-set --max 4160000kHz
          sudo cpupower frequency-set --max 3120000kHz
          sudo cpupower frequency-set --max 5200000kHz   # as it is now

        """)
  }

  @Test(
    "a sweep runs under each limit with a note, brings back what was set, and ends with the page")
  func sweep() throws {
    let folder = try TemporaryFolder()
    let root = SystemRoot(prefix: folder.path)
    #expect(SweepAdvice.sweep(root, words: ["run"], cards: []).contains("no power limit"))
    let limit = "/sys/class/powercap/intel-rapl:0/constraint_0_power_limit_uw"
    let url = URL(fileURLWithPath: folder.path + limit)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data("125000000\n".utf8).write(to: url)
    let lines = SweepAdvice.sweep(root, words: ["run", "--algorithm", "randomx"], cards: [])
      .split(separator: "\n").map(String.init)
    #expect(
      lines.prefix(4) == [
        "echo 125000000 | sudo tee \(limit)",
        "hashwatt run --algorithm randomx --note 'power limit 125 W'",
        "echo 100000000 | sudo tee \(limit)",
        "hashwatt run --algorithm randomx --note 'power limit 100 W'",
      ])
    #expect(
      lines.suffix(2) == [
        "echo 125000000 | sudo tee \(limit)", "hashwatt report results --output sweep.html",
      ])
    let card = SweepAdvice.sweep(root, words: ["run", "--device", "gpu0"], cards: ["0000:65:00.0"])
    #expect(
      card.contains("sudo nvidia-smi --id=0000:65:00.0 --power-limit=$((DEFAULT * 80 / 100))"))
    #expect(card.contains("hashwatt run --device gpu0 --note \"$((DEFAULT * 80 / 100)) W\""))
  }
}
