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

  static let perfCapability =
    "run 'sudo setcap cap_perfmon=ep PROGRAM' on the program "
    + "(cost: whoever may run it can watch every process through perf)"

  static let powercapModule =
    "run 'sudo modprobe intel_rapl_msr' (cost: none, the counters stay readable by root only)"

  static let container =
    "measure outside of the container, or start it with '--security-opt systempaths=unconfined' "
    + "(cost: the container sees all of the host's /proc and /sys)"
}
