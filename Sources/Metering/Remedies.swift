internal import Glibc
internal import LinuxSystem

/// The exact commands that make a meter usable, each with its security cost in one clause (R13, R14).
///
/// None opens a counter to everybody: that would undo the kernel's protection against CVE-2020-8694.
enum Remedies {
  /// Rights that root lacks are not to be had from groups.
  static var isRoot: Bool { geteuid() == 0 }

  static var powercapGroup: String { isRoot ? powercapAsRoot : powercapByGroup }

  private static let powercapAsRoot =
    "this is root already, without root's rights on this machine: measure outside of the container or the user namespace "
    + "(cost: none)"

  private static let powercapByGroup =
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

  /// How a module of the kernel is loaded, or how one comes by it where its file is not installed.
  static func module(_ name: String, _ root: SystemRoot, cost: String) -> String {
    let load = "run 'sudo modprobe \(name)' (cost: \(cost))"
    guard let release = try? root.text("/proc/sys/kernel/osrelease"),
      let list = try? root.text("/lib/modules/\(release)/modules.dep"),
      let builtin = try? root.text("/lib/modules/\(release)/modules.builtin")
    else { return load }
    let isThere = [list, builtin].contains { text in
      text.contains("/\(name).ko") || text.contains("/\(name.replacing("_", with: "-")).ko")
    }
    return isThere
      ? load
      : "install the package with the rest of this kernel's modules (linux-modules-extra-\(release) on Ubuntu), "
        + "then \(load)"
  }

  static let perfContainer =
    "measure outside of the container, or start it with '--security-opt seccomp=unconfined --cap-add PERFMON' "
    + "(cost: the container may make every system call and watch the whole machine through perf)"

  static let lockdown =
    "turn Secure Boot off in the firmware, or boot without 'lockdown=' on the kernel's command line "
    + "(cost: root, and whoever becomes root, can then change the running kernel)"

  static let container =
    "measure outside of the container, or start it with '--security-opt systempaths=unconfined' "
    + "(cost: the container sees all of the host's /proc and /sys)"
}
