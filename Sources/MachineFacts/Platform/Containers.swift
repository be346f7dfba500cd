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
    return .value(groupMarks.first { text.contains($0.mark) }?.name)
  }

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
