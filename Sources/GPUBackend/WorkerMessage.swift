internal import CGPUShims
internal import LinuxSystem
internal import Model

/// The lines between the program and its worker process: words with tabs between them.
internal enum WorkerMessage {
  /// Texts of drivers may hold anything.
  static func line(_ words: [String]) -> String {
    words.map { word in
      String(word.map { $0.isNewline || $0 == "\t" ? " " : $0 })
    }.joined(separator: "\t")
  }

  static func words(_ line: String) -> [String] {
    line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
  }

  static func report(_ words: String...) { ChildProcess.report(line(words)) }

  // What the worker says.
  static let ready = "ready"
  static let proven = "proven"
  static let faulty = "faulty"
  static let failed = "failed"
  static let started = "started"
  static let building = "building"
  static let prepared = "prepared"
  static let position = "p"
  static let share = "s"
  static let stopped = "stopped"
  static let device = "device"
  static let missing = "missing"
  static let compiler = "compiler"
  static let done = "done"
  static let rate = "rate"
  static let measured = "measured"

  // What it is asked.
  static let prove = "prove"
  static let start = "start"
  static let stop = "stop"
  static let probe = "probe"
  static let measure = "measure"
}

/// A device as one library shows it.
internal struct DeviceFacts: Hashable, Sendable {
  let library: GPULibraryKind
  /// Place in the library's list.
  let index: Int
  let name: String
  let platform: String
  let version: String
  let driver: String
  /// Empty where the route cannot tell.
  let address: String
  let isProcessor: Bool
  let computeUnits: Int
  let memory: UInt64
  let architecture: String
  /// Nil where the driver does not tell.
  let hasWatchdog: Bool?

  init(_ facts: hw_gpu_facts, _ library: GPULibraryKind, _ index: Int) {
    func text(_ field: some Any) -> String {
      unsafe withUnsafeBytes(of: field) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
    }
    self.library = library
    self.index = index
    name = text(facts.name)
    platform = text(facts.platform)
    version = text(facts.version)
    driver = text(facts.driver)
    address = text(facts.pci)
    isProcessor = facts.is_cpu != 0
    computeUnits = Int(facts.compute_units)
    memory = facts.memory
    architecture = text(facts.architecture)
    hasWatchdog = facts.has_watchdog < 0 ? nil : facts.has_watchdog != 0
  }

  var words: [String] {
    [
      WorkerMessage.device, library.rawValue, "\(index)", name, platform, version, driver, address,
      isProcessor ? "1" : "0", "\(computeUnits)", "\(memory)", architecture,
      hasWatchdog.map { $0 ? "1" : "0" } ?? "",
    ]
  }

  /// Nil for words that are none of a device.
  init?(_ words: [String]) {
    guard words.count == 13, words[0] == WorkerMessage.device,
      let library = GPULibraryKind(rawValue: words[1]), let index = Int(words[2]),
      let units = Int(words[9]), let memory = UInt64(words[10])
    else { return nil }
    self.library = library
    self.index = index
    (name, platform, version, driver) = (words[3], words[4], words[5], words[6])
    address = words[7]
    isProcessor = words[8] == "1"
    computeUnits = units
    self.memory = memory
    architecture = words[11]
    hasWatchdog = words[12].isEmpty ? nil : words[12] == "1"
  }

  /// For people, without a full stop.
  var sentence: String {
    var parts = [name]
    if !address.isEmpty { parts.append("at \(address.lowercased())") }
    parts.append(version)
    if !driver.isEmpty { parts.append("driver \(driver)") }
    if !architecture.isEmpty { parts.append(architecture) }
    switch hasWatchdog {
    case true?: parts.append("launches are ended after some seconds, because it drives a display")
    case false?: parts.append("launches may take any time")
    case nil: break
    }
    return parts.filter { !$0.isEmpty }.joined(separator: ", ")
  }

  /// Where it is on the bus; the width of the domain differs among drivers.
  var pciAddress: PCIAddress? { PCIAddress(address.lowercased()) }
}
