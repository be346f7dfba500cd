import Detection
import Model
import TestSupport
import Testing

/// USB miners are named by their strings; a serial bridge alone proves nothing.
struct USBTests {
  struct Case: Sendable {
    let numbers: (String, String)
    let strings: (String?, String?)
    let kind: DeviceKind?
    let name: String

    init(
      _ numbers: (String, String), _ strings: (String?, String?), _ kind: DeviceKind?,
      _ name: String
    ) {
      self.numbers = numbers
      self.strings = strings
      self.kind = kind
      self.name = name
    }
  }

  static let cases: [Case] = [
    Case(
      ("10c4", "ea60"), ("GekkoScience", "Compac BM1384 Bitcoin Miner"), .usbMiner,
      "GekkoScience Compac"),
    Case(("0403", "6015"), ("GekkoScience", "R606 Bitcoin Miner"), .usbMiner, "GekkoScience R606"),
    Case(
      ("10c4", "ea60"), ("Silicon Labs", "CP2102 USB to UART Bridge Controller"), .serialBridge,
      "CP210x"),
    Case(("10c4", "ea60"), (nil, nil), .serialBridge, "CP210x"),
    Case(("0403", "6001"), ("FTDI", "FT232R USB UART"), .serialBridge, "FT232R"),
    Case(
      ("067b", "2303"), ("Prolific Technology Inc.", "USB-Serial Controller"), .serialBridge,
      "PL2303"),
    Case(("0403", "6014"), ("FTDI", "BitFORCE SHA256 SC"), .usbMiner, "Butterfly Labs SC"),
    Case(
      ("0403", "6014"), ("BUTTERFLY LABS", "BitFORCE SHA256"), .usbMiner, "Butterfly Labs Monarch"),
    Case(
      ("0403", "6014"), ("Butterfly Labs Inc.", "BitFORCE SHA256"), .usbMiner,
      "Butterfly Labs FPGA Single"),
    Case(("03eb", "204b"), ("LUFA", "USB-Serial adapter"), nil, ""),
    Case(("03eb", "204b"), ("x", "Bitfury BF1"), .usbMiner, "RedFury"),
    Case(
      ("04d8", "00de"), ("Microchip Technology Inc.", "MCP2210 USB to SPI Master"), .usbMiner,
      "GekkoScience"),
    Case(("29f1", "33f2"), ("CANAAN", "USB2IIC Converter"), .usbMiner, "Avalon"),
    Case(("4254", "4153"), (nil, nil), .usbMiner, "Antminer"),
    Case(("046d", "c52b"), ("Logitech", "USB Receiver"), nil, ""),
    Case(("zzzz", "c52b"), ("Logitech", "USB Receiver"), nil, ""),
  ]

  @Test("what the strings say", arguments: cases)
  func match(example: Case) throws {
    let tree = try FixtureTree()
    let folder = "sys/bus/usb/devices/1-1.4"
    try tree.write("processor\t: 0\n", to: "proc/cpuinfo")
    try tree.write(example.numbers.0 + "\n", to: "\(folder)/idVendor")
    try tree.write(example.numbers.1 + "\n", to: "\(folder)/idProduct")
    try tree.write("A1B2C3D4\n", to: "\(folder)/serial")
    if let maker = example.strings.0 { try tree.write(maker + "\n", to: "\(folder)/manufacturer") }
    if let product = example.strings.1 { try tree.write(product + "\n", to: "\(folder)/product") }
    // Interfaces of the same device stand beside it.
    try tree.write("ff\n", to: "sys/bus/usb/devices/1-1.4:1.0/bInterfaceClass")
    let devices = try tree.detect().devices.filter { $0.kind != .cpu }
    #expect(devices.first?.kind == example.kind)
    #expect(devices.count == (example.kind == nil ? 0 : 1))
    guard let device = devices.first else { return }
    #expect(device.id.rawValue == "usb:1-1.4")
    #expect(device.name.contains(example.name), "\(device.name)")
    #expect(device.capabilities.isEmpty)
    #expect(!"\(device)".contains("A1B2C3D4"))
    if device.kind == .serialBridge { #expect(device.verdict.contains("could be")) }
  }
}
