internal import LinuxSystem
internal import MachineFacts
internal import Model

/// Frequency range and the settings around it.
struct FrequencySettings {
  var minimumHz: Reading<UInt64>
  var maximumHz: Reading<UInt64>
  /// By CPU number, where the kernel tells it.
  var maximumHzOfCPU: [Int: UInt64]
  var settings: [CPUSetting: Reading<StateValue>]

  init(_ reader: FactReader, onlineCPUs: [Int]) {
    let files = FrequencyFiles(reader, onlineCPUs: onlineCPUs)
    let absent = Reason(
      .absent,
      reader.root.isLive
        ? "the kernel shows no CPU frequency control here"
        : "the capture has no CPU frequency files")
    var maxima: [Int: UInt64] = [:]
    var lowest: UInt64?
    for policy in files.policies {
      if let minimum = files.hertz(.lowest, of: policy) {
        lowest = min(lowest ?? minimum, minimum)
      }
      guard let maximum = files.hertz(.highest, of: policy) else { continue }
      for cpu in policy.cpus { maxima[cpu] = maximum }
    }
    minimumHz = Reading(lowest, else: absent)
    maximumHz = Reading(maxima.values.max(), else: absent)
    maximumHzOfCPU = maxima

    var settings: [CPUSetting: Reading<StateValue>] = [:]
    let perPolicy: [(CPUSetting, FrequencyFiles.File)] = [
      (.governor, .governor), (.driver, .driver), (.energyPreference, .energyPreference),
    ]
    for (setting, file) in perPolicy {
      settings[setting] = FrequencySettings.common(files.texts(file), else: absent)
    }
    let base = files.policies.compactMap { files.hertz(.base, of: $0) }
    settings[.baseFrequency] = Reading(
      base.max().map { .integer(Int64(clamping: $0)) }, else: absent)
    settings[.turbo] = files.turbo().map { .flag($0) }
    settings[.multithreadingControl] = reader.text(MachinePath.multithreadingControl).map {
      .text($0)
    }
    settings[.driverStatus] = files.driverStatus().map { .text($0) }
    if let isolated = reader.text(MachinePath.isolatedCPUs).value {
      settings[.isolatedCPUs] = .value(.text(isolated))
    }
    self.settings = settings
  }

  /// The text that all policies share, or the different ones in alphabetical order.
  private static func common(_ texts: [Reading<String>], else absent: Reason)
    -> Reading<StateValue>
  {
    let values = Set(texts.compactMap(\.value))
    guard !values.isEmpty else {
      return .unavailable(texts.compactMap(\.reason).first ?? absent)
    }
    return .value(.text(values.sorted().joined(separator: ",")))
  }
}
