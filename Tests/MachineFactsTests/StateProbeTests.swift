import LinuxSystem
import MachineFacts
import Model
import TestSupport
import Testing

/// The state of a machine that is a tree of files.
struct StateProbeTests {
  private func probe(_ files: [String: String], clock: FakeClock = FakeClock()) throws
    -> (FixtureTree, SystemStateProbe)
  {
    let tree = try FixtureTree()
    for (name, text) in files { try tree.write(text + "\n", to: name) }
    return (tree, SystemStateProbe(root: SystemRoot(prefix: tree.path), clock: clock))
  }

  @Test("every fact of a full machine is read by its unit and kind")
  func fullMachine() throws {
    let cpu = "sys/devices/system/cpu/"
    let (tree, probe) = try probe([
      cpu + "online": "0-1",
      cpu + "isolated": "1",
      cpu + "smt/active": "1",
      cpu + "cpu0/cpufreq/scaling_governor": "performance",
      cpu + "cpu1/cpufreq/scaling_governor": "performance",
      cpu + "cpu0/cpufreq/scaling_cur_freq": "3000000",
      cpu + "cpu1/cpufreq/scaling_cur_freq": "2000000",
      cpu + "cpu0/cpufreq/scaling_max_freq": "4000000",
      cpu + "cpu1/cpufreq/scaling_max_freq": "3500000",
      cpu + "intel_pstate/no_turbo": "0",
      cpu + "cpu0/thermal_throttle/core_throttle_count": "3",
      cpu + "cpu0/thermal_throttle/package_throttle_count": "4",
      cpu + "cpu1/thermal_throttle/core_throttle_count": "5",
      "sys/class/powercap/intel-rapl:0/name": "package-0",
      "sys/class/powercap/intel-rapl:0/constraint_0_name": "long_term",
      "sys/class/powercap/intel-rapl:0/constraint_0_power_limit_uw": "65000000",
      "sys/class/powercap/intel-rapl:0/constraint_0_time_window_us": "27983872",
      "sys/class/powercap/intel-rapl:0/constraint_1_name": "short_term",
      "sys/class/powercap/intel-rapl:0/constraint_1_power_limit_uw": "180000000",
      "sys/class/hwmon/hwmon2/name": "coretemp",
      "sys/class/hwmon/hwmon2/temp1_input": "61000",
      "sys/class/hwmon/hwmon2/temp2_input": "64000",
      "sys/class/hwmon/hwmon3/name": "nvme",
      "sys/class/hwmon/hwmon3/temp1_input": "90000",
      "sys/class/power_supply/AC/type": "Mains",
      "sys/class/power_supply/AC/online": "0",
      "sys/class/power_supply/BAT0/type": "Battery",
      "sys/class/power_supply/BAT0/status": "Discharging",
      "proc/loadavg": "0.52 0.40 0.30 1/300 4242",
      "proc/stat":
        "cpu  100 2 30 4000 5 6 7 8 0 0\ncpu0 1 1 1 1\nctxt 987654\nprocesses 321",
      "proc/self/stat": "77 (a ) b) S 1 2 3 4 5 6 7 8 9 10 1500 250 0 0",
      "proc/self/task/77/status": "Name:\tx\nnonvoluntary_ctxt_switches:\t12",
      "proc/self/task/78/status": "Name:\tx\nnonvoluntary_ctxt_switches:\t30",
      "proc/meminfo": "MemAvailable: 5000 kB\nSwapTotal: 900 kB\nSwapFree: 400 kB",
      "proc/sys/kernel/random/boot_id": "b-1",
    ])
    let state = probe.read()
    #expect(state.text(StateFact.governor) == "performance")
    #expect(state.number(StateFact.frequency) == 2_500_000)
    #expect(state.integer(StateFact.maximumFrequency) == 4_000_000)
    #expect(state.flag(StateFact.turbo) == true)
    #expect(state.integer(StateFact.throttleCount) == 12)
    #expect(state.integer(StateFact.longTermPowerLimit) == 65_000_000)
    #expect(state.integer(StateFact.longTermWindow) == 27_983_872)
    #expect(state.integer(StateFact.shortTermPowerLimit) == 180_000_000)
    #expect(state.integer(StateFact.temperature) == 64000)
    #expect(state.flag(StateFact.mainsOnline) == false)
    #expect(state.text(StateFact.batteryStatus) == "Discharging")
    #expect(state.number(StateFact.loadAverage) == 0.52)
    #expect(state.integer(StateFact.busyTicks) == 145)
    #expect(state.integer(StateFact.stealTicks) == 8)
    #expect(state.integer(StateFact.totalTicks) == 4158)
    #expect(state.integer(StateFact.contextSwitches) == 987_654)
    #expect(state.integer(StateFact.ownTicks) == 1750)
    #expect(state.integer(StateFact.ownInvoluntarySwitches) == 42)
    #expect(state.integer(StateFact.swapUsed) == 500)
    #expect(state.flag(StateFact.simultaneousMultithreading) == true)
    #expect(state.text(StateFact.bootID) == "b-1")
    withExtendedLifetime(tree) {}
  }

  @Test("what is not there, unreadable or nonsense is a reason, never zero")
  func emptyMachine() throws {
    let (tree, probe) = try probe([
      "sys/devices/system/cpu/online": "0-1",
      "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor": "performance",
      "sys/devices/system/cpu/cpu1/cpufreq/scaling_governor": "powersave",
      "proc/loadavg": "much",
      "proc/stat": "intr 5",
    ])
    let state = probe.read()
    #expect(state.text(StateFact.governor) == "mixed")
    for fact in [
      StateFact.frequency, StateFact.temperature, StateFact.throttleCount, StateFact.mainsOnline,
      StateFact.longTermWindow, StateFact.loadAverage, StateFact.stealTicks, StateFact.ownTicks,
      StateFact.swapUsed, StateFact.turbo, StateFact.suspendCount,
    ] {
      #expect(state.facts[fact]?.reason != nil, "\(fact)")
      #expect(state.number(fact) == nil, "\(fact)")
    }
    withExtendedLifetime(tree) {}
  }

  @Test("no CPU with a governor is no governor, not mixed governors")
  func noGovernor() throws {
    let (tree, probe) = try probe(["sys/devices/system/cpu/online": "0-1"])
    let state = probe.read()
    for fact in [StateFact.governor, StateFact.scalingDriver, StateFact.energyPreference] {
      #expect(state.text(fact) == nil, "\(fact)")
      #expect(state.facts[fact]?.reason?.code == .absent, "\(fact)")
    }
    withExtendedLifetime(tree) {}
  }

  @Test(
    "CPU lists as Linux writes them",
    arguments: [
      ("0", [0]), ("0-3,8", [0, 1, 2, 3, 8]), ("2,2,1", [1, 2]), ("5-5", [5]),
    ])
  func lists(text: String, cpus: [Int]) {
    #expect(CPUList.parse(text) == cpus)
    #expect(CPUList.parse(CPUList.text(cpus)) == cpus)
  }

  @Test(
    "what is no CPU list",
    arguments: ["", "a", "3-1", "1-", "-1", "1,,2", "0-99999999999", "1-2-3"])
  func noLists(text: String) {
    #expect(CPUList.parse(text) == nil)
  }
}
