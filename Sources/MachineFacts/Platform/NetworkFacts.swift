package import LinuxSystem
internal import Model

/// What the kernel says of ways to other machines.
package struct NetworkFacts: Sendable {
  private let reader: FactReader

  package init(root: SystemRoot) { reader = FactReader(root: root) }

  /// Whether packets of one link are forwarded to another; nil where the kernel does not say.
  package var isForwarding: Bool? {
    let four = reader.flag("/proc/sys/net/ipv4/ip_forward").value
    let six = reader.flag("/proc/sys/net/ipv6/conf/all/forwarding").value
    guard four != nil || six != nil else { return nil }
    return four == true || six == true
  }

  /// Whether an interface leads to a router.
  package func hasGateway(_ interface: String) -> Bool {
    let four = (reader.text("/proc/net/route").value ?? "").split(separator: "\n").contains {
      line in
      let words = line.split(whereSeparator: { $0 == "\t" || $0 == " " })
      return words.count > 2 && words[0] == interface && words[2] != "00000000"
    }
    // Destination, prefix length, source, its length, next hop, ..., interface last.
    let six = (reader.text("/proc/net/ipv6_route").value ?? "").split(separator: "\n").contains {
      line in
      let words = line.split(whereSeparator: { $0 == "\t" || $0 == " " })
      return words.count > 9 && words.last.map(String.init) == interface
        && words[4].contains { $0 != "0" }
    }
    return four || six
  }

  /// The firewalls whose rules may refuse a miner, by their own commands' names.
  package var firewalls: [String] {
    let modules = reader.text("/proc/modules").value ?? ""
    var found: [String] = []
    if let enabled = reader.text("/etc/ufw/ufw.conf").value, enabled.contains("ENABLED=yes") {
      found.append("ufw")
    }
    if reader.root.exists("/run/firewalld") { found.append("firewall-cmd") }
    if found.isEmpty, modules.contains("nf_tables ") { found.append("nft") }
    return found
  }
}
