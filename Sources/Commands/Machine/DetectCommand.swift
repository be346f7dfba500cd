package import Arguments
package import Model
internal import Records
internal import Reporting

/// `hashwatt detect`: what this machine is, or what captures of another one say.
package enum DetectCommand: Subcommand {
  static let format = Option(
    "format", "FORMAT", .oneOf(["text", "json"]), "Output format; text unless given.")
  static let capture = Option(
    "capture", "DIR", .folder,
    "Write what was read into a new folder, without anything personal, for a bug report.")
  static let hwlocXML = Option(
    "hwloc-xml", "FILE", .file, "Take the CPU from a topology that hwloc exported.")
  static let pciDump = Option(
    "pci-dump", "FILE", .file, "Take PCI devices from the output of 'lspci -xxxx'.")

  package static let description = CommandDescription(
    name: "detect", summary: "show the CPU, the GPUs and everything else that could hash",
    discussion: """
      Reads the CPU through hwloc and /proc, PCI devices through libpci and USB devices through sysfs. Where there is a \
      GPU, a process of its own asks the drivers of CUDA and OpenCL whether it can hash; nothing else is opened or woken \
      up.

      With --sysroot, --hwloc-xml or --pci-dump it describes another machine from captures, in any combination; then \
      nothing is read from the present machine, and what was not captured is shown as not known.
      """,
    options: [format] + captureOptions + [capture],
    examples: [
      "hashwatt detect", "hashwatt detect --format json",
      "hashwatt detect --capture my-machine",
      "hashwatt detect --pci-dump rig.lspci --hwloc-xml rig.xml",
    ])

  /// The captures that stand for the machine.
  static var captureOptions: [any CommandOption] {
    [SysrootOption.option, hwlocXML, pciDump]
  }

  package static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws
    -> ExitCode
  {
    _ = try SysrootOption.root(arguments)
    let captures = try Captures.tried(arguments, context)
    if let folder = arguments[Self.capture] {
      return try capture(captures, to: folder, context)
    }
    let report = try captures.report(context)
    if arguments[Self.format] == "json" {
      let bytes = try DetectionFile.encode(report)
      try context.output.write(String(decoding: bytes, as: UTF8.self))
    } else {
      try context.output.write(DetectionText(report, width: context.output.width).text())
    }
    return .done
  }

  private static func capture(
    _ captures: Captures, to folder: String, _ context: CommandContext
  ) throws -> ExitCode {
    let gaps = try captures.write(to: folder)
    for gap in gaps {
      try context.notes.write("hashwatt: not captured: \(gap.message)\n")
    }
    try context.output.write(
      "captured to \(folder); look through it before you give it away, and replay it with\n"
        + "  hashwatt detect --sysroot \(folder)\n")
    return .done
  }
}
