internal import MachineFacts

/// Takes personal data out of files that a capture holds.
enum CaptureFilter {
  static func filtered(_ bytes: [UInt8], path: String) -> [UInt8] {
    switch path {
    case "/proc/cpuinfo": cpuInfo(bytes)
    case "/proc/cmdline": line(KernelParameters.relevant(in: text(bytes)))
    case "/proc/1/cgroup", "/proc/self/cgroup": line("0::/" + containerMark(text(bytes)))
    // Only that the file is there says something.
    case "/run/.containerenv", "/.dockerenv": []
    case Containers.mountsFile: line(rootMount(text(bytes)))
    case "/sys/firmware/dmi/tables/DMI": memoryModules(bytes)
    default: bytes
    }
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
  private static func line(_ text: String) -> [UInt8] { Array((text + "\n").utf8) }

  /// Small boards print their serial number.
  private static func cpuInfo(_ bytes: [UInt8]) -> [UInt8] {
    bytes.split(separator: 0x0a, omittingEmptySubsequences: false).filter { line in
      !text(Array(line)).lowercased().hasPrefix("serial")
    }.map(Array.init).joined(separator: [0x0a]).map { $0 }
  }

  /// The word that tells the kind of container, without the container's or the user's number.
  private static func containerMark(_ text: String) -> String {
    Containers.groupMarks.first { text.contains($0.mark) }?.mark ?? ""
  }

  /// The root's mount with the engine's mark alone: layers hold numbers of containers, mounts names of disks and people.
  private static func rootMount(_ text: String) -> String {
    for mount in text.split(separator: "\n") {
      let words = mount.split(separator: " ")
      guard words.count > 6, words[4] == "/", let dash = words.firstIndex(of: "-"),
        dash + 1 < words.count
      else { continue }
      let mark = Containers.overlayMarks.first { mount.contains($0.mark) }?.mark ?? ""
      return "1 0 0:1 / / rw - \(words[dash + 1]) root rw,lowerdir=\(mark)"
    }
    return ""
  }

  /// The structures of memory modules without their texts, which hold serial numbers.
  private static func memoryModules(_ bytes: [UInt8]) -> [UInt8] {
    var kept: [UInt8] = []
    MemoryModules.forEachModule(bytes) { structure in
      // Manufacturer, serial number, asset tag and part number are numbers of texts that follow.
      var structure = structure
      for offset in [0x10, 0x11, 0x17, 0x18, 0x19, 0x1a, 0x2b]
      where offset < structure.count { structure[offset] = 0 }
      kept += structure + [0, 0]
    }
    return kept + [127, 4, 0, 0, 0, 0]
  }
}
