internal import LinuxSystem
internal import MachineFacts
internal import Model

/// What a scan of one source found, and what it could not read.
struct PCIScan {
  var functions: [PCIFunction] = []
  var gaps: [Reason] = []
  /// What could not be read of which functions.
  var troubles: [(address: PCIAddress, reason: Reason)] = []
  /// How many functions there are; unavailable where no bus could be looked at.
  var count: Reading<Int> = .value(0)

  /// One gap for each kind of trouble, in the order of the functions; those that `told` names are left out, since their
  /// devices carry the notice.
  func gaps(told: Set<PCIAddress>) -> [Reason] {
    var order: [Reason] = []
    var addresses: [Reason: [PCIAddress]] = [:]
    for (address, reason) in troubles.sorted(by: { $0.address < $1.address })
    where !told.contains(address) {
      if addresses[reason] == nil { order.append(reason) }
      addresses[reason, default: []].append(address)
    }
    return gaps
      + order.map { reason in
        let all = addresses[reason] ?? []
        let names = all.prefix(4).map(\.description).joined(separator: ", ")
        let more = all.count > 4 ? " and \(all.count - 4) more" : ""
        return Reason(
          reason.code,
          "\(all.count) PCI function\(all.count == 1 ? "" : "s") (\(names)\(more)): \(reason.message)",
          remedy: reason.remedy)
      }
  }

  /// A scan that could not look at any bus.
  static func missing(_ reason: Reason) -> PCIScan {
    PCIScan(gaps: [reason], count: .unavailable(reason))
  }
}

/// Reads PCI functions of the machine, of a captured tree or of a dump.
struct PCIScanner {
  var names: String?

  /// The functions below `/sys/bus/pci` of a root; a machine without a PCI bus has none, and a gap says so.
  func scan(_ root: SystemRoot) -> PCIScan {
    let reader = FactReader(root: root)
    var scan = PCIScan()
    guard root.exists("/sys/bus/pci/devices") else {
      return .missing(
        root.isLive
          ? Reason(
            .absent, "no PCI bus is visible (/sys/bus/pci/devices is missing)",
            remedy:
              "in a container, share the host's /sys; many boards and virtual machines have none")
          : .notCaptured("the PCI bus"))
    }
    do {
      let bus = try PCIBus(.sysfs(root.resolve("/sys/bus/pci")), names: names)
      for index in 0..<bus.count {
        read(index, of: bus, into: &scan, system: PCISystemReader(reader: reader))
      }
    } catch {
      return .missing(Reason(.failed, "the PCI bus could not be read: \(error.message)"))
    }
    finish(&scan)
    return scan
  }

  /// The functions of a dump.
  ///
  /// - Throws: `Failure` that names the file and, where one is wrong, the line.
  func scan(dump file: String, root: SystemRoot?) throws -> PCIScan {
    let text = try DumpFile(file)
    let bus: PCIBus
    do {
      bus = try PCIBus(.dump(file), names: names)
    } catch {
      throw Failure(.badInput, "\(file): \(error.message)", remedy: DumpFile.remedy)
    }
    var scan = PCIScan()
    let system = root.map { PCISystemReader(reader: FactReader(root: $0)) }
    for index in 0..<bus.count {
      read(index, of: bus, into: &scan, system: system)
    }
    for index in scan.functions.indices {
      scan.functions[index].printedSizes =
        text.regionSizes[scan.functions[index].address] ?? [:]
    }
    finish(&scan)
    return scan
  }

  /// Finds the physical function of virtual ones by its own registers, where no system tells it.
  private func linkVirtualFunctions(_ functions: inout [PCIFunction]) {
    for physical in functions {
      guard let virtual = physical.configuration.value?.virtualFunctions else { continue }
      let numbers = Set(
        (0..<virtual.count).map {
          physical.address.routingNumber + virtual.offset + virtual.stride * $0
        })
      for index in functions.indices
      where functions[index].system.physicalFunction == nil
        && functions[index].address.domain == physical.address.domain
        && numbers.contains(functions[index].address.routingNumber)
      {
        functions[index].system.physicalFunction = physical.address
      }
    }
  }

  private func finish(_ scan: inout PCIScan) {
    scan.functions.sort { $0.address < $1.address }
    linkVirtualFunctions(&scan.functions)
    scan.count = .value(scan.functions.count)
    let lacksConfiguration = scan.functions.filter {
      $0.configuration.value.map { !$0.showsCapabilities } ?? false
    }
    if !lacksConfiguration.isEmpty {
      scan.gaps.append(
        Reason(
          .permission,
          "the PCI capabilities of \(lacksConfiguration.count) functions could not be read",
          remedy: "run it as root, or make the capture with 'sudo lspci -xxxx'"))
    }
  }

  private func read(
    _ index: Int, of bus: borrowing PCIBus, into scan: inout PCIScan, system: PCISystemReader?
  ) {
    let address = bus.address(index)
    // A device that is powered off wakes up when its configuration space is read.
    let power = system?.powerState(address)
    let isAsleep = power == "D3cold"
    let read: Reading<PCIConfiguration> =
      isAsleep
      ? .unavailable(Reason(.notMeasured, "\(address) is powered off (D3cold) and was not woken"))
      : configuration(index, of: bus)
    let identity: PCIIdentity
    do throws(PCIError) {
      identity = try bus.identify(index, mayReadConfig: !isAsleep)
    } catch {
      // What libpci wants of a folder may be missing there, while the configuration space has it.
      guard let found = read.value.flatMap({ PCIIdentity($0) }) else {
        scan.troubles.append((address, Reason(.failed, "not readable: \(error.message)")))
        return
      }
      identity = found
    }
    var function = PCIFunction(
      address: address, identity: identity, vendorName: bus.vendorName(identity.vendor),
      deviceName: bus.deviceName(identity.vendor, identity.device), configuration: read)
    if let system, system.describes(address, identity) {
      function.system = system.facts(address)
      system.complete(&function.identity, address)
    }
    function.subsystemName = function.identity.subsystem.flatMap {
      bus.subsystemName(identity.vendor, identity.device, $0)
    }
    if case .unavailable(let reason) = function.configuration, !isAsleep {
      scan.troubles.append((address, reason))
    }
    scan.functions.append(function)
  }

  private func configuration(_ index: Int, of bus: borrowing PCIBus) -> Reading<PCIConfiguration> {
    switch bus.configuration(index) {
    case .failure(let error):
      let detail = error.message.isEmpty ? "" : ": \(error.message)"
      return .unavailable(Reason(.failed, "the configuration space cannot be read\(detail)"))
    case .success(let bytes):
      return Reading(
        PCIConfiguration(bytes),
        else: Reason(
          .notAnswering, "it does not answer: its configuration space holds only ones",
          remedy: "the card may have fallen off the bus: reseat it or restart the machine"))
    }
  }
}

extension PCIIdentity {
  /// From the configuration space alone; nil where it shows no numbers, as a virtual function's does not.
  init?(_ configuration: PCIConfiguration) {
    guard let vendor = configuration.word(0), let device = configuration.word(2), vendor != 0xffff,
      vendor != 0, let kind = configuration.word(0x0a)
    else { return nil }
    self.init(
      vendor: vendor, device: device, classCode: kind, revision: configuration.bytes[8],
      subsystem: configuration.isOrdinary
        ? configuration.word(0x2c).flatMap { vendor in
          configuration.word(0x2e).map { PCISubsystem(vendor: vendor, device: $0) }
        } : nil)
  }
}
