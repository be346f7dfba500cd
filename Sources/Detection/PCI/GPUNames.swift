/// Marketing names of GPUs that people compare, by vendor and device number.
///
/// They are part of hardware identifiers, so an entry is never changed once it was published; a number that is not
/// listed has an identifier without a name. Numbers and names are those of pci.ids 2026.08.22.
enum GPUNames {
  static func name(_ vendor: UInt16, _ device: UInt16) -> String? { all[vendor]?[device] }

  private static let all: [UInt16: [UInt16: String]] = [
    0x10de: table(nvidia), 0x1002: table(amd), 0x8086: table(intel),
  ]

  /// One `number name` a line: a literal dictionary of this size takes the compiler long.
  private static func table(_ text: String) -> [UInt16: String] {
    var table: [UInt16: String] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1)
      if parts.count == 2, let number = UInt16(parts[0], radix: 16) {
        table[number] = String(parts[1])
      }
    }
    return table
  }

  private static let nvidia = """
    1380 GeForce GTX 750 Ti
    1381 GeForce GTX 750
    139d GeForce GTX 750 Ti
    13bd Tesla M10
    13c0 GeForce GTX 980
    13c2 GeForce GTX 970
    13f2 Tesla M60
    13f3 Tesla M6
    1401 GeForce GTX 960
    1402 GeForce GTX 950
    1404 GeForce GTX 960 FAKE
    1407 GeForce GTX 750 v2
    1431 Tesla M4
    15f0 Quadro GP100
    15f7 Tesla P100 PCIe 12GB
    15f8 Tesla P100 PCIe 16GB
    15f9 Tesla P100 SXM2 16GB
    17c2 GeForce GTX TITAN X
    17c8 GeForce GTX 980 Ti
    17fd Tesla M40
    1b00 TITAN X Pascal
    1b01 GeForce GTX 1080 Ti 10GB
    1b02 TITAN Xp
    1b06 GeForce GTX 1080 Ti
    1b30 Quadro P6000
    1b38 Tesla P40
    1b39 Tesla P10
    1b80 GeForce GTX 1080
    1b81 GeForce GTX 1070
    1b82 GeForce GTX 1070 Ti
    1b83 GeForce GTX 1060 6GB
    1b84 GeForce GTX 1060 3GB
    1bb0 Quadro P5000
    1bb1 Quadro P4000
    1bb3 Tesla P4
    1bb4 Tesla P6
    1c02 GeForce GTX 1060 3GB
    1c03 GeForce GTX 1060 6GB
    1c04 GeForce GTX 1060 5GB
    1c30 Quadro P2000
    1c81 GeForce GTX 1050
    1c82 GeForce GTX 1050 Ti
    1c83 GeForce GTX 1050 3GB
    1cb1 Quadro P1000
    1cfa Quadro P2000
    1cfb Quadro P1000
    1d01 GeForce GT 1030
    1d81 TITAN V
    1db0 Tesla GV100 SXM2-16GB SKU 890
    1db1 Tesla V100 SXM2 16GB
    1db3 Tesla V100 FHHL 16GB
    1db4 Tesla V100 PCIe 16GB
    1db5 Tesla V100 SXM2 32GB
    1db6 Tesla V100 PCIe 32GB
    1db8 Tesla V100 SXM3 32GB
    1dba Quadro GV100
    1df5 Tesla V100 SXM2 16GB
    1df6 Tesla V100S PCIe 32GB
    1e02 TITAN RTX
    1e03 GeForce RTX 2080 Ti 12GB
    1e04 GeForce RTX 2080 Ti
    1e30 Quadro RTX 6000/8000
    1e35 Tesla T10
    1e36 Quadro RTX 6000
    1e38 Tesla T40 24GB
    1e78 Quadro RTX 6000/8000
    1e81 GeForce RTX 2080 SUPER
    1e82 GeForce RTX 2080
    1e84 GeForce RTX 2070 SUPER
    1e89 GeForce RTX 2060
    1eb0 Quadro RTX 5000
    1eb1 Quadro RTX 4000
    1eb8 Tesla T4
    1ec2 GeForce RTX 2070 SUPER
    1ec7 GeForce RTX 2070 SUPER
    1f02 GeForce RTX 2070
    1f03 GeForce RTX 2060 12GB
    1f06 GeForce RTX 2060 SUPER
    1f09 GeForce GTX 1660 SUPER
    1f0a GeForce GTX 1650
    1f42 GeForce RTX 2060 SUPER
    1f47 GeForce RTX 2060 SUPER
    1f82 GeForce GTX 1650
    1f83 GeForce GTX 1630
    20b0 A100 SXM4 40GB
    20b1 A100 PCIe 40GB
    20b2 A100 SXM4 80GB
    20b3 A100-SXM-64GB
    20b5 A100 PCIe 80GB
    20b7 A30 PCIe
    20b8 A100X
    20b9 A30X
    20bd A800 SXM4 40GB
    20f1 A100 PCIe 40GB
    20f3 A800-SXM4-80GB
    20f5 A800 80GB PCIe
    20f6 A800 40GB PCIe
    2182 GeForce GTX 1660 Ti
    2184 GeForce GTX 1660
    2187 GeForce GTX 1650 SUPER
    2188 GeForce GTX 1650
    21c4 GeForce GTX 1660 SUPER
    2203 GeForce RTX 3090 Ti
    2204 GeForce RTX 3090
    2205 GeForce RTX 3080 Ti 20GB
    2206 GeForce RTX 3080
    2207 GeForce RTX 3070 Ti
    2208 GeForce RTX 3080 Ti
    220a GeForce RTX 3080 12GB
    2230 RTX A6000
    2231 RTX A5000
    2232 RTX A4500
    2233 RTX A5500
    2235 A40
    2236 A10
    2237 A10G
    2238 A10M
    230c H20 NVL16
    230e H20 NVL16
    2313 H100 CNX
    2321 H100L 94GB
    2322 H800 PCIe
    2324 H800
    2328 H20B
    2329 H20
    232c H20 HBM3e
    2330 H100 SXM5 80GB
    2331 H100 PCIe
    2335 H200 SXM 141GB
    2336 H100
    2337 H100 SXM5 64GB
    2338 H100 SXM5 96GB
    2339 H100 SXM5 94GB
    233a H800L 94GB
    233b H200 NVL
    233d H100 96GB
    2342 GH200 120GB / 480GB
    2345 GH100-88K-A1
    2348 GH200 144G HBM3e
    237e H100 GH3
    2414 GeForce RTX 3060 Ti
    2482 GeForce RTX 3070 Ti
    2484 GeForce RTX 3070
    2486 GeForce RTX 3060 Ti
    2487 GeForce RTX 3060
    248c GeForce RTX 3070 Ti
    248d GeForce RTX 3070
    248e GeForce RTX 3060 Ti
    24b0 RTX A4000
    24b1 RTX A4000H
    24c7 GeForce RTX 3060 8GB
    24c8 GeForce RTX 3070 GDDR6X
    24c9 GeForce RTX 3060 Ti GDDR6X
    2501 GeForce RTX 3060
    2503 GeForce RTX 3060
    2531 RTX A2000
    2544 GeForce RTX 3060
    2571 RTX A2000 12GB
    2582 GeForce RTX 3050 8GB
    2583 GeForce RTX 3050 4GB
    2584 GeForce RTX 3050 6GB
    25a9 GeForce RTX 2050
    25ad GeForce RTX 2050
    25b0 RTX A1000
    25b2 RTX A400
    25b6 A2 / A16
    25ed GeForce RTX 2050
    2681 RTX TITAN Ada
    2684 GeForce RTX 4090
    2685 GeForce RTX 4090 D
    2689 GeForce RTX 4070 Ti SUPER
    26b1 RTX 6000 Ada Generation
    26b2 RTX 5000 Ada Generation
    26b3 RTX 5880 Ada Generation
    26b5 L40
    26b7 L20
    26b8 L40G
    26b9 L40S
    26ba L20
    26bb L30
    26f5 L40 CNX
    2702 GeForce RTX 4080 SUPER
    2703 GeForce RTX 4080 SUPER
    2704 GeForce RTX 4080
    2705 GeForce RTX 4070 Ti SUPER
    2709 GeForce RTX 4070
    2782 GeForce RTX 4070 Ti
    2783 GeForce RTX 4070 SUPER
    2786 GeForce RTX 4070
    2788 GeForce RTX 4060 Ti
    27b0 RTX 4000 SFF Ada Generation
    27b1 RTX 4500 Ada Generation
    27b2 RTX 4000 Ada Generation
    27b6 L2
    27b7 L16
    27b8 L4
    2803 GeForce RTX 4060 Ti
    2805 GeForce RTX 4060 Ti 16GB
    2808 GeForce RTX 4060
    2882 GeForce RTX 4060
    28a0 GeForce RTX 4060 Max-Q / Mobile
    28a1 GeForce RTX 4050 Max-Q / Mobile
    28a3 GeForce RTX 3050 A Laptop GPU
    28b0 RTX 2000 / 2000E Ada Generation
    28b8 RTX 2000 Ada Generation Laptop GPU
    28b9 RTX 1000 Ada Generation Laptop GPU
    28ba RTX 500 Ada Generation Laptop GPU
    28bb RTX 500 Ada Generation Laptop GPU
    28e0 GeForce RTX 4060 Max-Q / Mobile
    28e1 GeForce RTX 4050 Max-Q / Mobile
    28e3 GeForce RTX 3050 A Laptop GPU
    28f8 RTX 2000 Ada Generation Embedded GPU
    2901 B200
    2909 HGX B200 168GB
    2920 TS4 / B100
    2941 HGX GB200
    29bb DRIVE P2021
    29bc B100
    2b00 Jetson AGX Thor
    2b85 GeForce RTX 5090
    2b87 GeForce RTX 5090 D
    2b8c GeForce RTX 5090 D V2
    2bb1 RTX PRO 6000 Blackwell Workstation Edition
    2bb2 RTX PRO 6000D Blackwell Workstation Edition
    2bb3 RTX PRO 5000 Blackwell / RTX PRO 5000 72GB Blackwell
    2bb4 RTX PRO 6000 Blackwell Max-Q Workstation Edition
    2bb5 RTX PRO 6000 Blackwell Server Edition
    2bb9 RTX 6000D
    2bbc RTX PRO 6000D Blackwell Max-Q Workstation Edition
    2c02 GeForce RTX 5080
    2c05 GeForce RTX 5070 Ti
    2c18 GeForce RTX 5090 Max-Q / Mobile
    2c19 GeForce RTX 5080 Max-Q / Mobile
    2c31 RTX PRO 4500 Blackwell
    2c33 RTX PRO 4000 Blackwell SFF Edition
    2c34 RTX PRO 4000 Blackwell
    2c38 RTX PRO 5000 Blackwell Generation Laptop GPU
    2c39 RTX PRO 4000 Blackwell Generation Laptop GPU
    2c3a RTX PRO 4500 Blackwell Server Edition
    2c58 GeForce RTX 5090 Max-Q / Mobile
    2c59 GeForce RTX 5080 Max-Q / Mobile
    2c77 RTX PRO 5000 Blackwell Embedded GPU
    2c79 RTX PRO 4000 Blackwell Embedded GPU
    2d04 GeForce RTX 5060 Ti
    2d05 GeForce RTX 5060
    2d18 GeForce RTX 5070 Max-Q / Mobile
    2d19 GeForce RTX 5060 Max-Q / Mobile
    2d30 RTX PRO 2000 Blackwell
    2d39 RTX PRO 2000 Blackwell Generation Laptop GPU
    2d58 GeForce RTX 5070 Max-Q / Mobile
    2d59 GeForce RTX 5060 Max-Q / Mobile
    2d79 RTX PRO 2000 Blackwell Embedded GPU
    2d83 GeForce RTX 5050
    2d98 GeForce RTX 5050 Max-Q / Mobile
    2db8 RTX PRO 1000 Blackwell Generation Laptop GPU
    2db9 RTX PRO 500 Blackwell Generation Laptop GPU
    2dd8 GeForce RTX 5050 Max-Q / Mobile
    2df9 RTX PRO 500 Blackwell Embedded GPU
    2e03 RTX Spark N1X (6144-core Blackwell RTX GPU)
    2e06 RTX Spark N1X (5120-core Blackwell RTX GPU)
    2e12 GB10
    2f04 GeForce RTX 5070
    2f06 GeForce RTX 5060
    2f18 GeForce RTX 5070 Ti Mobile
    2f38 RTX PRO 3000 Blackwell Generation Laptop GPU
    2f58 GeForce RTX 5070 Ti Mobile
    3182 B300 SXM6 AC
    31a1 GB300 MaxQ
    31c2 GB300
    31c3 GB300
    """

  private static let amd = """
    154c Radeon RX 350
    66a0 Vega 20
    66a1 Vega 20
    66a3 Vega 20
    66a7 Radeon Pro Vega 20
    66af Radeon VII
    67b0 Hawaii XT / Grenada XT
    67b1 Hawaii PRO
    67b8 Radeon R9 290X Engineering Sample
    67b9 Radeon R9 295X2
    67c2 Ellesmere
    67c4 Radeon Pro WX 7100
    67c7 Radeon Pro WX 5100
    67d0 Ellesmere
    67d4 Ellesmere
    67d7 Ellesmere
    67df Ellesmere
    67e0 Radeon Pro WX 4170
    67e3 Radeon Pro WX 4100
    67e8 Baffin
    67eb Radeon Pro V5300X
    67ef Baffin
    67ff Baffin
    6835 Radeon R9 255 OEM
    6860 Vega 10
    6863 Radeon Vega Frontier Edition
    6864 Vega 10
    6867 Radeon Pro Vega 56
    6869 Radeon Pro Vega 48
    686b Radeon Pro Vega 64X
    686c Vega 10
    687f Vega 10 XL/XT
    6930 Radeon R9 380 4GB
    6939 Tonga PRO
    694c Radeon RX Vega M GH
    694e Radeon RX Vega M GL
    694f Radeon Pro WX Vega M GL
    69af Radeon Pro Vega 20
    6fdf Radeon RX 580 2048SP
    7300 Fiji
    7310 Radeon Pro W5700X
    7312 Radeon Pro W5700
    731f Navi 10
    7340 Navi 14
    7341 Radeon Pro W5500
    7347 Radeon Pro W5500M
    734f Radeon Pro W5300M
    7362 Navi 12
    738c Instinct MI100
    738e Instinct MI100
    73a1 Radeon Pro V620
    73a2 Radeon Pro W6900X
    73a5 Radeon RX 6950 XT
    73ab Navi 21 Pro-XLA
    73ae Radeon Pro V620 MxGPU
    73af Radeon RX 6900 XT
    73bf Navi 21
    73df Navi 22
    73ef Navi 23
    73f0 Radeon RX 7600M XT
    73ff Navi 23
    7408 Instinct MI250X
    740c Instinct MI250X/MI250
    740f Instinct MI210
    7421 Radeon PRO W6500M
    7422 Radeon PRO W6400
    7423 Radeon PRO W6300/W6300M
    7424 Radeon RX 6300
    743f Navi 24
    7448 Radeon Pro W7900
    7449 Radeon Pro W7800 48GB
    744a Radeon Pro W7900 Dual Slot
    744b Radeon Pro W7900D
    744c Navi 31
    745e Radeon Pro W7800
    7460 Radeon PRO V710
    7461 Radeon PRO V710
    7470 Radeon PRO W7700
    747e Navi 32
    7480 Navi 33
    7481 Steam Machine
    7483 Navi 33
    7487 Radeon Graphics
    7489 Radeon Pro W7500
    748b Radeon Graphics
    7499 Navi 33
    749f Radeon RX 7500
    74a0 Instinct MI300A
    74a1 Instinct MI300X
    74a2 Instinct MI308X
    74a5 Instinct MI325X
    74a9 Instinct MI300X HF
    74b5 Instinct MI300X virtual function
    74b9 Instinct MI325X VF
    74bd Instinct MI300X HF
    7550 Navi 48
    7551 Radeon AI PRO R9700
    7590 Navi 44
    75a0 Instinct MI350X
    75a3 Instinct MI355X
    75a8 Instinct MI350P
    """

  private static let intel = """
    0b69 Data Center GPU Max 1450
    0b6e Data Center GPU Max 1100C
    0bd4 Data Center GPU Max 1550VG
    0bd5 Data Center GPU Max 1550
    0bd6 Data Center GPU Max 1550
    0bd7 Data Center GPU Max 1350
    0bd8 Data Center GPU Max 1350
    0bd9 Data Center GPU Max 1100
    0bda Data Center GPU Max 1100
    0bdb Data Center GPU Max 1100
    4628 UHD Graphics
    462a UHD Graphics
    4636 UHD Graphics
    4638 UHD Graphics
    463a UHD Graphics
    4680 UHD Graphics 770
    4682 UHD Graphics 730
    4688 UHD Graphics 770
    468a UHD Graphics
    468b UHD Graphics
    4690 UHD Graphics 770
    4692 UHD Graphics 730
    4693 UHD Graphics 710
    46a3 UHD Graphics
    46a6 Iris Xe Graphics
    46a8 Iris Xe Graphics
    46aa Iris Xe Graphics
    46b0 Iris Xe Graphics
    46b1 Iris Xe Graphics
    46b3 UHD Graphics
    46b6 Iris Xe Graphics
    46b8 Iris Xe Graphics
    46ba Iris Xe Graphics
    46c1 Iris Xe Graphics
    46c3 UHD Graphics
    46d0 UHD Graphics
    46d1 UHD Graphics
    46d2 UHD Graphics
    46d3 Graphics
    46d4 Graphics
    4905 Iris Xe MAX Graphics
    4906 Iris Xe Pod
    4908 Iris Xe Graphics
    4909 Iris Xe MAX 100
    4c8a UHD Graphics 750
    4c8b UHD Graphics 730
    4c90 UHD Graphics P750
    4c9a UHD Graphics
    4e55 UHD Graphics
    4e61 UHD Graphics
    4e71 UHD Graphics
    5690 Arc A770M
    5691 Arc A730M
    5692 Arc A550M
    5693 Arc A370M
    5694 Arc A350M
    5695 Iris Xe MAX A200M
    5696 Arc A570M
    5697 Arc A530M
    5698 Arc Xe Graphics
    56a0 Arc A770
    56a1 Arc A750
    56a2 Arc A580
    56a3 Arc Xe Graphics
    56a4 Arc Xe Graphics
    56a5 Arc A380
    56a6 Arc A310
    56a7 Arc Xe Graphics
    56a8 Arc Xe Graphics
    56a9 Arc Xe Graphics
    56b0 Arc Pro A30M
    56b1 Arc Pro A40/A50
    56b2 Arc Pro A60M
    56b3 Arc Pro A60
    56ba Arc A380E
    56bb Arc A310E
    56bc Arc A370E
    56bd Arc A350E
    56be Arc A750E
    56bf Arc A580E
    56c0 Data Center GPU Flex 170
    56c1 Data Center GPU Flex 140
    56c2 Data Center GPU Flex 170V
    5917 UHD Graphics 620
    6420 Graphics
    64b0 Graphics
    7d40 Graphics
    7d41 Graphics
    7d45 Graphics
    7d51 Arc Pro 130T/140T
    7d55 Arc Graphics
    7d60 Graphics
    7d67 Graphics
    7dd1 Graphics
    7dd5 Graphics
    8a58 UHD Graphics G1
    9840 UHD Graphics
    9841 UHD Graphics
    9a40 Iris Xe Graphics
    9a49 Iris Xe Graphics
    9a60 UHD Graphics
    9a68 UHD Graphics
    9a70 UHD Graphics
    9a78 UHD Graphics G4
    9b21 UHD Graphics 620
    9b41 UHD Graphics
    9ba4 UHD Graphics 610
    9ba8 UHD Graphics 610
    9bc4 UHD Graphics
    9bc5 UHD Graphics 630
    9bc6 UHD Graphics P630
    9bc8 UHD Graphics 630
    9be6 UHD Graphics P630
    9bf6 UHD Graphics P630
    a720 UHD Graphics
    a721 UHD Graphics
    a780 UHD Graphics 770
    a7a0 Iris Xe Graphics
    a7a1 Iris Xe Graphics
    a7a8 UHD Graphics
    a7a9 UHD Graphics
    a7aa Graphics
    a7ab Graphics
    a7ac Graphics
    a7ad Graphics
    b080 Arc B390
    b081 Arc B370
    b082 Arc B390
    b083 Arc B370
    b084 Arc Pro B390
    b085 Arc Pro B370
    b086 Arc Pro B390
    b087 Arc Pro B370
    b08f Graphics
    b090 Graphics
    b0a0 Graphics
    b0b0 Graphics
    b0ff Graphics
    b640 Graphics
    e202 Graphics
    e20b Arc B580
    e20c Arc B570
    e20d Graphics
    e210 Graphics
    e211 Arc Pro B60
    e212 Arc Pro B50
    e215 Graphics
    e216 Graphics
    e220 Graphics
    e221 Graphics
    e222 Arc Pro B65
    e223 Arc Pro B70
    fd80 Graphics
    fd81 Graphics
    """
}
