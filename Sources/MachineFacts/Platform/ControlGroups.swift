internal import Model

/// Where the control groups of this process keep their files.
enum ControlGroups {
  static let root = "/sys/fs/cgroup"

  /// The folders of a controller for this process's groups and all above them, of both versions.
  static func folders(_ reader: FactReader, _ controller: String) -> [String] {
    var folders = [root, "\(root)/\(controller)"]
    if controller == "cpu" { folders.append(root + "/cpu,cpuacct") }
    for line in (reader.text("/proc/self/cgroup").value ?? "").split(separator: "\n") {
      // `0::/user.slice/...` or `4:cpu,cpuacct:/...`
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let isWanted = parts[1].split(separator: ",").contains { $0 == controller }
      guard parts[1].isEmpty || isWanted else { continue }
      var path = ""
      for part in parts[2].split(separator: "/").prefix(64) where part != ".." {
        path += "/" + part
        folders.append(parts[1].isEmpty ? root + path : "\(root)/\(parts[1])\(path)")
      }
    }
    return folders
  }
}
