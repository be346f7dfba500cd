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
}
