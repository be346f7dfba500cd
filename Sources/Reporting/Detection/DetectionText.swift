package import Model
internal import Text

/// What detection found, for a person at a terminal.
package struct DetectionText {
  private let report: DetectionReport
  private let width: Int
  private var lines: [String] = []

  /// Long sentences are broken at `width` columns.
  package init(_ report: DetectionReport, width: Int) {
    self.report = report
    self.width = max(60, width)
  }

  /// The whole view, with a newline at its end.
  package func text() -> String {
    var view = self
    if let summary = DeviceGroup.summary(report.devices) {
      view.lines += DisplayText.wrapped(summary, to: width) + [""]
    }
    view.addMachine()
    view.addCPU()
    view.addDevices()
    view.addGaps()
    return view.lines.map { DisplayText.visible($0) }.joined(separator: "\n") + "\n"
  }

  // MARK: - Machine

  private mutating func addMachine() {
    let machine = report.machine
    let platform = machine.platform
    heading(
      machine.origin == .live ? "Machine" : "Machine, from captures (nothing of this one)")
    fact("board", joined([platform.boardVendor.value, platform.boardName.value]))
    if platform.productName.value != platform.boardName.value {
      fact("product", platform.productName.value)
    }
    fact(
      "firmware",
      platform.firmwareVersion.value.map { version in
        version + (platform.firmwareDate.value.map { ", \($0)" } ?? "")
      })
    fact(
      "system",
      joined([
        machine.operatingSystem.name.value, machine.operatingSystem.kernelRelease.value,
      ]))
    switch platform.hypervisor {
    case .value(let hypervisor):
      fact(
        "virtual",
        hypervisor.map { $0 == "unknown" ? "yes" : "yes, under \($0)" } ?? "no")
    case .unavailable: fact("virtual", "not known")
    }
    if case .value(let container?) = platform.container { fact("container", container) }
    if let memory = machine.memory.value {
      let type = [memory.type.value, memory.speedMTps.value.map { "\($0) MT/s" }]
      fact("memory", joined([QuantityText.bytes(memory.total.value)] + type))
    }
    if let parameters = machine.operatingSystem.kernelCommandLine.value, !parameters.isEmpty {
      fact("kernel set", parameters)
    }
    fact("mitigations", mitigations(machine.operatingSystem.mitigations.value))
  }

  /// How many vulnerabilities are mitigated in software, which costs time, and which are open.
  private func mitigations(_ list: [String: String]?) -> String? {
    guard let list, !list.isEmpty else { return nil }
    let active = list.filter { $0.value.contains("Mitigation") }.keys.sorted()
    let open = list.filter { $0.value.hasPrefix("Vulnerable") }.keys.sorted()
    var parts = ["\(active.count) active" + (active.isEmpty ? "" : " (\(names(active)))")]
    if !open.isEmpty { parts.append("\(open.count) open (\(names(open)))") }
    return parts.joined(separator: ", ")
  }

  private func names(_ list: [String]) -> String { list.joined(separator: ", ") }

  // MARK: - CPU

  private mutating func addCPU() {
    guard let cpu = report.machine.cpu.value else { return }
    lines.append("")
    let model = cpu.modelName.value ?? "model not known"
    let sample = EngineeringSample.isNamed(by: model) ? ", an engineering sample" : ""
    heading("CPU: \(model)\(sample)")
    // To be copied whole, so never broken.
    lines.append(
      "  \(DisplayText.padded("identifier", to: 13, rightAligned: false)) \(cpu.hardwareID.rawValue)"
    )
    fact("counts", counts(cpu))
    for line in CPUTree.lines(cpu) { addTree(line) }
    fact("caches", cpu.caches.value.map { caches($0) })
    for kind in cpu.coreKinds.value ?? [] {
      let speed = kind.maximumFrequencyHz.map { ", up to \(QuantityText.hertz($0))" } ?? ""
      let type = kind.coreType.map { " (\($0))" } ?? ""
      fact(
        "\(kind.name)-cores",
        "\(kind.cores)\(type), CPUs \(CPUList.text(kind.cpus))\(speed)")
    }
    fact("instructions", cpu.features.value.map { $0.isEmpty ? "none that matter" : names($0) })
    fact("clock", clock(cpu))
    fact("control", control(cpu))
    if let offline = cpu.offlineCPUs.value, !offline.isEmpty {
      fact("offline", "CPUs \(CPUList.text(offline))")
    }
    if let allowed = cpu.allowedCPUs.value, allowed.count < cpu.onlineCPUs.count {
      fact("allowed", "only CPUs \(CPUList.text(allowed))\(usable(cpu))")
    }
    if let quota = cpu.cpuQuota {
      let whole = quota == quota.rounded()
      let threads = max(1, Int(quota))
      fact(
        "quota",
        "CPU time of \(DecimalText.fixed(quota, decimals: whole ? 0 : 2)) CPUs: 'run' uses "
          + "\(CountText.text(threads, "thread")) unless told otherwise")
    }
    for (setting, what) in [
      (CPUSetting.gpuMemoryNodes, "of GPUs, no main memory"),
      (.highBandwidthNodes, "high-bandwidth memory"), (.expansionNodes, "memory behind CXL"),
    ] {
      if case .text(let nodes)? = cpu.settings[setting]?.value {
        fact("NUMA nodes", "\(nodes): \(what)")
      }
    }
  }

  /// Caches of one name and size counted together, however many threads share one.
  private func caches(_ list: [CacheDescription]) -> String {
    var order: [String] = []
    var counts: [String: Int] = [:]
    for cache in list {
      let name = "\(cache.name) \(QuantityText.bytes(cache.size.value))"
      if counts[name] == nil { order.append(name) }
      counts[name, default: 0] += cache.count
    }
    return order.map { "\($0) x \(counts[$0] ?? 0)" }.joined(separator: ", ")
  }

  /// How much of the machine the allowed CPUs are.
  private func usable(_ cpu: CPUDescription) -> String {
    let nouns: [(String, CPUSetting)] = [
      ("package", .usablePackages), ("core", .usableCores), ("thread", .usableThreads),
    ]
    let parts = nouns.compactMap { noun, setting -> String? in
      guard case .integer(let count)? = cpu.settings[setting]?.value else { return nil }
      return CountText.text(Int(count), noun)
    }
    return parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
  }

  private func counts(_ cpu: CPUDescription) -> String {
    var parts: [String] = []
    if let packages = cpu.packages.value { parts.append(CountText.text(packages, "package")) }
    if let dies = cpu.dies.value, dies != cpu.packages.value {
      parts.append(CountText.text(dies, "die"))
    }
    if let cores = cpu.cores.value { parts.append(CountText.text(cores, "core")) }
    parts.append(CountText.text(cpu.threads, "thread"))
    if let smt = cpu.simultaneousMultithreading.value {
      parts.append(smt ? "several threads a core" : "one thread a core")
    }
    return parts.joined(separator: ", ")
  }

  private func clock(_ cpu: CPUDescription) -> String? {
    guard let maximum = cpu.maximumFrequencyHz.value else { return nil }
    let minimum = cpu.minimumFrequencyHz.value.map { "\(QuantityText.hertz($0)) to " } ?? "up to "
    return minimum + QuantityText.hertz(maximum)
  }

  private func control(_ cpu: CPUDescription) -> String? {
    var parts: [String] = []
    for name: CPUSetting in [.driver, .governor, .energyPreference] {
      if case .text(let text)? = cpu.settings[name]?.value { parts.append("\(name) \(text)") }
    }
    if case .flag(let on)? = cpu.settings[.turbo]?.value {
      parts.append("turbo \(on ? "on" : "off")")
    }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  // MARK: - Devices

  private mutating func addDevices() {
    lines.append("")
    let others = report.devices.filter { $0.kind != .cpu }
    let functions = report.pciFunctions.value.map {
      " (of \(CountText.text($0, "PCI function")))"
    }
    let none =
      switch (functions, report.machine.cpu.value) {
      case (nil, _): ": not looked for on a PCI bus, and no other was found"
      case (_, nil): ": none that computes"
      default: ": none besides the CPU"
      }
    heading("Devices\(others.isEmpty ? none : "")\(functions ?? "")")
    for group in DeviceGroup.groups(others) { add(group) }
  }

  private mutating func add(_ group: DeviceGroup) {
    let device = group.first
    let indent = "      "
    if group.devices.count == 1 {
      lines.append("  \(device.id.rawValue)  \(device.name)  [\(device.kind.rawValue)]")
    } else {
      lines.append("  \(group.devices.count) x \(device.name)  [\(device.kind.rawValue)]")
      paragraph(group.devices.map(\.id.rawValue).joined(separator: " "), indent: indent)
    }
    lines.append(indent + device.hardwareID.rawValue)
    let facts = DeviceFacts.line(device, withPlace: group.devices.count == 1)
    if !facts.isEmpty { paragraph(facts, indent: indent) }
    paragraph(device.verdict, indent: indent)
    for notice in device.notices {
      let text =
        group.devices.count == 1 ? notice.message : DeviceGroup.withoutPlace(notice.message)
      add(Reason(notice.code, text, remedy: notice.remedy), mark: "!", indent: indent)
    }
  }

  // MARK: - What is not known

  private mutating func addGaps() {
    guard !report.gaps.isEmpty else { return }
    lines.append("")
    heading("Not known, and how to make it readable")
    for gap in report.gaps { add(gap, mark: "-", indent: "  ") }
  }

  // MARK: - Layout

  /// A line of the tree; what does not fit goes on below its text.
  private mutating func addTree(_ line: String) {
    let branch = String(line.prefix { "│├└─ ".contains($0) })
    let rest = String(line.dropFirst(branch.count))
    let below = branch.replacing("├─", with: "│ ").replacing("└─", with: "  ")
    // Long lists of CPUs go on after a comma.
    let words = rest.count > width - 4 ? rest.replacing(",", with: ", ") : rest
    for (index, part) in DisplayText.wrapped(words, to: width - 2 - branch.count).enumerated() {
      lines.append("  " + (index == 0 ? branch : below) + part)
    }
  }

  private mutating func heading(_ text: String) { lines.append(text) }

  private mutating func fact(_ name: String, _ value: String?) {
    guard let value, !value.isEmpty else { return }
    let label = "  " + DisplayText.padded(name, to: 13, rightAligned: false) + " "
    for (index, line) in DisplayText.wrapped(value, to: width - 16).enumerated() {
      lines.append((index == 0 ? label : String(repeating: " ", count: 16)) + line)
    }
  }

  private mutating func paragraph(_ text: String, indent: String) {
    for line in DisplayText.wrapped(text, to: width - indent.count) { lines.append(indent + line) }
  }

  private mutating func add(_ reason: Reason, mark: String, indent: String) {
    let text = reason.remedy.map { "\(reason.message): \($0)" } ?? reason.message
    for (index, line) in DisplayText.wrapped(text, to: width - indent.count - 2).enumerated() {
      lines.append(indent + (index == 0 ? "\(mark) " : "  ") + line)
    }
  }

  private func joined(_ parts: [String?]) -> String? {
    let parts = parts.compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }
}
