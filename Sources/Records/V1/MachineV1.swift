package import Model

/// A machine as version 1 of the result format, and `detect --format json`, spell it.
package struct MachineV1: Codable {
  private var origin: WordV1<MachineOrigin>
  private var cpu: ReadingV1<CPUV1>
  private var memory: ReadingV1<MemoryV1>
  private var platform: PlatformV1
  private var operatingSystem: OperatingSystemV1

  private enum CodingKeys: String, CodingKey {
    case origin, cpu, memory, platform
    case operatingSystem = "operating_system"
  }

  package init(_ machine: Machine) {
    origin = WordV1(machine.origin)
    cpu = ReadingV1(machine.cpu, CPUV1.init)
    memory = ReadingV1(machine.memory, MemoryV1.init)
    platform = PlatformV1(machine.platform)
    operatingSystem = OperatingSystemV1(machine.operatingSystem)
  }

  package var domain: Machine {
    Machine(
      origin: origin.domain, cpu: cpu.reading(\.domain), memory: memory.reading(\.domain),
      platform: platform.domain, operatingSystem: operatingSystem.domain)
  }
}

private struct MemoryV1: Codable {
  var totalBytes: UInt64
  var type: ReadingV1<String>
  var speedMTps: ReadingV1<Int>

  enum CodingKeys: String, CodingKey {
    case type
    case totalBytes = "total_bytes"
    case speedMTps = "speed_mtps"
  }

  init(_ memory: MemoryDescription) {
    totalBytes = memory.total.value
    type = ReadingV1(memory.type)
    speedMTps = ReadingV1(memory.speedMTps)
  }

  var domain: MemoryDescription {
    MemoryDescription(
      total: ByteCount(totalBytes), type: type.domain, speedMTps: speedMTps.domain)
  }
}

private struct PlatformV1: Codable {
  var boardVendor: ReadingV1<String>
  var boardName: ReadingV1<String>
  var productName: ReadingV1<String>
  var firmwareVersion: ReadingV1<String>
  var firmwareDate: ReadingV1<String>
  /// JSON's null: known, and there is none.
  var hypervisor: ReadingV1<String?>
  var container: ReadingV1<String?>

  enum CodingKeys: String, CodingKey {
    case hypervisor, container
    case boardVendor = "board_vendor"
    case boardName = "board_name"
    case productName = "product_name"
    case firmwareVersion = "firmware_version"
    case firmwareDate = "firmware_date"
  }

  init(_ platform: PlatformDescription) {
    boardVendor = ReadingV1(platform.boardVendor)
    boardName = ReadingV1(platform.boardName)
    productName = ReadingV1(platform.productName)
    firmwareVersion = ReadingV1(platform.firmwareVersion)
    firmwareDate = ReadingV1(platform.firmwareDate)
    hypervisor = ReadingV1(platform.hypervisor)
    container = ReadingV1(platform.container)
  }

  var domain: PlatformDescription {
    PlatformDescription(
      boardVendor: boardVendor.domain, boardName: boardName.domain,
      productName: productName.domain, firmwareVersion: firmwareVersion.domain,
      firmwareDate: firmwareDate.domain, hypervisor: hypervisor.domain,
      container: container.domain)
  }
}

private struct OperatingSystemV1: Codable {
  var name: ReadingV1<String>
  var kernelRelease: ReadingV1<String>
  var kernelCommandLine: ReadingV1<String>
  var mitigations: ReadingV1<[String: String]>

  enum CodingKeys: String, CodingKey {
    case name, mitigations
    case kernelRelease = "kernel_release"
    case kernelCommandLine = "kernel_command_line"
  }

  init(_ system: OperatingSystemDescription) {
    name = ReadingV1(system.name)
    kernelRelease = ReadingV1(system.kernelRelease)
    kernelCommandLine = ReadingV1(system.kernelCommandLine)
    mitigations = ReadingV1(system.mitigations)
  }

  var domain: OperatingSystemDescription {
    OperatingSystemDescription(
      name: name.domain, kernelRelease: kernelRelease.domain,
      kernelCommandLine: kernelCommandLine.domain, mitigations: mitigations.domain)
  }
}
