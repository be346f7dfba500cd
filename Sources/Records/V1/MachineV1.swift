package import JSON
package import Model

extension Machine: Record {
  package static var recordName: String { "machine" }
  package static var recordMeaning: String {
    "The computer. No serial number, host name or address is kept."
  }

  package static func fields(_ field: inout some FieldList<Machine>) throws(JSONProblem) -> Machine
  {
    Machine(
      origin: try field("origin", \.origin, "Where the facts were read."),
      cpu: try field("cpu", \.cpu, "Its processors."),
      memory: try field("memory", \.memory, "Its main memory."),
      platform: try field("platform", \.platform, "Its board and firmware."),
      operatingSystem: try field(
        "operating_system", \.operatingSystem, "What runs on it."))
  }
}

extension MemoryDescription: Record {
  package static var recordName: String { "memory" }
  package static var recordMeaning: String { "Main memory." }

  package static func fields(
    _ field: inout some FieldList<MemoryDescription>
  ) throws(JSONProblem) -> MemoryDescription {
    MemoryDescription(
      total: try field("total_bytes", \.total, "All of it.", .atLeast(1)),
      type: try field("type", \.type, "Such as `DDR5`."),
      speedMTps: try field(
        "speed_mtps", \.speedMTps, "Millions of transfers a second.", .atLeast(1)))
  }
}

extension PlatformDescription: Record {
  package static var recordName: String { "platform" }
  package static var recordMeaning: String {
    "Board, firmware and what stands between us and the hardware."
  }

  package static func fields(
    _ field: inout some FieldList<PlatformDescription>
  ) throws(JSONProblem) -> PlatformDescription {
    PlatformDescription(
      boardVendor: try field("board_vendor", \.boardVendor, "Maker of the board."),
      boardName: try field("board_name", \.boardName, "Model of the board."),
      productName: try field("product_name", \.productName, "Model of the machine."),
      firmwareVersion: try field("firmware_version", \.firmwareVersion, "As the firmware says."),
      firmwareDate: try field("firmware_date", \.firmwareDate, "As the firmware says."),
      hypervisor: try field(
        "hypervisor", \.hypervisor, "`kvm`, `xen`, ...; null: the machine is real."),
      container: try field("container", \.container, "`docker`, `lxc`, ...; null: there is none."))
  }
}

extension OperatingSystemDescription: Record {
  package static var recordName: String { "operating_system" }
  package static var recordMeaning: String {
    "The kernel and what of its configuration changes hashing or metering."
  }

  package static func fields(
    _ field: inout some FieldList<OperatingSystemDescription>
  ) throws(JSONProblem) -> OperatingSystemDescription {
    OperatingSystemDescription(
      name: try field("name", \.name, "The distribution."),
      kernelRelease: try field("kernel_release", \.kernelRelease, "Release of the kernel."),
      kernelCommandLine: try field(
        "kernel_command_line", \.kernelCommandLine,
        "Only parameters that change hashing or metering."),
      mitigations: try field(
        "mitigations", \.mitigations, "Name of each vulnerability and what is done about it."))
  }
}
