internal import Model

/// What an ACPI power meter measures, from what its firmware says of it (`power1_oem_info`).
enum ACPIMeterPlace {
  private static let wholes = ["total", "system", "chassis", "node", "server", "platform"]

  /// The scope of one of a machine's meters.
  ///
  /// NVIDIA's Grace shows four meters a socket: the module, the socket in it, and in that its cores and the rest
  /// (docs.nvidia.com, Grace performance tuning guide, power telemetry). A firmware that says nothing means the machine
  /// where there is one meter; where there are several nobody can tell them apart.
  static func scope(of owner: String, among owners: [String]) -> Scope {
    let text = owner.lowercased()
    let isGrace = owners.contains { $0.lowercased().contains("grace") }
    if text.isEmpty { return owners.count <= 1 ? .dcSystem : .unknown }
    if text.contains("sysio") || text.contains("soc power") {
      return isGrace ? .cpuUncore : .unknown
    }
    if text.contains("grace") { return .cpuPackage }
    if text.contains("cpu") { return isGrace ? .cpuCore : .cpuPackage }
    if text.contains("module") { return .board }
    return wholes.contains { text.contains($0) } ? .dcSystem : .unknown
  }

  /// The socket's number at the end of what the firmware says, as in `Module Power Socket 1`.
  static func socket(_ owner: String) -> Int? {
    let text = owner.lowercased()
    guard let place = text.firstRange(of: "socket") else { return nil }
    return Int(text[place.upperBound...].drop { !$0.isNumber }.prefix { $0.isNumber })
  }
}
