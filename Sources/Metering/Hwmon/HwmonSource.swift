internal import LinuxSystem
internal import MeterCore
package import Model

extension MeterSourceID {
  static let hwmon = MeterSourceID("hwmon", isOnMachine: true)
}

/// Power and energy sensors that drivers show in `/sys/class/hwmon`: ACPI power meters, GPUs, shunt chips.
package struct HwmonSource: MeterSource {
  package init() {}

  package var id: MeterSourceID { .hwmon }
  package var summary: String { "power and energy sensors of drivers (hwmon)" }
  package var argumentName: String? { nil }

  static let folder = "/sys/class/hwmon"

  package func discover(_ request: MeterRequest) -> MeterDiscovery {
    let root = request.environment.root
    var discovery = MeterDiscovery()
    var seen: Set<String> = []
    for entry in (try? root.names(Self.folder)) ?? [] {
      let base = "\(Self.folder)/\(entry)"
      guard let chip = try? root.text("\(base)/name"),
        seen.insert((try? root.realPath(base)) ?? base).inserted
      else { continue }
      let sensors = HwmonChip(root: root, base: base, entry: entry, name: chip).sensors()
      var members: [PowerFileReader.Member] = []
      for sensor in sensors {
        switch sensor.open(root) {
        case .unavailable(let reason): discovery.unavailable.append(reason)
        case .value(let member):
          if let reason = PowerFileReader.read(member).reason {
            discovery.unavailable.append(reason)
          } else {
            members.append(member)
          }
        }
      }
      if let period = sensors.map(\.period.value).min(), !members.isEmpty {
        discovery.readers.append(PowerFileReader(members, period: Seconds(period)))
      }
    }
    if discovery.readers.isEmpty, discovery.unavailable.isEmpty {
      discovery.unavailable = [
        Reason(.absent, "no driver shows a power or energy sensor in \(Self.folder)")
      ]
    }
    return discovery
  }
}

/// One chip's folder and the rules that its driver's name implies.
struct HwmonChip {
  let root: SystemRoot
  let base: String
  let entry: String
  let name: String

  /// A channel before its files are open.
  struct Sensor {
    let channel: MeterChannel
    let files: [String]
    let period: Seconds

    func open(_ root: SystemRoot) -> Reading<PowerFileReader.Member> {
      do throws(SystemError) {
        let first = try AttributeFile(root, files[0])
        guard files.count > 1 else {
          return .value(PowerFileReader.Member(channel: channel, value: .direct(first)))
        }
        let second = try AttributeFile(root, files[1])
        return .value(PowerFileReader.Member(channel: channel, value: .product(first, second)))
      } catch {
        let isRefused = error.errno == .permissionDenied || error.errno == .notPermitted
        return .unavailable(
          Reason(
            isRefused ? .permission : .lost, "\(files[0]): \(error.errno)",
            remedy: isRefused
              ? "let a group read it by a udev rule with mode 0440 (cost: its members see the machine's power)"
              : nil))
      }
    }
  }

  /// Chips whose channel N has its voltage in `inN` and its current in `currN`, and no power of its own.
  private static let pairedChips: Set<String> = ["ina3221", "ltc2991", "ltc4245"]

  /// Whether the chip is a processor, though it shows as a PCI function.
  private var isProcessor: Bool {
    name == "fam15h_power" || name == "amdgpu" && isChipWithCPU(Set((try? root.names(base)) ?? []))
  }

  func sensors() -> [Sensor] {
    // A battery's hwmon twin is the battery source's business.
    if name.hasPrefix("BAT") || name.hasPrefix("hidpp_battery") { return [] }
    let files = Set((try? root.names(base)) ?? [])
    switch name {
    case "power_meter": return acpiMeter(files)
    case "amdgpu" where isChipWithCPU(files):
      return power(
        files, scope: .unknown, label: "\(name) \(device) (the whole chip with its CPU)")
    case "amdgpu", "nouveau", "radeon":
      return power(files, scope: .gpuBoard, label: "\(name) \(device)")
    case "i915", "xe":
      return energy(files) { index in
        index == 1 ? (.gpuBoard, "card") : (.unknown, "chip")
      }
    case "amd_energy":
      return energy(files) { index in
        let label = self.label("energy\(index)")
        return label.hasPrefix("Esocket") ? (.cpuPackage, label) : nil
      }
    default:
      return generic(files)
    }
  }

  /// What the chip belongs to: a PCI address where it has one.
  private var device: String {
    guard let path = try? root.realPath("\(base)/device") else { return entry }
    return path.split(separator: "/").last.map(String.init) ?? entry
  }

  /// What a channel's energy belongs to: the function that the chip sits on, or what the scope says.
  private func cover(_ scope: Scope, _ file: String) -> MeterCover {
    switch scope {
    case .dcSystem: .machine
    case .cpuPackage: .package(Self.indices([file], "energy", "_input").first.map { $0 - 1 } ?? 0)
    default: isProcessor ? .package(0) : PCIAddress(device).map { .device(.pci($0)) } ?? .unknown
    }
  }

  /// Only processors with graphics have a voltage of their northbridge, and their power is that of the whole chip.
  private func isChipWithCPU(_ files: Set<String>) -> Bool {
    Self.indices(files, "in", "_label").contains { label("in\($0)") == "vddnb" }
  }

  private func label(_ stem: String) -> String {
    (try? root.text("\(base)/\(stem)_label")) ?? stem
  }

  private static func indices(_ files: Set<String>, _ prefix: String, _ suffix: String) -> [Int] {
    files.compactMap { file in
      guard file.hasPrefix(prefix), file.hasSuffix(suffix) else { return nil }
      return Int(file.dropFirst(prefix.count).dropLast(suffix.count))
    }.sorted()
  }

  // MARK: Rules

  /// ACPI000D: the average over an interval that the firmware states.
  private func acpiMeter(_ files: Set<String>) -> [Sensor] {
    let interval = (try? root.integer("\(base)/power1_average_interval")).flatMap { $0 }
    let percent = (try? root.text("\(base)/power1_accuracy")).flatMap {
      Double($0.prefix { $0 != "%" })
    }
    let measured = ((try? root.names("\(base)/measures")) ?? []).joined(separator: " ")
    let owner = (try? root.text("\(base)/power1_oem_info")) ?? ""
    let details = [measured, owner].filter { !$0.isEmpty }.joined(separator: ", ")
    let accuracy = percent.map {
      MeterAccuracy(
        gainBound: max(0, 1 - $0 / 100), source: "ACPI power1_accuracy", isAssumed: false)
    }
    let period = Seconds(max(0.1, min(5, Double(interval ?? 1000) * 1e-3)))
    return power(
      files, scope: .dcSystem, label: "ACPI power meter\(details.isEmpty ? "" : " (\(details))")",
      period: period, window: interval.map { Seconds(Double($0) * 1e-3) }, accuracy: accuracy)
  }

  /// `powerN_average` before `powerN_input`.
  private func power(
    _ files: Set<String>, scope: Scope, label: String, period: Seconds = Seconds(0.1),
    window: Seconds? = nil, accuracy: MeterAccuracy? = nil
  ) -> [Sensor] {
    let averages = Self.indices(files, "power", "_average")
    let inputs = Self.indices(files, "power", "_input").filter { !averages.contains($0) }
    return (averages.map { ($0, "average") } + inputs.map { ($0, "input") }).map { index, suffix in
      let isAverage = suffix == "average"
      return sensor(
        "power\(index)_\(suffix)", scope: scope, label: label, unit: .microwatt,
        quantity: isAverage ? .averagePower : .instantaneousPower, period: period,
        window: isAverage ? window : nil, accuracy: accuracy)
    }
  }

  /// Energy counters; the driver takes in its 32-bit register only when read, so the poll is what repairs its wraps.
  private func energy(
    _ files: Set<String>, _ scope: (Int) -> (scope: Scope, label: String)?
  ) -> [Sensor] {
    Self.indices(files, "energy", "_input").compactMap { index in
      scope(index).map { found in
        sensor(
          "energy\(index)_input", scope: found.scope, label: "\(name) \(device) \(found.label)",
          unit: .microjoule, quantity: .energyCounter, period: Seconds(1), window: nil,
          accuracy: nil)
      }
    }
  }

  /// Any other chip: its scope is not known, so nothing is ever added to it.
  private func generic(_ files: Set<String>) -> [Sensor] {
    var sensors = energy(files) { (.unknown, self.label("energy\($0)")) }
    for index in Set(
      Self.indices(files, "power", "_input") + Self.indices(files, "power", "_average")
    ).sorted() {
      sensors += power(
        files.filter { $0.hasPrefix("power\(index)_") }, scope: .unknown,
        label: "\(name) \(label("power\(index)"))")
    }
    guard Self.pairedChips.contains(name) else { return sensors }
    let powers = Set(Self.indices(files, "power", "_input"))
    for index in Self.indices(files, "curr", "_input")
    where files.contains("in\(index)_input") && !powers.contains(index) {
      var pair = sensor(
        "in\(index)_input", scope: .unknown,
        label: "\(name) \(label("in\(index)")) voltage times current",
        unit: .microwatt, quantity: .instantaneousPower, period: Seconds(0.1), window: nil,
        accuracy: nil)
      pair = Sensor(
        channel: pair.channel, files: pair.files + ["\(base)/curr\(index)_input"],
        period: pair.period)
      sensors.append(pair)
    }
    return sensors
  }

  private func sensor(
    _ file: String, scope: Scope, label: String, unit: RawUnit, quantity: MeterQuantity,
    period: Seconds, window: Seconds?, accuracy: MeterAccuracy?
  ) -> Sensor {
    let isCounter = quantity == .energyCounter
    let kind: MeterKind =
      name == "amd_energy" ? .modelled : isCounter ? .measuredCounter : .measuredSampled
    return Sensor(
      channel: MeterChannel(
        descriptor: MeterDescriptor(
          id: MeterID(rawValue: "hwmon:\(name)/\(entry)/\(file)"), source: .hwmon, label: label,
          scope: scope, covers: cover(scope, file), part: "\(device)/\(file)", kind: kind,
          quantity: quantity,
          rawUnit: unit.symbol, resolution: nil, updatePeriod: window, averagingWindow: window,
          accuracy: accuracy
            ?? MeterAccuracy(
              gainBound: nil, source: "not published by the driver", isAssumed: false),
          privilege: "none"),
        rules: ChannelRules(
          unit: unit, maximumPower: Watts(20_000), tick: Seconds(1),
          gapLimit: Seconds(max(1, period.value * 3.5)))),
      files: ["\(base)/\(file)"], period: period)
  }
}
