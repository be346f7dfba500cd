package import JSON
package import Records

/// An address of this machine that `prove` can listen on, and what stands in the way.
package struct ListeningPlace: PrintedRecord, Sendable {
  package static var recordName: String { "listening_place" }
  package static var recordMeaning: String { "An address that `hashwatt prove` can listen on." }

  /// The port that people type.
  package static let port: UInt16 = 3333

  /// The kernel's name.
  private let interface: String
  let address: String
  /// The addresses of its link, as `ADDRESS/BITS`.
  private let prefix: String
  /// Why the port cannot be listened on; nil where it can.
  private let obstacle: String?
  private let isLoopback: Bool
  /// Whether a miner on this link could reach other machines through it; nil where that is not known.
  private let leadsElsewhere: Bool?
  /// One that may refuse the miner, by its command's name.
  private let firewall: String?

  package init(
    interface: String, address: String, prefix: String, obstacle: String?, isLoopback: Bool,
    leadsElsewhere: Bool?, firewall: String?
  ) {
    self.interface = interface
    self.address = address
    self.prefix = prefix
    self.obstacle = obstacle
    self.isLoopback = isLoopback
    self.leadsElsewhere = leadsElsewhere
    // The loopback is not filtered by the usual rules.
    self.firewall = isLoopback ? nil : firewall
  }

  var message: String {
    var parts = [interface]
    parts.append(obstacle.map { "port \(Self.port): \($0)" } ?? "port \(Self.port) is free")
    if isLoopback {
      parts.append("for a miner on this machine only")
    } else if leadsElsewhere == false {
      parts.append("no way elsewhere, as a proof of grade R3 asks")
    } else {
      parts.append("a miner here may reach other machines, so no grade R3")
    }
    if let firewall { parts.append("\(firewall) may refuse the miner") }
    return parts.joined(separator: ", ")
  }

  /// The command that lets the miners of the link in, and what it costs.
  var remedy: String? {
    let cost = "(cost: the port is open to that network until you take the rule back)"
    switch firewall {
    case "ufw":
      return "sudo ufw allow from \(prefix) to \(address) port \(Self.port) proto tcp \(cost)"
    case "firewall-cmd": return "sudo firewall-cmd --add-port=\(Self.port)/tcp \(cost)"
    case "nft":
      return "look at 'sudo nft list ruleset' for a rule that drops what comes in on \(interface)"
    default: return nil
    }
  }

  package static func fields(
    _ field: inout some PrintedList<ListeningPlace>
  ) throws(JSONProblem) {
    try field("interface", \.interface, "The kernel's name of it.")
    try field("address", \.address, "What to give to `--listen`.")
    try field("port_is_free", { $0.obstacle == nil }, "Whether port 3333 could be listened on now.")
    try field.optional(
      "leads_elsewhere", \.leadsElsewhere,
      "Whether a miner on this link could reach other machines; absent where that is not known.")
    try field.optional("firewall", \.firewall, "One that may refuse the miner, where there is one.")
    try field.optional(
      "remedy", \.remedy, "The command that lets the miner in, with what it costs.")
  }
}
