/// USB miners by vendor and product number and by the strings that the device gives.
///
/// The numbers alone prove little: many miners sit behind serial bridges that are in everything from GPS receivers to
/// uninterruptible power supplies.
enum USBMinerCatalog {
  struct Entry: Hashable {
    var vendor: UInt16
    var product: UInt16
    /// Any of these must begin the manufacturer's string; empty for any.
    var makers: [String]
    /// Any of these must begin the product's string; empty for any.
    var products: [String]
    var name: String
    /// The driver of cgminer or bfgminer that knows it.
    var driver: String

    /// Whether the entry demands strings, which tells the device apart from others of its numbers.
    var isExact: Bool { !makers.isEmpty || !products.isEmpty }
  }

  /// What a device is.
  enum Match: Hashable {
    case miner(Entry)
    /// An ordinary serial bridge, with the miners that have the same one.
    case bridge(String, candidates: [String])
  }

  /// Nil for a device that has nothing to do with mining as far as its numbers tell.
  static func match(vendor: UInt16, product: UInt16, maker: String, name: String) -> Match? {
    let entries = all.filter { $0.vendor == vendor && $0.product == product }
    if let entry = entries.first(where: { $0.isExact && fits($0, maker: maker, name: name) }) {
      return .miner(entry)
    }
    let number = UInt32(vendor) << 16 | UInt32(product)
    if let bridge = bridges[number] {
      let loose = entries.filter { !$0.isExact }
      return .bridge(bridge, candidates: (loose.isEmpty ? entries : loose).map(\.name))
    }
    return entries.first { !$0.isExact }.map { .miner($0) }
  }

  private static func fits(_ entry: Entry, maker: String, name: String) -> Bool {
    (entry.makers.isEmpty
      || entry.makers.contains { maker.lowercased().hasPrefix($0.lowercased()) })
      && (entry.products.isEmpty
        || entry.products.contains { name.lowercased().hasPrefix($0.lowercased()) })
  }

  /// Chips that are in everything.
  private static let bridges: [UInt32: String] = [
    0x10c4_ea60: "Silicon Labs CP210x", 0x10c4_ea70: "Silicon Labs CP2105",
    0x0403_6001: "FTDI FT232R", 0x0403_6014: "FTDI FT232H", 0x0403_6015: "FTDI FT-X",
    0x0403_6010: "FTDI FT2232", 0x0483_5740: "STMicroelectronics virtual",
    0x303a_1001: "Espressif USB", 0x067b_2303: "Prolific PL2303",
    0x04d8_00de: "Microchip MCP2210 (USB to SPI)",
  ]

  private static func entry(
    _ vendor: UInt16, _ product: UInt16, _ makers: [String], _ products: [String], _ name: String,
    _ driver: String
  ) -> Entry {
    Entry(
      vendor: vendor, product: product, makers: makers, products: products, name: name,
      driver: driver)
  }

  private static let all: [Entry] = [
    entry(
      0x0403, 0x6014, ["BUTTERFLY LABS Inc"], ["BitFORCE SHA256"], "Butterfly Labs FPGA Single",
      "bitforce"),
    entry(
      0x0403, 0x6014, ["FTDI", "Butterfly Labs"], ["BitFORCE SHA256 SC"], "Butterfly Labs SC",
      "bflsc"),
    entry(
      0x0403, 0x6014, ["BUTTERFLY LABS"], ["BitFORCE SC-28nm", "BitFORCE SHA256"],
      "Butterfly Labs Monarch", "bflsc"),
    entry(0x0403, 0x6014, [], ["Cairnsmore1"], "Cairnsmore1 (FPGA)", "icarus"),
    entry(0x0403, 0x6014, [], [], "Bitfury BXM board", "bitfury"),
    entry(0x0403, 0x8350, [], ["Cairnsmore1"], "Cairnsmore1 (FPGA)", "icarus"),
    entry(0x03eb, 0x204b, [], ["Bitfury BF1"], "RedFury/BlueFury", "bitfury"),
    entry(0x198c, 0xb1f1, ["c-scape"], ["bi?fury"], "Bi*Fury", "bitfury"),
    entry(0x198c, 0xb1f1, ["c-scape"], ["OneString"], "OneString Miner", "bitfury"),
    entry(
      0x04d8, 0x00de, ["Microchip Technology Inc."], ["MCP2210 USB to SPI Master"],
      "GekkoScience (MCP2210)", "gekko"),
    entry(0x04d8, 0x00de, [], ["NanoFury"], "NanoFury", "bitfury"),
    entry(0x04d8, 0x00de, [], [], "NanoFury", "bitfury"),
    entry(0x03eb, 0x204b, [], ["Twinfury"], "Twinfury", "bitfury"),
    entry(0x03eb, 0x2ff1, ["Bitfury"], ["LittleFury"], "LittleFury", "bitfury"),
    entry(0x03eb, 0x2ff1, [], ["LittleFury"], "LittleFury", "bitfury"),
    entry(0xfa04, 0x000d, [], ["HashBuster"], "HashBuster Micro", "hashbuster"),
    entry(0xfa04, 0x0011, [], ["HashBuster"], "HashBuster Nano", "hashbuster"),
    entry(0xfa04, 0x000d, [], [], "HashBuster Micro", "hashbuster"),
    entry(0x0403, 0x8350, ["FPGA Mining"], ["X6500"], "X6500 (FPGA)", "x6500"),
    entry(0x0403, 0x8350, [], ["X6500"], "X6500 (FPGA)", "x6500"),
    entry(0x10c4, 0xea60, [], ["R-BOX"], "Rockminer R-BOX", "rockminer"),
    entry(0x10c4, 0xea60, [], ["RK-BOX"], "Rockminer RK-BOX", "rockminer"),
    entry(0x10c4, 0xea60, [], ["Block Erupter Emerald"], "Block Erupter Emerald", "erupter"),
    entry(0x10c4, 0xea60, [], ["Block Erupter"], "Block Erupter", "erupter"),
    entry(0x10c4, 0xea60, [], ["Antminer U1"], "Antminer U1", "antminer"),
    entry(0x10c4, 0xea60, [], ["Antminer U2"], "Antminer U2", "antminer"),
    entry(0x10c4, 0xea60, [], ["Antminer U3"], "Antminer U3", "antminer"),
    entry(0x10c4, 0xea60, [], ["Antminer"], "Antminer USB", "antminer"),
    entry(0x10c4, 0xea60, [], ["ZeusMiner"], "ZeusMiner (scrypt)", "zeusminer"),
    entry(0x10c4, 0xea60, [], ["Moonlander"], "Moonlander 2 (scrypt)", "futurebit"),
    entry(0x0403, 0x6010, ["DualMiner"], [], "DualMiner (scrypt)", "dualminer"),
    entry(0x0403, 0x6010, [], ["DualMiner"], "DualMiner (scrypt)", "dualminer"),
    entry(0x0403, 0x6010, [], [], "DualMiner (scrypt) or an FPGA board", "dualminer"),
    entry(0x0483, 0x5740, ["GridSeed"], [], "GridSeed (scrypt)", "gridseed"),
    entry(0x0483, 0x5740, [], [], "GridSeed (scrypt)", "gridseed"),
    entry(0x303a, 0x1001, [], ["Bitaxe"], "Bitaxe", "axeos"),
    entry(0x303a, 0x1001, [], [], "Bitaxe or NerdMiner", "axeos"),
    entry(0x03eb, 0x2404, ["Drillbit Systems"], [], "Drillbit Thumb/Eight", "drillbit"),
    entry(0x1fc9, 0x0003, [], [], "ModMiner Quad (FPGA)", "modminer"),
    entry(0x0403, 0x6001, ["Burnin Electronics"], ["BitBurner"], "BitBurner", "avalon"),
    entry(
      0x0403, 0x6001, [], [],
      "Avalon 1, HashRatio, BLT, Lancelot (FPGA), Rockminer, ZeusMiner or Moonlander", "avalon"),
    entry(0x067b, 0x2303, [], [], "Avalon 2 or Icarus (FPGA)", "avalon2"),
    entry(0x29f1, 0x33f2, ["CANAAN"], ["USB2IIC Converter"], "Avalon 4/7/8 through AUC", "avalon4"),
    entry(0x29f1, 0x40f1, ["CANAAN"], ["Avalon4 mini"], "Avalon 4 mini", "avalonm"),
    entry(0x29f1, 0x33f3, ["CANAAN"], ["Avalon nano"], "Avalon nano", "avalonm"),
    entry(0x297c, 0x0001, ["HashFast LLC"], ["M1 Module"], "HashFast", "hashfast"),
    entry(0x297c, 0x0001, [], [], "HashFast", "hashfast"),
    entry(0x297c, 0x8001, [], [], "HashFast", "hashfast"),
    entry(0x04d8, 0xf60a, [], [], "Klondike", "klondike"),
    entry(0x1fc9, 0x0083, [], [], "Icarus variant", "icarus"),
    entry(0x10c4, 0xea60, ["Silicon Labs"], ["VoltLink"], "Flow", "flow"),
    entry(
      0x10c4, 0xea60, ["GekkoScience", "bitshopperde"], ["Compac"], "GekkoScience Compac", "gekko"),
    entry(
      0x10c4, 0xea60, ["GekkoScience", "bitshopperde"], ["2Pac"], "GekkoScience 2Pac", "gekko"),
    entry(
      0x10c4, 0xea60, ["GekkoScience", "bitshopperde"], ["Terminus"], "GekkoScience Terminus",
      "gekko"),
    entry(
      0x10c4, 0xea60, [], [],
      "Block Erupter, Lin, Antminer U1/U2/U3, Rockminer, ZeusMiner or Moonlander", "icarus"),
    entry(0x0403, 0x6015, ["GekkoScience"], ["NewPac"], "GekkoScience NewPac", "gekko"),
    entry(0x0403, 0x6015, ["GekkoScience"], ["R606"], "GekkoScience R606", "gekko"),
    entry(0x0403, 0x6015, ["GekkoScience"], ["CompacF"], "GekkoScience Compac F", "gekko"),
    entry(0x0403, 0x6015, ["GekkoScience"], ["R909"], "GekkoScience R909", "gekko"),
    entry(
      0x10c4, 0xea70, ["Silicon Labs"], ["GekkoScience Compac A"], "GekkoScience Compac A1/A2",
      "gekko"),
    entry(
      0x10c4, 0xea70, ["Silicon Labs"], ["GekkoScience Terminus A"], "GekkoScience Terminus A1/A2",
      "gekko"),
    entry(0x1cbe, 0x0003, [], [], "CoinTerra", "cointerra"),
    entry(0x4254, 0x4153, [], [], "Antminer S1/S2/S3 internal USB", "ants1"),
    entry(0x221a, 0x0100, [], [], "Ztex (FPGA)", "ztex"),
  ]
}
