internal import GPUBackend
internal import Model

/// What each device can compute here: detection knows no kernels, backends know no other devices.
struct DeviceCapabilities {
  /// Every algorithm of this program, in the order that people are shown.
  let algorithms: [AlgorithmID]
  /// Those of them that only devices behind drivers have kernels of.
  let onlyOnDevices: Set<AlgorithmID>
  /// What drivers show; nil where they were not asked.
  let gpus: GPUDevices?
  /// Whether the report is of the machine that this runs on.
  let isLive: Bool

  /// The report with each device's algorithms, and the verdict where they are what decides.
  func joined(with report: DetectionReport) -> DetectionReport {
    var report = report
    for index in report.devices.indices {
      let device = report.devices[index]
      let backend = gpus?.backends.first { $0.device == device.id }
      let isComputing = device.kind == .cpu || backend != nil
      let own = backend.map { backend in Set(backend.kernels().map(\.algorithm)) }
      report.devices[index].capabilities =
        isComputing ? algorithms.filter { own?.contains($0) ?? !onlyOnDevices.contains($0) } : []
      guard device.verdict == Device.undecided else { continue }
      report.devices[index].verdict =
        device.kind == .cpu ? "hashes; 'hashwatt kernels' lists what runs on it" : verdict(backend)
    }
    return report
  }

  private func verdict(_ backend: GPUBackend?) -> String {
    if let backend { return "hashes: \(backend.routes)" }
    if !isLive { return "detected only: the driver of a captured machine cannot be asked" }
    return gpus == nil
      ? "detected only: its driver was not asked"
      : "cannot hash: neither CUDA nor OpenCL shows it; 'hashwatt doctor' says why"
  }
}
