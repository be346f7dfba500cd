internal import LinuxSystem
internal import MeterCore
internal import Model

/// One chip's folder and the rules that its driver's name implies.
struct HwmonChip {
  let root: SystemRoot
  let base: String
  let entry: String
  let name: String
  /// What all ACPI meters of the machine say that they measure.
  var owners: [String] = []

  static let acpiName = "power_meter"

  init(root: SystemRoot, base: String, entry: String, name: String) {
    self.root = root
    self.base = base
    self.entry = entry
    self.name = name
  }

  /// A channel before its files are open.
  struct Sensor {
    let channel: MeterChannel
    let files: [String]
    let period: Seconds
    /// Another file of the same sensor, for drivers that show one that cannot be read.
    var fallback: [Sensor] = []

    /// The first of its files that gives a value which may be one.
    func usable(_ root: SystemRoot) -> Reading<PowerFileReader.Member> {
      let found = open(root).flatMap { member in
        PowerFileReader.read(member).flatMap { raw -> Reading<PowerFileReader.Member> in
          channel.refusal(of: raw).map { .unavailable($0) } ?? .value(member)
        }
      }
      if found.value != nil { return found }
      for sensor in fallback {
        if case .value(let member) = sensor.usable(root) { return .value(member) }
      }
      return found
    }

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

  /// Whether the chip shows a battery, which the battery source reads while it discharges; then why it is not read
  /// here, or nil where that source speaks for it.
  func battery(among batteries: [Battery]) -> Reason?? {
    func plain(_ name: String) -> String { name.lowercased().replacing("-", with: "_") }
    let path = (try? root.realPath("\(base)/device")) ?? ""
    let twin = batteries.first { plain($0.name) == plain(name) || path.hasSuffix("/\($0.name)") }
    if let twin {
      guard twin.status != Battery.discharging else { return .some(nil) }
      return Reason(
        .notMeasured,
        "hwmon \(name) is the battery \(twin.name), which is not discharging (\(twin.status)), so its power is not the machine's",
        remedy: twin.remedy)
    }
    let isNamedSo =
      name.hasPrefix("BAT") || name.hasPrefix("CMB") || name.hasPrefix("sbs-")
      || plain(name).contains("battery") || path.contains("/power_supply/")
    return isNamedSo ? .some(nil) : nil
  }

  func sensors() -> [Sensor] {
    let files = Set((try? root.names(base)) ?? [])
    switch name {
    case Self.acpiName: return acpiMeter(files)
    case "amdgpu" where isChipWithCPU(files):
      return power(
        files, scope: .unknown, label: "\(name) \(device) (the whole chip with its CPU)")
    case "amdgpu", "nouveau", "radeon":
      return power(files, scope: .gpuBoard, label: "\(name) \(device)")
    case "i915", "xe":
      return energy(files) { index in
        index == 1 ? (.gpuBoard, "card") : (.gpuChip, "chip")
      }
    case "fam15h_power":
      return power(
        files, scope: .cpuPackage, label: "\(name) (the processor's own estimate)",
        kind: .estimated)
    case "corsairpsu":
      return supply(files)
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
    case _ where name == Self.acpiName && scope != .unknown:
      .package(ACPIMeterPlace.socket(owner) ?? 0)
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

  private static let boardScopes: Set<Scope> = [.gpuBoard, .gpuChip]

  /// The boards of one device are one part, so that nothing of it is added to another channel of it.
  private func part(_ scope: Scope, _ file: String) -> String {
    Self.boardScopes.contains(scope) && device != entry ? device : "\(device)/\(file)"
  }

  // MARK: Rules

  /// ACPI000D: the average over an interval that the firmware states.
  private func acpiMeter(_ files: Set<String>) -> [Sensor] {
    // The largest number of 32 bits is ACPI's word for unknown.
    let interval = (try? root.integer("\(base)/power1_average_interval")).flatMap {
      $0 > 0 && $0 < 86_400_000 ? $0 : nil
    }
    let percent = (try? root.text("\(base)/power1_accuracy")).flatMap {
      Double($0.prefix { $0 != "%" })
    }
    let measured = ((try? root.names("\(base)/measures")) ?? []).joined(separator: " ")
    let details = [measured, owner].filter { !$0.isEmpty }.joined(separator: ", ")
    let accuracy = percent.map {
      MeterAccuracy(
        gainBound: max(0, 1 - $0 / 100), source: "ACPI power1_accuracy", isAssumed: false)
    }
    let period = Seconds(max(0.1, min(5, Double(interval ?? 1000) * 1e-3)))
    return power(
      files, scope: ACPIMeterPlace.scope(of: owner, among: owners),
      label: "ACPI power meter\(details.isEmpty ? "" : " (\(details))")",
      period: period, window: interval.map { Seconds(Double($0) * 1e-3) }, accuracy: accuracy)
  }

  /// What the firmware says that an ACPI meter measures; empty where it says nothing.
  var owner: String { (try? root.text("\(base)/power1_oem_info")) ?? "" }

  /// `powerN_average`, and `powerN_input` where that is absent or cannot be read.
  private func power(
    _ files: Set<String>, scope: Scope, label: String, period: Seconds = Seconds(0.1),
    window: Seconds? = nil, accuracy: MeterAccuracy? = nil, kind: MeterKind? = nil
  ) -> [Sensor] {
    let averages = Self.indices(files, "power", "_average")
    let inputs = Self.indices(files, "power", "_input")
    func sensor(_ index: Int, _ suffix: String) -> Sensor {
      let isAverage = suffix == "average"
      return self.sensor(
        "power\(index)_\(suffix)", scope: scope, label: label, unit: .microwatt,
        quantity: isAverage ? .averagePower : .instantaneousPower, period: period,
        window: isAverage ? window : nil, accuracy: accuracy, kind: kind)
    }
    return averages.map { index in
      var average = sensor(index, "average")
      if inputs.contains(index) { average.fallback = [sensor(index, "input")] }
      return average
    } + inputs.filter { !averages.contains($0) }.map { sensor($0, "input") }
  }

  /// A power supply that tells its whole output and its rails, which are parts of it.
  private func supply(_ files: Set<String>) -> [Sensor] {
    Self.indices(files, "power", "_input").flatMap { index in
      let label = label("power\(index)")
      return power(
        files.filter { $0.hasPrefix("power\(index)_") },
        scope: label.contains("total") ? .dcSystem : .unknown, label: "\(name) \(label)")
    }
  }

  /// The largest power that the device says it may have, for channel `index` or for the whole card.
  private func limit(_ index: Int) -> Watts? {
    let names = ["crit", "cap_max", "max", "rated_max"]
    let limits = Set([index, 1]).flatMap { number in
      names.compactMap { try? root.integer("\(base)/power\(number)_\($0)") }
    }
    return limits.filter { $0 > 0 && $0 < 20_000_000_000 }.max().map { Watts(Double($0) * 1e-6) }
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
    period: Seconds, window: Seconds?, accuracy: MeterAccuracy?, kind stated: MeterKind? = nil
  ) -> Sensor {
    let isCounter = quantity == .energyCounter
    let kind: MeterKind =
      stated ?? (name == "amd_energy" ? .modelled : isCounter ? .measuredCounter : .measuredSampled)
    let index = Int(file.drop { !$0.isNumber }.prefix { $0.isNumber }) ?? 1
    return Sensor(
      channel: MeterChannel(
        descriptor: MeterDescriptor(
          id: MeterID(rawValue: "hwmon:\(name)/\(entry)/\(file)"), source: .hwmon, label: label,
          scope: scope, covers: cover(scope, file), part: part(scope, file), kind: kind,
          quantity: quantity,
          rawUnit: unit.symbol, resolution: nil, updatePeriod: window, averagingWindow: window,
          accuracy: accuracy
            ?? MeterAccuracy(
              gainBound: nil, source: "not published by the driver", isAssumed: false),
          privilege: "none"),
        rules: ChannelRules(
          unit: unit,
          maximumPower: limit(index) ?? Watts(Self.boardScopes.contains(scope) ? 2000 : 20_000),
          // The drivers of GPUs take in their registers when they are read.
          tick: Self.boardScopes.contains(scope) ? nil : Seconds(1),
          gapLimit: Seconds(max(1, period.value * 3.5)))),
      files: ["\(base)/\(file)"], period: period)
  }
}
