import Detection
import Foundation
import Model
import TestSupport

/// A PCI function that a test makes up, byte by byte.
struct PCIFixture {
  var address = "0000:01:00.0"
  var vendor: UInt16 = 0x10de
  var device: UInt16 = 0x1b06
  var classCode: UInt16 = 0x0300
  var revision: UInt8 = 0xa1
  /// Speed and lanes, at best and now.
  var link: (best: (Int, Int), now: (Int, Int))?
  /// 0 endpoint, 4 root port, 5 upstream port.
  var portType = 0
  /// The bus below, which makes it a bridge.
  var secondaryBus: UInt8?
  /// Size exponents of a resizable region 1, above 1 MiB: now and at best.
  var resizable: (now: Int, best: Int)?
  var serialNumber: [UInt8] = []
  /// Number, offset and stride of virtual functions.
  var virtualFunctions: (Int, Int, Int)?

  var bytes: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 4096)
    func put(_ value: UInt32, _ offset: Int, _ size: Int) {
      for index in 0..<size { bytes[offset + index] = UInt8(value >> (8 * UInt32(index)) & 0xff) }
    }
    put(UInt32(vendor), 0, 2)
    put(UInt32(device), 2, 2)
    put(UInt32(revision), 8, 1)
    put(UInt32(classCode), 10, 2)
    if let secondaryBus {
      put(1, 0x0e, 1)
      put(UInt32(secondaryBus), 0x19, 1)
    }
    if let link {
      put(0x10, 0x06, 2)
      put(0x40, 0x34, 1)
      put(0x10, 0x40, 1)
      put(UInt32(portType << 4 | 2), 0x42, 2)
      put(UInt32(link.best.0 | link.best.1 << 4), 0x4c, 4)
      put(UInt32(link.now.0 | link.now.1 << 4), 0x52, 2)
    }
    if let virtualFunctions {
      put(0x10 | 1 << 16, 0x100, 4)
      put(1, 0x108, 2)
      put(UInt32(virtualFunctions.0), 0x110, 2)
      put(UInt32(virtualFunctions.1), 0x114, 2)
      put(UInt32(virtualFunctions.2), 0x116, 2)
    }
    if let resizable {
      put(0x15 | 1 << 16 | 0x200 << 20, 0x100, 4)
      put(UInt32(((1 << (resizable.best + 1)) - 1) << 4), 0x104, 4)
      put(UInt32(1 | 1 << 5 | resizable.now << 8), 0x108, 4)
    } else if !serialNumber.isEmpty {
      put(0x03 | 1 << 16 | 0x200 << 20, 0x100, 4)
    }
    if !serialNumber.isEmpty {
      let start = resizable == nil ? 0x100 : 0x200
      put(0x03 | 1 << 16, start, 4)
      for (index, byte) in serialNumber.prefix(8).enumerated() { bytes[start + 4 + index] = byte }
    }
    return bytes
  }

  /// As `lspci -xxxx` prints it.
  func dump(length: Int = 4096) -> String {
    let bytes = bytes
    var text = "\(address) made up by a test\n"
    for start in stride(from: 0, to: length, by: 16) {
      let row = bytes[start..<start + 16].map { String(0x100 + Int($0), radix: 16).suffix(2) }
      let offset = String(start, radix: 16)
      text += (offset.count < 2 ? "0" + offset : offset) + ": " + row.joined(separator: " ") + "\n"
    }
    return text
  }

  /// As sysfs shows it.
  func write(to tree: FixtureTree, config: Bool = true) throws {
    let folder = "sys/bus/pci/devices/\(address)"
    func hexadecimal(_ value: some BinaryInteger) -> String { "0x" + String(value, radix: 16) }
    try tree.write(hexadecimal(vendor) + "\n", to: "\(folder)/vendor")
    try tree.write(hexadecimal(device) + "\n", to: "\(folder)/device")
    try tree.write(hexadecimal(UInt32(classCode) << 8) + "\n", to: "\(folder)/class")
    try tree.write(hexadecimal(revision) + "\n", to: "\(folder)/revision")
    try tree.write("0x1462\n", to: "\(folder)/subsystem_vendor")
    try tree.write("0x1234\n", to: "\(folder)/subsystem_device")
    let region = "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
    try tree.write(String(repeating: region, count: 13), to: "\(folder)/resource")
    if config { try tree.write(bytes, to: "\(folder)/config") }
  }
}

extension FixtureTree {
  /// Writes bytes that need not be text.
  func write(_ bytes: [UInt8], to name: String) throws {
    try write("", to: name)
    try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
  }

  /// Describes the machine that this tree shows.
  func detect(pciNames: String? = nil) throws -> DetectionReport {
    var sources = DetectionSources(sysroot: path, hwlocXML: nil, pciDump: nil)
    sources.pciNames = pciNames
    return try MachineDetector(sources).detect()
  }
}

/// The report of a dump with this text.
func report(ofDump text: String, pciNames: String? = nil) throws -> DetectionReport {
  let tree = try FixtureTree()
  try tree.write(text, to: "dump")
  var sources = DetectionSources(sysroot: nil, hwlocXML: nil, pciDump: "\(tree.path)/dump")
  sources.pciNames = pciNames
  return try MachineDetector(sources).detect()
}

extension Device {
  func notes(_ code: String) -> [Reason] { notices.filter { $0.code.rawValue == code } }
}
