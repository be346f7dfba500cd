internal import Model

extension PCICatalog {
  typealias Family = (UInt16, [UInt16: Entry])

  /// Displays of management controllers and of virtual machines: they look like GPUs by their class.
  static let displays: [Family] = [
    (0x1a03, [0x2000: Entry(.managementDisplay, "ASPEED Graphics Family")]),
    (
      0x102b,
      [
        0x0520: Entry(.managementDisplay, "Matrox G200"),
        0x0521: Entry(.managementDisplay, "Matrox G200"),
        0x0522: Entry(.managementDisplay, "Matrox G200e"),
        0x0524: Entry(.managementDisplay, "Matrox G200SE"),
        0x0530: Entry(.managementDisplay, "Matrox G200EV"),
        0x0532: Entry(.managementDisplay, "Matrox G200eW"),
        0x0533: Entry(.managementDisplay, "Matrox G200EH"),
        0x0534: Entry(.managementDisplay, "Matrox G200eR2"),
        0x0536: Entry(.managementDisplay, "Matrox G200eW3"),
        0x0538: Entry(.managementDisplay, "Matrox G200eH3"),
      ]
    ),
    (
      0x1002,
      [
        0x515e: Entry(.managementDisplay, "ES1000"), 0x4752: Entry(.managementDisplay, "Rage XL"),
      ]
    ),
    (0x19e5, [0x1711: Entry(.managementDisplay, "HiSilicon Hi1710 display")]),
    (0x1af4, [0x1050: Entry(.virtualDisplay, "virtio GPU")]),
    (
      0x1b36,
      [
        0x0100: Entry(.virtualDisplay, "QXL"), 0x000f: Entry(.virtualDisplay, "mdpy"),
      ]
    ),
    (
      0x15ad,
      [
        0x0405: Entry(.virtualDisplay, "VMware SVGA II"),
        0x0406: Entry(.virtualDisplay, "VMware SVGA III"),
        0x0710: Entry(.virtualDisplay, "VMware SVGA"),
      ]
    ),
    (
      0x1414,
      [
        0x5353: Entry(.virtualDisplay, "Hyper-V video"),
        0x008e: Entry(.virtualDisplay, "Hyper-V basic render"),
      ]
    ),
    (0x80ee, [0xbeef: Entry(.virtualDisplay, "VirtualBox display")]),
    (0x1234, [0x1111: Entry(.virtualDisplay, "Bochs/QEMU display")]),
    (0x1013, [0x00b8: Entry(.virtualDisplay, "Cirrus GD 5446")]),
    (0x1ab8, [0x4005: Entry(.virtualDisplay, "Parallels display")]),
    (0x5853, [0x0002: Entry(.virtualDisplay, "Citrix display")]),
    (0x1d0f, amazon),
  ]

  private static let limited =
    "hash-limited by its maker (LHR): the limiter acts on Ethash, not on sha256d, scrypt or keccak256"
  private static let miningOnly =
    "made for mining: no display outputs, PCIe link often cut to x4 or x1"

  /// Cards for mining, and cards whose Ethash rate is limited.
  static let mining: [Family] = [
    (
      0x10de,
      [
        0x1b07: Entry(.gpu, "P102-100", miningOnly), 0x1b47: Entry(.gpu, "P102-101", miningOnly),
        0x1b87: Entry(.gpu, "P104-100", miningOnly), 0x1bc7: Entry(.gpu, "P104-101", miningOnly),
        0x1c07: Entry(.gpu, "P106-100", miningOnly), 0x1c09: Entry(.gpu, "P106-090", miningOnly),
        0x2189: Entry(.gpu, "CMP 30HX", miningOnly), 0x1f0b: Entry(.gpu, "CMP 40HX", miningOnly),
        0x1e09: Entry(.gpu, "CMP 50HX", miningOnly), 0x248a: Entry(.gpu, "CMP 70HX", miningOnly),
        0x220d: Entry(.gpu, "CMP 90HX", miningOnly),
        0x20c2: Entry(.gpu, "CMP 170HX", miningOnly),
        0x2082: Entry(.gpu, "CMP 170HX 10GB", miningOnly),
        0x15c2: Entry(.gpu, "CMP 100-100", miningOnly),
        0x1d83: Entry(.gpu, "CMP 100-200", miningOnly),
        0x1dc1: Entry(.gpu, "CMP 100-200", miningOnly),
        0x1d84: Entry(.gpu, "CMP 100-210", miningOnly),
        0x1df4: Entry(.gpu, "CMP 100-210", miningOnly),
        0x2216: Entry(.gpu, "GeForce RTX 3080 LHR", limited),
        0x2488: Entry(.gpu, "GeForce RTX 3070 LHR", limited),
        0x2489: Entry(.gpu, "GeForce RTX 3060 Ti LHR", limited),
        0x2504: Entry(.gpu, "GeForce RTX 3060 LHR", limited),
        // Sold only with the limiter, without the words in their names.
        0x2414: Entry(.gpu, "GeForce RTX 3060 Ti", limited),
        0x2208: Entry(.gpu, "GeForce RTX 3080 Ti", limited),
        0x220a: Entry(.gpu, "GeForce RTX 3080 12GB", limited),
        0x2482: Entry(.gpu, "GeForce RTX 3070 Ti", limited),
        0x2487: Entry(.gpu, "GeForce RTX 3060", limited),
        0x2544: Entry(.gpu, "GeForce RTX 3060 8GB", limited),
        0x2507: Entry(.gpu, "GeForce RTX 3050", limited),
      ]
    )
  ]

  /// Controllers for ciphers and compression.
  static let cryptoControllers: [Family] = [
    (0x8086, quickAssist),
    (
      0x177d,
      [
        0x0001: crypto("Nitrox XL N1"), 0x0003: crypto("Nitrox XL N1 Lite"),
        0x0010: crypto("Nitrox PX CN15xx/CN16xx"), 0x0011: crypto("Nitrox III CNN35xx"),
        0x0012: crypto("Nitrox V CNN55xx"), 0xa040: crypto("ThunderX CPT"),
        0xa0f2: crypto("Octeon 10 CPT"), 0xa0f3: crypto("Octeon 10 CPT virtual function"),
        0xa0fd: crypto("OcteonTX2 CPT"), 0xa0fe: crypto("OcteonTX2 CPT virtual function"),
      ]
    ),
    (
      0x1022,
      [
        0x1468: secure("AMD CCP Zeppelin"), 0x1486: secure("AMD CCP Starship/Matisse"),
        0x13ec: secure("AMD CCP Ariel"), 0x1456: secure("AMD PSP 3.0"),
        0x1537: secure("AMD PSP 8.0"), 0x1578: secure("AMD PSP"),
        0x1649: secure("AMD PSP/CCP"), 0x14ca: secure("AMD PSP/CCP Genoa"),
        0x15c7: secure("AMD PSP/CCP"), 0x1134: secure("AMD PSP/CCP"),
      ]
    ),
    (0x1002, [0x15df: secure("AMD CCP Raven/Renoir")]),
    (0x1014, [0x06a2: crypto("IBM 4770"), 0x0611: crypto("IBM 4769")]),
    (0x108e, [0x5ca0: crypto("Sun Crypto Accelerator 6000")]),
    (0x1de5, [0x2200: crypto("Eideticom NoLoad")]),
    (0x1af4, [0x1054: crypto("virtio-crypto")]),
  ]

  /// Cards for machine learning, which run none of our kernels.
  static let accelerators: [Family] = [
    (
      0x1da3,
      [
        0x1000: Entry(.accelerator, "Gaudi"), 0x1010: Entry(.accelerator, "Gaudi"),
        0x1020: Entry(.accelerator, "Gaudi2"), 0x1060: Entry(.accelerator, "Gaudi3"),
        0x1063: Entry(.accelerator, "Gaudi3"),
      ]
    ),
    (
      0x1e52,
      [
        0xfaca: Entry(.accelerator, "Grayskull"), 0x401e: Entry(.accelerator, "Wormhole"),
        0xb140: Entry(.accelerator, "Blackhole"),
      ]
    ),
    (0x1ac1, [0x089a: Entry(.accelerator, "Coral Edge TPU")]),
    (
      0x1e60,
      [
        0x2864: Entry(.accelerator, "Hailo-8"), 0x45c4: Entry(.accelerator, "Hailo-10H"),
      ]
    ),
    (
      0x1022,
      [
        0x1502: Entry(.accelerator, "AMD Phoenix/Hawk Point NPU"),
        0x17f0: Entry(.accelerator, "AMD Strix/Krackan NPU"),
      ]
    ),
    (
      0x8086,
      [
        0x7d1d: Entry(.accelerator, "Core Ultra NPU"),
        0x643e: Entry(.accelerator, "Core Ultra 200V NPU"),
        0xad1d: Entry(.accelerator, "Core Ultra 200 NPU"),
        0xb03e: Entry(.accelerator, "Core Ultra 300 NPU"),
        0xfd3e: Entry(.accelerator, "Core Ultra NPU"), 0x2250: phi, 0x2251: phi, 0x2252: phi,
        0x2253: phi, 0x2254: phi, 0x2255: phi, 0x2256: phi, 0x2257: phi, 0x2258: phi, 0x2259: phi,
        0x225a: phi, 0x225b: phi, 0x225c: phi, 0x225d: phi, 0x225e: phi, 0x2260: phi, 0x2262: phi,
      ]
    ),
    (
      0x1bcf,
      [
        0x001c: Entry(
          .accelerator, "NEC Vector Engine",
          verdict: "no kernel: a vector processor that runs programs of its own")
      ]
    ),
    (
      0x17cb, [0xa100: Entry(.accelerator, "Cloud AI 100")]
    ),
  ]

  /// FPGA cards, whose class says nothing reliable.
  static let fpgas: [Family] = [
    (
      0x10ee,
      [
        0x5000: fpga("Alveo U200 (XDMA)"), 0x5004: fpga("Alveo U250 (XDMA)"),
        0x5005: fpga("Alveo U250"), 0x500c: fpga("Alveo U280"), 0x5020: fpga("Alveo U50"),
        0x5048: fpga("Versal VCK5000"), 0x5049: fpga("Versal VCK5000"),
        0x50b4: fpga("Alveo V80"), 0x50b5: fpga("Alveo V80"),
        0x505c: fpga("Alveo U55C"), 0x5074: fpga("Alveo X3522"), 0x5084: fpga("Alveo X3522"),
        0xd000: fpga("Alveo U200 golden image"), 0xd004: fpga("Alveo U250 golden image"),
        0xd00c: fpga("Alveo U280 golden image"), 0xd020: fpga("Alveo U50 golden image"),
        0x9134: fpga("SmartSSD"), 0x9234: fpga("SmartSSD"), 0x9434: fpga("SmartSSD"),
      ]
    ),
    (
      0x1e24,
      [
        0x0101: mined("Acorn CLE-101"), 0x0215: mined("Acorn CLE-215"),
        0x021f: mined("Acorn CLE-215+"), 0x1525: mined("BCU-1525"),
        0x1533: mined("ForestKitten 33"), 0x1633: mined("JCM33"), 0x1635: mined("JCM35"),
      ]
    ),
    (
      0x12ba,
      [
        0x0069: fpga("VectorPath S7t-VG6"), 0x0079: fpga("VP815"), 0x007a: fpga("VP708"),
      ]
    ),
    (
      0x8086,
      [
        0x09c4: fpga("PAC Arria 10 GX"), 0x09c5: fpga("PAC Arria 10 GX virtual function"),
        0x0b2b: fpga("PAC D5005 Stratix 10 SX"),
        0x0b2c: fpga("PAC D5005 Stratix 10 SX virtual function"), 0x0b30: fpga("PAC N3000"),
        0x0b31: fpga("PAC N3000 virtual function"), 0xbcce: fpga("N6001 Agilex"),
        0xbccf: fpga("N6001 Agilex virtual function"), 0xaf00: fpga("FPGA card"),
        0xbcbd: fpga("Xeon with FPGA"), 0xbcc0: fpga("Xeon with FPGA"),
      ]
    ),
    (0x1c2c, [0x1000: fpga("Silicom N5010"), 0x1001: fpga("Silicom N5011")]),
    (0x1172, [0x00a7: fpga("Stratix V"), 0x0530: fpga("Stratix IV")]),
    (0x1d0f, [0xf000: fpga("Amazon F1"), 0xf001: fpga("Amazon F1"), 0xf010: fpga("Amazon F2")]),
  ]

  private static let amazon: [UInt16: Entry] = [
    0x1111: Entry(.virtualDisplay, "Amazon EC2 display"),
    0x7064: Entry(.accelerator, "Inferentia"), 0x7164: Entry(.accelerator, "Trainium"),
    0x7264: Entry(.accelerator, "Inferentia2"), 0x7364: Entry(.accelerator, "Trainium2"),
    0x7564: Entry(.accelerator, "Trainium3"), 0x7565: Entry(.accelerator, "Trainium3"),
  ]

  /// Physical functions of QuickAssist and, one number later, their virtual ones.
  private static let quickAssist: [UInt16: Entry] = {
    let physical: [UInt16: String] = [
      0x0434: "DH89xxCC", 0x0435: "DH895xCC", 0x1f18: "C2000", 0x1f19: "C2000", 0x19e2: "C3000",
      0x18a0: "P5xxx", 0x18ee: "200xx", 0x37c8: "C62x", 0x6f54: "Xeon D", 0x128c: "60Cx8980",
      0x4940: "4xxx", 0x4942: "401xx", 0x4944: "402xx", 0x4946: "420xx", 0x4948: "6xxx",
    ]
    let virtual: [UInt16: String] = [
      0x0442: "DH89xxCC", 0x0443: "DH895xCC", 0x19e3: "C3000", 0x18a1: "P5xxx", 0x18ef: "200xx",
      0x37c9: "C62x", 0x6f55: "Xeon D", 0x128d: "60Cx8980", 0x4941: "4xxx", 0x4943: "401xx",
      0x4945: "402xx", 0x4947: "420xx", 0x4949: "6xxx",
    ]
    return physical.mapValues { crypto("QuickAssist \($0)") }.merging(
      virtual.mapValues { crypto("QuickAssist \($0) virtual function") }
    ) { first, _ in first }
  }()

  /// The virtual functions among the crypto controllers, which a dump does not link to their physical one.
  static func isVirtualFunction(_ vendor: UInt16, _ device: UInt16) -> Bool {
    entry(vendor, device)?.name.hasSuffix("virtual function") ?? false
      || vendor == 0x1002 && virtualAMD.contains(device)
  }

  private static let phi = Entry(
    .accelerator, "Xeon Phi coprocessor",
    verdict: "no kernel: a card of x86 cores that runs a Linux of its own")
  private static func crypto(_ name: String) -> Entry { Entry(.cryptoController, name) }
  private static func secure(_ name: String) -> Entry {
    Entry(
      .cryptoController, name,
      verdict: "boot and key processor: crypto controller, not usable for hashing")
  }
  /// Numbers of AMD's MxGPU, which a guest sees alone.
  private static let virtualAMD: Set<UInt16> = [
    0x692f, 0x686c, 0x73ae, 0x73ce, 0x74b5, 0x74b9, 0x74bd,
  ]
  private static func fpga(_ name: String) -> Entry { Entry(.fpga, name) }
  private static func mined(_ name: String) -> Entry {
    Entry(.fpga, "SQRL \(name)", "sold for mining from 2018")
  }
}
