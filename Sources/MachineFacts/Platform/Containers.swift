internal import LinuxSystem
package import Model

/// Whether this process or capture is inside of a container.
package enum Containers {
  /// The container's name, such as `docker`; nil for none; unavailable where nothing tells.
  package static func name(_ reader: FactReader) -> Reading<String?> {
    if reader.root.exists(podmanMark) { return .value("podman") }
    if reader.root.exists(dockerMark) { return .value("docker") }
    if let name = reader.text(systemdMark).value { return .value(name) }
    let files = groupFiles.map { reader.text($0) }
    let texts = files.compactMap(\.value)
    guard !texts.isEmpty else {
      return .unavailable(
        files.compactMap(\.reason).first ?? .notCaptured("whether it is a container"))
    }
    let text = texts.joined(separator: "\n")
    if let mark = groupMarks.first(where: { text.contains($0.mark) }) { return .value(mark.name) }
    // Inside of a group namespace the path is the root's; then the root's file system tells.
    if let mark = rootMark(reader) { return .value(mark) }
    guard text.split(separator: "\n").allSatisfy({ $0.hasSuffix(":/") }) else { return .value(nil) }
    return .unavailable(
      Reason(.absent, "nothing tells whether this is inside of a container"))
  }

  /// The mounts of this process, one a line.
  package static let mountsFile = "/proc/self/mountinfo"

  /// The container by the overlay that its root is; nil where the root is none of a known engine.
  private static func rootMark(_ reader: FactReader) -> String? {
    guard let text = reader.text(mountsFile).value else { return nil }
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      // number, parent, device, root, mount point, ..., "-", type, source, options
      guard words.count > 6, words[4] == "/", let dash = words.firstIndex(of: "-"),
        dash + 1 < words.count, words[dash + 1].contains("overlay")
      else { continue }
      return overlayMarks.first { line.contains($0.mark) }?.name
    }
    return nil
  }

  /// What the layers of a root's overlay tell of the engine that made it.
  package static let overlayMarks: [(mark: String, name: String)] = [
    ("containerd", "containerd"), ("/docker/", "docker"), ("containers/storage", "podman"),
    ("/buildkit/", "buildkit"), ("/kubelet/", "kubernetes"), ("/lxc/", "lxc"),
  ]

  package static let podmanMark = "/run/.containerenv"
  package static let dockerMark = "/.dockerenv"
  package static let systemdMark = "/run/systemd/container"
  /// The control groups of the first process and of this one.
  package static let groupFiles = ["/proc/1/cgroup", "/proc/self/cgroup"]

  /// What the path of a control group tells of the container around it.
  package static let groupMarks: [(mark: String, name: String)] = [
    ("kubepods", "kubernetes"), ("libpod", "podman"), ("docker", "docker"), ("lxc", "lxc"),
    ("containerd", "containerd"), ("machine.slice/machine-", "systemd-nspawn"),
  ]
}
