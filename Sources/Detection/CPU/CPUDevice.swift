internal import Model

/// The CPU as a device among the others.
enum CPUDevice {
  static func device(_ cpu: CPUDescription) -> Device {
    Device(
      id: .cpu, kind: .cpu, hardwareID: cpu.hardwareID,
      name: cpu.modelName.value ?? "unknown CPU",
      capabilities: [.sha256d, .scrypt, .keccak256],
      verdict: "hashes; 'hashwatt kernels' lists what runs on it")
  }
}
