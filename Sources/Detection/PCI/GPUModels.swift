internal import Model

/// Models of GPUs that share one device number and are told apart by the revision.
///
/// The numbers are those of AMD's own list (libdrm's `amdgpu.ids`); only cards that people buy and mine with are here.
enum GPUModels {
  /// The model; nil where the number alone tells it, or the revision is not listed.
  static func name(_ vendor: UInt16, _ device: UInt16, revision: UInt8?) -> String? {
    guard vendor == 0x1002 else { return nil }
    if let revision, let name = amd[device]?[revision] { return name }
    return shared[device]
  }

  /// What stands for all revisions of a number where `GPUNames` has only the chip's name.
  private static let shared: [UInt16: String] = [
    0x66a1: "Instinct MI50 32GB/MI60", 0x66a0: "Instinct MI50/MI60", 0x67df: "Radeon RX 400/500",
    0x687f: "Radeon RX Vega 56/64", 0x6860: "Instinct MI25", 0x731f: "Radeon RX 5600/5700",
    0x7340: "Radeon RX 5300/5500", 0x73bf: "Radeon RX 6800/6900", 0x73df: "Radeon RX 6700/6750",
    0x73ef: "Radeon RX 6650", 0x73ff: "Radeon RX 6600", 0x743f: "Radeon RX 6400/6500",
    0x744c: "Radeon RX 7900", 0x747e: "Radeon RX 7700/7800", 0x7480: "Radeon RX 7600",
    0x7550: "Radeon RX 9070", 0x7590: "Radeon RX 9060", 0x67ef: "Radeon RX 460/560",
    0x67ff: "Radeon RX 550/560",
  ]

  private static let amd: [UInt16: [UInt8: String]] = [
    0x66a1: [0x06: "Radeon Pro VII"],
    0x66af: [0xc1: "Radeon VII"],
    0x67b0: [0x00: "Radeon R9 290X", 0x80: "Radeon R9 390X"],
    0x67b1: [0x00: "Radeon R9 290", 0x80: "Radeon R9 390"],
    0x67df: [
      0xc1: "Radeon RX 580", 0xc2: "Radeon RX 570", 0xc3: "Radeon RX 580", 0xc4: "Radeon RX 480",
      0xc5: "Radeon RX 470", 0xc6: "Radeon RX 570", 0xc7: "Radeon RX 480", 0xcf: "Radeon RX 470",
      0xd7: "Radeon RX 470", 0xe0: "Radeon RX 470", 0xe1: "Radeon RX 590", 0xe7: "Radeon RX 580",
      0xef: "Radeon RX 570", 0xff: "Radeon RX 470",
    ],
    0x67ef: [
      0xc1: "Radeon RX 460", 0xc5: "Radeon RX 460", 0xcf: "Radeon RX 460", 0xe0: "Radeon RX 560",
      0xe2: "Radeon RX 560X", 0xe5: "Radeon RX 560", 0xe7: "Radeon RX 560", 0xff: "Radeon RX 460",
    ],
    0x67ff: [
      0xc1: "Radeon RX 560", 0xcf: "Radeon RX 560", 0xef: "Radeon RX 560", 0xff: "Radeon RX 550",
    ],
    0x687f: [0xc1: "Radeon RX Vega 64", 0xc3: "Radeon RX Vega 56"],
    0x6fdf: [0xe7: "Radeon RX 590 GME", 0xef: "Radeon RX 580 2048SP"],
    0x731f: [
      0xc0: "Radeon RX 5700 XT 50th Anniversary", 0xc1: "Radeon RX 5700 XT",
      0xc2: "Radeon RX 5600M", 0xc3: "Radeon RX 5700M", 0xc4: "Radeon RX 5700",
      0xc5: "Radeon RX 5700 XT", 0xca: "Radeon RX 5600 XT", 0xcb: "Radeon RX 5600 OEM",
    ],
    0x7340: [
      0xc1: "Radeon RX 5500M", 0xc3: "Radeon RX 5300M", 0xc5: "Radeon RX 5500 XT",
      0xc7: "Radeon RX 5500", 0xcf: "Radeon RX 5300",
    ],
    0x73a5: [0xc0: "Radeon RX 6950 XT"],
    0x73af: [0xc0: "Radeon RX 6900 XT"],
    0x73bf: [0xc0: "Radeon RX 6900 XT", 0xc1: "Radeon RX 6800 XT", 0xc3: "Radeon RX 6800"],
    0x73df: [
      0xc0: "Radeon RX 6750 XT", 0xc1: "Radeon RX 6700 XT", 0xc2: "Radeon RX 6800M",
      0xc3: "Radeon RX 6800M", 0xc5: "Radeon RX 6700 XT", 0xcf: "Radeon RX 6700M",
      0xe5: "Radeon RX 6750 GRE 12GB", 0xff: "Radeon RX 6700",
    ],
    0x73ef: [
      0xc0: "Radeon RX 6800S", 0xc1: "Radeon RX 6650 XT", 0xc2: "Radeon RX 6700S",
      0xc3: "Radeon RX 6650M", 0xc4: "Radeon RX 6650M XT",
    ],
    0x73ff: [
      0xc1: "Radeon RX 6600 XT", 0xc3: "Radeon RX 6600M", 0xc7: "Radeon RX 6600",
      0xcb: "Radeon RX 6600S", 0xcf: "Radeon RX 6600 LE", 0xdf: "Radeon RX 6750 GRE 10GB",
    ],
    0x743f: [0xc1: "Radeon RX 6500 XT", 0xc7: "Radeon RX 6400"],
    0x744c: [
      0xc8: "Radeon RX 7900 XTX", 0xcc: "Radeon RX 7900 XT", 0xce: "Radeon RX 7900 GRE",
      0xcf: "Radeon RX 7900M",
    ],
    0x747e: [0xc8: "Radeon RX 7800 XT", 0xff: "Radeon RX 7700 XT"],
    0x7480: [
      0xc0: "Radeon RX 7600 XT", 0xc1: "Radeon RX 7700S", 0xc2: "Radeon RX 7650 GRE",
      0xc3: "Radeon RX 7600S", 0xc7: "Radeon RX 7600M XT", 0xcf: "Radeon RX 7600",
    ],
    0x7550: [
      0xc0: "Radeon RX 9070 XT", 0xc2: "Radeon RX 9070 GRE", 0xc3: "Radeon RX 9070",
    ],
    0x7590: [0xc0: "Radeon RX 9060 XT", 0xc7: "Radeon RX 9060"],
  ]
}
