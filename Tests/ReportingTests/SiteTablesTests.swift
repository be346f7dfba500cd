import Analysis
import Model
import Reporting
import Testing
import Verification

/// A leaderboard that is too long for one page.
struct SiteTablesTests {
  /// A claim of one of 700 devices, which no two share their rate of.
  private static func record(_ number: Int) -> SiteRecord {
    let algorithm: AlgorithmID = number.isMultiple(of: 10) ? .scrypt : .sha256d
    let path = "profiles/d\(number).json"
    let figure = Figure(
      source: FigureSource(
        kind: .profile, name: path, title: "Sheet", year: 2020 + number % 5,
        verification: VerificationState()),
      provenance: .claimed, deviceName: "Device <\(number)>",
      hardwareID: HardwareID(rawValue: "asic/d\(number)"), deviceKind: .asic,
      algorithm: algorithm, workUnit: .hash, kernel: nil, placement: nil,
      throughput: Bounded(1e12 + Double(number)), count: nil,
      energy: number.isMultiple(of: 7)
        ? .unavailable(Reason(.absent, "the source states no power"))
        : .value(
          EnergyFigure(
            scope: .wall, kind: nil, power: Bounded(3000),
            workPerJoule: Bounded(1e9 + Double(number) * 1000))),
      grade: nil, reasonsAgainstBetterGrade: [], suite: nil, isComplete: true)
    return SiteRecord(
      kind: .profile, path: path, bytes: [UInt8(number & 0xff)], figures: [figure],
      proof: .notChecked, sources: [])
  }

  private static func site(_ numbers: Range<Int>) -> [String: [UInt8]] {
    Dictionary(
      uniqueKeysWithValues: Site.files(numbers.map(record)).map { ($0.path, $0.bytes) })
  }

  /// The addresses that a page leads to.
  private static func links(_ page: String) -> [String] {
    page.matches(of: /href="([^"]*)"/).map { String($0.1) }
  }

  private static func text(_ bytes: [UInt8]?) -> String {
    String(decoding: bytes ?? [], as: UTF8.self)
  }

  private static func rows(_ page: String) -> Int { page.matches(of: /<tr data-origin/).count }

  @Test("up to a thousand figures are one page, more are tables of pages that lead to one another")
  func split() throws {
    let small = Self.site(0..<1000)
    #expect(small.keys.filter { $0.hasPrefix("table-") || $0.hasPrefix("devices.") }.isEmpty)
    #expect(Self.rows(Self.text(small["index.html"])) == 1000)
    let site = Self.site(0..<1500)
    let tables = site.filter { $0.key.hasPrefix("table-") }
    #expect(tables.count == 6)
    #expect(tables.values.reduce(0) { $0 + Self.rows(Self.text($1)) } == 1500)
    for (name, bytes) in site where name.hasSuffix(".html") && !name.contains("/") {
      let page = Self.text(bytes)
      #expect(Self.rows(page) <= 600, "\(name)")
      #expect(!page.contains("Device <"))
      for link in Self.links(page) where !link.hasPrefix("data:") && !link.hasPrefix("#") {
        #expect(site[link] != nil, "\(name) leads to \(link), which is not there")
      }
    }
    // From the index every page is reached by links alone.
    var reached: Set<String> = []
    var open = ["index.html"]
    while let name = open.popLast() {
      guard reached.insert(name).inserted else { continue }
      open += Self.links(Self.text(site[name])).filter {
        $0.hasSuffix(".html") && !$0.contains("/")
      }
    }
    #expect(reached == Set(site.keys.filter { $0.hasSuffix(".html") && !$0.contains("/") }))
  }

  @Test("all devices stand by name in one list, which is there without scripts")
  func devices() throws {
    let site = Self.site(0..<1200)
    let list = Self.text(site["devices.html"])
    #expect(list.matches(of: /<li><a href="devices\//).count == 1200)
    #expect(list.contains("Device &lt;77&gt;") && list.contains("asic/d77"))
    #expect(!list.contains("<script") && list.contains("href=\"search.html\""))
  }

  @Test("more devices than a page takes are several lists, every device on one of them")
  func lists() {
    let site = Self.site(0..<5100)
    let lists = ["devices.html", "devices-2.html"].map { Self.text(site[$0]) }
    let devices = lists.map { page in Set(Self.links(page).filter { $0.hasPrefix("devices/") }) }
    #expect(devices.map(\.count) == [5000, 100] && devices[0].isDisjoint(with: devices[1]))
    #expect(Self.links(lists[0]).contains("devices-2.html"))
    #expect(site["devices-3.html"] == nil)
  }

  @Test(
    "the page that searches holds every device in one text, and says what to do without scripts")
  func search() throws {
    let page = Self.text(Self.site(0..<1200)["search.html"])
    let names = try #require(
      page.firstMatch(of: /<pre id="names" hidden="hidden">([^<]*)<\/pre>/)?.1)
    let lines = names.split(separator: "\n")
    #expect(lines.count == 1200)
    #expect(lines.count { $0 == "Device &lt;77&gt;\tasic/d77" } == 1)
    #expect(page.contains("script-src 'unsafe-inline'") && !page.contains("src="))
    #expect(page.contains("Without scripts this page cannot search"))
  }

  @Test(
    "a device whose page does not follow from its identifier is found with its address, and names cannot make lines"
  )
  func addresses() throws {
    let odd = (0..<1100).map { number in
      var record = Self.record(number)
      if number == 5 {
        var figure = record.figures[0]
        figure.deviceName = "A\tname\nin lines"
        figure.hardwareID = HardwareID(rawValue: "asic/Ä D5")
        record = SiteRecord(
          kind: .profile, path: record.path, bytes: record.bytes, figures: [figure],
          proof: .notChecked, sources: [])
      }
      return record
    }
    let site = Dictionary(uniqueKeysWithValues: Site.files(odd).map { ($0.path, $0.bytes) })
    let page = Self.text(site["search.html"])
    let line = try #require(page.firstMatch(of: /A name in lines\tasic\/Ä D5\t([^\t\n<]*)/))
    #expect(site[String(line.1)] != nil)
    let names = try #require(
      page.firstMatch(of: /<pre id="names" hidden="hidden">([^<]*)<\/pre>/)?.1)
    #expect(names.split(separator: "\n").count == 1100)
  }

  @Test("the pages of one table tell the best first, over all of its pages")
  func order() throws {
    let site = Self.site(0..<1500)
    let first = Self.text(site["table-sha256d-wall.html"])
    let second = Self.text(site["table-sha256d-wall-page-2.html"])
    func values(_ page: String) -> [Double] {
      page.matches(of: /data-label="work\/J"[^>]*data-value="([^"]*)"/).compactMap {
        Double($0.1)
      }
    }
    let all = values(first) + values(second)
    #expect(all == all.sorted(by: >) && all.count > 500)
  }

  @Test("a figure of one table leaves the pages of the others as they are")
  func changes() throws {
    let before = Self.site(0..<1500)
    // 1510 is scrypt with energy.
    let after = Dictionary(
      uniqueKeysWithValues: Site.files((0..<1500).map(Self.record) + [Self.record(1510)]).map {
        ($0.path, $0.bytes)
      })
    for (name, bytes) in before where name.hasPrefix("table-sha256d") {
      #expect(after[name] == bytes, "\(name)")
    }
    #expect(after["table-scrypt-1024-1-1-wall.html"] != before["table-scrypt-1024-1-1-wall.html"])
  }
}
