/// Marketing names of GPUs that people compare, by vendor and device number.
///
/// They are part of hardware identifiers, so an entry is never changed once it was published.
enum GPUNames {
  static func name(_ vendor: UInt16, _ device: UInt16) -> String? { all[vendor]?[device] }

  private static let all: [UInt16: [UInt16: String]] = [
    0x10de: [
      0x2330: "H100 SXM5 80GB", 0x2331: "H100 PCIe", 0x2321: "H100L 94GB", 0x2335: "H200 SXM 141GB",
    ],
    0x1002: [
      0x738c: "Instinct MI100", 0x7408: "Instinct MI250X", 0x740c: "Instinct MI250X/MI250",
      0x740f: "Instinct MI210", 0x74a0: "Instinct MI300A", 0x74a1: "Instinct MI300X",
      0x74b5: "Instinct MI300X virtual function", 0x75a0: "Instinct MI350X",
    ],
  ]
}
