internal import Model

/// What each kind of device can compute here: detection knows no kernels, backends know no other devices.
struct DeviceCapabilities {
  /// The algorithms of the backends' kernels, by the kind of device that they run on.
  let algorithms: [DeviceKind: [AlgorithmID]]

  /// The report with each device's algorithms, and the verdict where they are what decides.
  func joined(with report: DetectionReport) -> DetectionReport {
    var report = report
    for index in report.devices.indices {
      let kind = report.devices[index].kind
      let computed = algorithms[kind] ?? []
      report.devices[index].capabilities = computed
      guard report.devices[index].verdict == Device.undecided else { continue }
      report.devices[index].verdict =
        computed.isEmpty
        ? "detected only: this version has no \(kind == .gpu ? "GPU" : kind.rawValue) kernels"
        : "hashes; 'hashwatt kernels' lists what runs on it"
    }
    return report
  }
}
