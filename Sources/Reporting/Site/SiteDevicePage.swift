internal import Analysis
internal import Economics
internal import Model

/// Everything that the site knows of one device.
enum SiteDevicePage {
  static func document(_ device: HardwareID, _ entries: [SiteEntry]) -> String {
    let name = entries.first?.figure.deviceName ?? device.rawValue
    let measured = entries.filter { $0.figure.provenance == .measured }
    let claimed = entries.filter { $0.figure.provenance == .claimed }
    let (grids, notes) = Ranking(entries.map(\.figure)).grids()
    let body = HTML.joined(
      [
        .element("p", [], .link("All devices", to: "../index.html")),
        .element("h1", [], .text(name)),
        .element(
          "p", [("class", "lead")],
          .text("\(device), \(entries.first?.figure.deviceKind.rawValue ?? "")")),
        .element("h2", [], .text("Figures")),
        .joined(grids.map { HTML.grid($0) }, separator: "\n"), .notes(notes),
        files(measured), sources(claimed),
      ], separator: "\n")
    return HTMLPage(title: "\(name): hashes per joule", body: .element("main", [], body)).document
  }

  /// Raw files, what is known of each, and how a reader checks it himself.
  private static func files(_ entries: [SiteEntry]) -> HTML {
    var seen: Set<String> = []
    let records = entries.filter { seen.insert($0.download).inserted }
    guard !records.isEmpty else { return .empty }
    let parts = records.map { entry -> HTML in
      let fileName = String(entry.download.dropFirst("data/".count))
      let command =
        entry.record.kind == .result
        ? "hashwatt verify --rescan 20 \(fileName)"
        : "hashwatt profile \(ShellText.words(entry.record.sources.map { "results/" + $0 }))"
      let explanation =
        entry.record.kind == .result
        ? "Hash its shares again:" : "Derive it again from the results that it names:"
      let proof = entry.verification
      let role: (StaticString, String) = ("class", proof.role.className ?? "plain")
      let state = HTML.element("span", [role], .text(proof.text))
      return .element("h3", [], .link(entry.record.fileName, to: "../" + entry.download))
        + .facts([("Verification", state)]) + .element("p", [], .text(explanation))
        + .element("pre", [], .text(command))
    }
    return .element("h2", [], .text("Raw files")) + .joined(parts, separator: "\n")
  }

  private static func sources(_ entries: [SiteEntry]) -> HTML {
    guard !entries.isEmpty else { return .empty }
    var seen: Set<String> = []
    let items = entries.compactMap { entry -> HTML? in
      let title = entry.figure.source.title ?? entry.record.fileName
      let address = entry.figure.source.address ?? ""
      guard seen.insert(title + address).inserted else { return nil }
      let isWeb = address.hasPrefix("https://") || address.hasPrefix("http://")
      let source: HTML =
        isWeb ? .link(title, to: address) : .text(address.isEmpty ? title : "\(title) (\(address))")
      return .element("li", [], source)
    }
    var files: Set<String> = []
    let raw = entries.filter { files.insert($0.download).inserted }.map {
      HTML.element("li", [], .link($0.record.fileName, to: "../" + $0.download))
    }
    var said: Set<String> = []
    let findings = entries.flatMap(\.record.findings)
      .map { "\($0.code.rawValue): \($0.text)" }.filter { said.insert($0).inserted }
    return .element("h2", [], .text("Sources of the claims"))
      + .element(
        "p", [], .text("Published by others, not measured; conflicting claims stand side by side."))
      + .element("ul", [], .joined(items)) + .element("ul", [], .joined(raw))
      + (findings.isEmpty
        ? .empty
        : .element("h2", [], .text("What the sanity rules say of the claims")) + .notes(findings))
  }
}
