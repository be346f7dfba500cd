internal import LinuxSystem

/// The exact commands that make a meter usable, each with its security cost in one clause (R13, R14).
///
/// None opens a counter to everybody: that would undo the kernel's protection against CVE-2020-8694.
enum Remedies {
  static let powercapGroup =
    "run 'sudo groupadd -f power && sudo find /sys/devices/virtual/powercap -name energy_uj "
    + "-exec chgrp power {} + -exec chmod 0440 {} + && sudo usermod -aG power \"$USER\"' and log in again "
    + "(cost: members of the group power can spy on other programs through the power side channel)"

  static let perfParanoid =
    "run 'sudo sysctl kernel.perf_event_paranoid=0' until the next boot "
    + "(cost: every user may watch the whole machine's performance counters)"

  static var perfCapability: String {
    let program = (try? ChildProcess.ownExecutable()) ?? "PROGRAM"
    return "run 'sudo setcap cap_perfmon=ep \(program)' "
      + "(cost: whoever may run it can watch every process through perf; it then needs libhwloc and libpci in the "
      + "system's folders)"
  }

  static let perfModule = "run 'sudo modprobe rapl' (cost: none)"

  static let perfContainer =
    "measure outside of the container, or start it with '--security-opt seccomp=unconfined --cap-add PERFMON' "
    + "(cost: the container may make every system call and watch the whole machine through perf)"

  static let lockdown =
    "turn Secure Boot off in the firmware, or boot without 'lockdown=' on the kernel's command line "
    + "(cost: root, and whoever becomes root, can then change the running kernel)"

  static let powercapModule =
    "run 'sudo modprobe intel_rapl_msr' (cost: none, the counters stay readable by root only)"

  static let container =
    "measure outside of the container, or start it with '--security-opt systempaths=unconfined' "
    + "(cost: the container sees all of the host's /proc and /sys)"
}
