internal import Analysis
internal import Model
internal import Text

/// The leaderboard where it is too long for one page: an index with the best of each table, every table on pages of its own, lists of
/// all devices by name, and a page that searches them.
///
/// A table is what may be compared: one algorithm in one scope. So a figure that is added changes the pages of its own table only.
struct SiteTables {
  /// So many figures are one page, as of a collection of some hundred devices; a browser shows it in a moment.
  static let longestIndex = 1000
  private static let rowsOfPage = 500
  /// Of an index with many tables, at least so many rows of each.
  private static let leastRows = 3
  /// A browser shows so many lines within a second.
  private static let devicesOfPage = 5000

  private struct Table {
    let title: String
    let rows: [(entry: SiteEntry, address: String)]
    /// One for each page.
    let addresses: [String]
  }

  private let tables: [Table]
  private let devices: [(name: String, id: HardwareID, address: String)]

  init(_ entries: [SiteEntry], _ ranking: Ranking, addresses: [HardwareID: String]) {
    var places: [Figure: (section: Int, place: Int)] = [:]
    for (number, section) in ranking.sections.enumerated() {
      for (place, figure) in section.figures.enumerated() where places[figure] == nil {
        places[figure] = (number, place)
      }
    }
    var bySection: [[(place: Int, entry: SiteEntry)]] = ranking.sections.map { _ in [] }
    for entry in entries {
      guard let place = places[entry.figure] else { continue }
      bySection[place.section].append((place.place, entry))
    }
    var taken: Set<String> = ["index.html", "devices.html", Self.searchAddress]
    tables = zip(ranking.sections, bySection).map { section, members in
      let scope = section.scope?.rawValue ?? "no-energy"
      let epoch = section.work.epoch.map { "-\($0)" } ?? ""
      let name = "table-\(section.algorithm)\(epoch)-\(scope)"
      let pages = max(1, (members.count + Self.rowsOfPage - 1) / Self.rowsOfPage)
      return Table(
        title: "\(section.work), \(section.scope?.rawValue ?? "no energy")",
        rows: members.sorted { $0.place < $1.place }.map {
          ($0.entry, addresses[$0.entry.figure.hardwareID] ?? "")
        },
        addresses: (1...pages).map { page in
          Slug.unique(page == 1 ? name : "\(name)-page-\(page)", ending: ".html", &taken)
        })
    }
    var names: [HardwareID: String] = [:]
    for entry in entries where names[entry.figure.hardwareID] == nil {
      names[entry.figure.hardwareID] = entry.figure.deviceName
    }
    devices = names.map { ($1, $0, addresses[$0] ?? "") }
      .sorted { ($0.name.lowercased(), $0.id.rawValue) < ($1.name.lowercased(), $1.id.rawValue) }
  }

  var files: [SiteFile] { [index] + tables.flatMap(pages) + [search] + deviceLists }

  // MARK: - Index

  private var index: SiteFile {
    let each = max(Self.leastRows, Self.rowsOfPage / max(1, tables.count))
    let rows = tables.flatMap { $0.rows.prefix(each) }
    let count = tables.reduce(0) { $0 + $1.rows.count }
    let list = tables.map { table in
      HTML.element(
        "li", [], .link(table.title, to: table.addresses[0]),
        .text(": \(CountText.text(table.rows.count, "figure"))"))
    }
    let before = HTML.joined(
      [
        .element("h1", [], .text("Hashes per joule")),
        .element(
          "p", [("class", "lead")],
          .text(
            "Efficiency of hashing hardware: \(count) figures of \(CountText.text(devices.count, "device")), each with its interval, its "
              + "scope and what stands behind it.")),
        SiteIndex.advice,
        .element(
          "p", [],
          .link("Search all devices by name", to: Self.searchAddress),
          .text(", look through their "),
          .link("list", to: Self.listAddress(0)), .text(", or through a whole table:")),
        .element("ul", [], .joined(list, separator: "\n")),
      ], separator: "\n")
    return SiteFile(
      path: "index.html",
      text: SiteIndex.page(
        "Hashes per joule", rows, before: before,
        caption:
          "The best \(each) of each table, sorted by algorithm, scope and work per joule."))
  }

  // MARK: - Tables

  private func pages(of table: Table) -> [SiteFile] {
    table.addresses.enumerated().map { number, address in
      let start = number * Self.rowsOfPage
      let end = min(table.rows.count, start + Self.rowsOfPage)
      let way = Self.way(table.addresses, number)
      let before = HTML.joined(
        [
          Self.home, .element("h1", [], .text(table.title)),
          .element(
            "p", [("class", "lead")],
            .text("Figures \(start + 1) to \(end) of \(table.rows.count), by work per joule.")),
          SiteIndex.advice, way,
        ], separator: "\n")
      return SiteFile(
        path: address,
        text: SiteIndex.page(
          "\(table.title): hashes per joule", Array(table.rows[start..<end]), before: before,
          after: way, caption: "Sorted by work per joule."))
    }
  }

  private static let home = HTML.element("p", [], .link("The best of each table", to: "index.html"))

  /// Links to the pages beside one, the first and the last.
  private static func way(_ addresses: [String], _ number: Int) -> HTML {
    guard addresses.count > 1 else { return .empty }
    let last = addresses.count - 1
    let links: [(String, Int)] = [
      ("First", 0), ("Previous", number - 1), ("Next", number + 1), ("Last", last),
    ]
    let parts = links.map { title, target -> HTML in
      target == number || target < 0 || target > last
        ? .element("span", [("class", "faint")], .text(title))
        : .link(title, to: addresses[target])
    }
    return .element(
      "nav", HTML.attributes(["aria-label": "Pages"]),
      .text("Page \(number + 1) of \(addresses.count): "), .joined(parts, separator: " "))
  }

  // MARK: - Devices

  private static func listAddress(_ number: Int) -> String {
    number == 0 ? "devices.html" : "devices-\(number + 1).html"
  }

  private static let searchAddress = "search.html"

  /// A line for each device, which the page's script searches: name, identifier, and the page's address where that does not follow from
  /// the identifier.
  ///
  /// One text and no list: a browser makes a hundred thousand lines of a list in some ten seconds, and of a text in a moment.
  private var search: SiteFile {
    // Escaped text has neither tabulators nor ends of lines, whoever wrote it.
    let lines = devices.map { device in
      let usual = "devices/\(device.id.rawValue.replacing("/", with: "-")).html"
      let words =
        [device.name, device.id.rawValue]
        + (device.address == usual ? [] : [device.address])
      return HTML.joined(words.map(HTML.text), separator: "\t")
    }
    let body = HTML.joined(
      [
        Self.home, .element("h1", [], .text("Search all devices")),
        .element(
          "p", [("class", "lead")],
          .text("\(CountText.text(devices.count, "device")), by every word of name or identifier.")),
        .element(
          "p", [], .text("Without scripts this page cannot search: "),
          .link("all devices by name", to: Self.listAddress(0)), .text(".")),
        .element(
          "div", [("id", "controls"), ("class", "screen-only"), ("hidden", "hidden")], .empty),
        .element("p", [("id", "count"), ("class", "faint"), ("aria-live", "polite")], .empty),
        .element("ul", [("id", "found")], .empty),
        .element(
          "pre", [("id", "names"), ("hidden", "hidden")], .joined(lines, separator: "\n")),
      ], separator: "\n")
    return SiteFile(
      path: Self.searchAddress,
      text: HTMLPage(
        title: "Search all devices: hashes per joule", body: .element("main", [], body),
        extraStyles: [SiteIndex.style], script: SiteScript.search
      ).document)
  }

  /// All devices by name, readable without scripts.
  private var deviceLists: [SiteFile] {
    let starts = Array(stride(from: 0, to: devices.count, by: Self.devicesOfPage))
    let parts = starts.map { devices[$0..<min(devices.count, $0 + Self.devicesOfPage)] }
    let ranges = parts.map { "\($0.first?.name ?? "") to \($0.last?.name ?? "")" }
    return parts.enumerated().map { number, part in
      let items = part.map { device in
        HTML.element(
          "li", [], .link(device.name, to: device.address),
          .element("span", [("class", "faint")], .text(" \(device.id)")))
      }
      let others = parts.indices.map { other in
        HTML.element(
          "li", [],
          other == number
            ? .text(ranges[other]) : .link(ranges[other], to: Self.listAddress(other)))
      }
      let body = HTML.joined(
        [
          Self.home, .element("h1", [], .text("All devices")),
          .element(
            "p", [("class", "lead")],
            .text(
              "\(CountText.text(part.count, "device")) by name"
                + (parts.count > 1 ? ", \(ranges[number]), of \(devices.count)" : "") + ".")),
          .element("p", [], .link("Search all devices by name", to: Self.searchAddress)),
          parts.count > 1
            ? HTML.details("All pages", .element("ul", [], .joined(others, separator: "\n")))
            : .empty,
          Self.way(parts.indices.map(Self.listAddress), number),
          .element("ul", [("id", "names")], .joined(items, separator: "\n")),
        ], separator: "\n")
      return SiteFile(
        path: Self.listAddress(number),
        text: HTMLPage(
          title: "All devices: hashes per joule", body: .element("main", [], body),
          extraStyles: [SiteIndex.style]
        ).document)
    }
  }
}
