import Detection
import Foundation
import Model
import TestSupport

/// Captured machines that lie beside the project, not in it.
enum Captures {
  /// The project's own folder.
  static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Nil where they are not on this machine.
  static let folder: URL? = {
    let folder = project.deletingLastPathComponent().appendingPathComponent("shared/captures")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }()

  /// Every capture of the folders that detection reads, as `pci/name`; empty without the folder.
  static let all: [String] = {
    guard let folder else { return [] }
    return ["cpuinfo", "hwloc", "pci"].flatMap { kind in
      let names = try? FileManager.default.contentsOfDirectory(
        atPath: folder.appendingPathComponent(kind).path)
      return (names ?? []).filter { $0 != "INDEX.md" }.sorted().map { "\(kind)/\($0)" }
    }
  }()
}

/// A capture made ready for detection.
struct ReadyCapture {
  let sources: DetectionSources
  private let scratch: TemporaryFolder?

  init(_ name: String, folder: URL, inner: String?) throws {
    let file = folder.appendingPathComponent(name).path
    switch (name.split(separator: "/").first, name.hasSuffix(".xml")) {
    case ("pci", _):
      sources = DetectionSources(sysroot: nil, hwlocXML: nil, pciDump: file)
      scratch = nil
    case ("hwloc", true):
      sources = DetectionSources(sysroot: nil, hwlocXML: file, pciDump: nil)
      scratch = nil
    case ("hwloc", false):
      let target = try TemporaryFolder()
      let outcome = try ChildProcess.run("/bin/tar", ["-xjf", file, "-C", target.path])
      guard outcome.status == 0, let inner else {
        throw TestSupportError("cannot unpack \(file): \(outcome.errors)")
      }
      sources = DetectionSources(
        sysroot: "\(target.path)/\(inner)", hwlocXML: nil, pciDump: nil)
      scratch = target
    default:
      let target = try TemporaryFolder()
      let proc = URL(fileURLWithPath: target.path).appendingPathComponent("proc")
      try FileManager.default.createDirectory(at: proc, withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: file, toPath: proc.appendingPathComponent("cpuinfo").path)
      sources = DetectionSources(sysroot: target.path, hwlocXML: nil, pciDump: nil)
      scratch = target
    }
  }
}

/// What the index of the captures says of one of them; a key that is absent says nothing.
struct Expectation: Decodable {
  struct Display: Decodable {
    let address: String
    let vendorID: String
    let deviceID: String
    let subsystem: String?
    let revision: String?
    let linkBest: String?
    let linkNow: String?

    enum CodingKeys: String, CodingKey {
      case address, subsystem, revision
      case vendorID = "vendor_id"
      case deviceID = "device_id"
      case linkBest = "link_best"
      case linkNow = "link_now"
    }
  }

  let capture: String
  /// The folder inside an archive.
  let folder: String?
  let packages: Fact<Int>?
  let cores: Fact<Int>?
  let threads: Int?
  let usableThreads: Int?
  let numaNodes: Int?
  let l3Caches: Int?
  let modelName: Fact<String>?
  let vendor: String?
  /// Threads by core type.
  let coreTypes: [String: Int]?
  let features: [String]?
  let shaNI: Bool?
  let armParts: String?
  let settings: [String: String]?
  let pciFunctions: Int?
  let displays: [Display]?
  let osDevices: [String]?
  /// Texts of the capture that must not come out.
  let secrets: [String]?
  /// The line that the refusal of a broken capture names.
  let errorLine: Int?
  let cpuIdentifier: String?
  let gpuIdentifiers: [String]?

  enum CodingKeys: String, CodingKey {
    case capture, folder, packages, cores, threads, vendor, features, settings, displays, secrets
    case usableThreads = "usable_threads"
    case numaNodes = "numa_nodes"
    case l3Caches = "l3_caches"
    case modelName = "model_name"
    case coreTypes = "core_types"
    case shaNI = "sha_ni"
    case armParts = "arm_parts"
    case pciFunctions = "pci_functions"
    case osDevices = "os_devices"
    case errorLine = "error_line"
    case cpuIdentifier = "cpu_identifier"
    case gpuIdentifiers = "gpu_identifiers"
  }

  /// A value, or null for "must be unknown"; an absent key is neither.
  struct Fact<Value: Decodable & Equatable>: Decodable {
    let value: Value?

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      value = container.decodeNil() ? nil : try container.decode(Value.self)
    }
  }

  init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    // `decodeIfPresent` takes null for an absent key, which here it is not.
    func fact<Value>(_ key: CodingKeys) throws -> Fact<Value>? {
      keys.contains(key) ? try keys.decode(Fact<Value>.self, forKey: key) : nil
    }
    func value<Value: Decodable>(_ key: CodingKeys) throws -> Value? {
      try keys.decodeIfPresent(Value.self, forKey: key)
    }
    capture = try keys.decode(String.self, forKey: .capture)
    folder = try value(.folder)
    packages = try fact(.packages)
    cores = try fact(.cores)
    threads = try value(.threads)
    usableThreads = try value(.usableThreads)
    numaNodes = try value(.numaNodes)
    l3Caches = try value(.l3Caches)
    modelName = try fact(.modelName)
    vendor = try value(.vendor)
    coreTypes = try value(.coreTypes)
    features = try value(.features)
    shaNI = try value(.shaNI)
    armParts = try value(.armParts)
    settings = try value(.settings)
    pciFunctions = try value(.pciFunctions)
    displays = try value(.displays)
    osDevices = try value(.osDevices)
    secrets = try value(.secrets)
    errorLine = try value(.errorLine)
    cpuIdentifier = try value(.cpuIdentifier)
    gpuIdentifiers = try value(.gpuIdentifiers)
  }

  static func of(_ capture: String) throws -> Expectation? {
    let name = capture.replacingOccurrences(of: "/", with: "-") + ".json"
    let file = Captures.project.appendingPathComponent("Tests/DetectionTests/Expected/\(name)")
    guard let data = try? Data(contentsOf: file) else { return nil }
    return try JSONDecoder().decode(Expectation.self, from: data)
  }
}
