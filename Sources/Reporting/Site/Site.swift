internal import Analysis
internal import Model
internal import Verification

/// A static leaderboard: an index, a page for each device, and the raw files; where there are too many figures for one page, tables
/// of several pages and a list of all devices.
package enum Site {
  /// Every file of the site, the index first.
  ///
  /// The same records give the same bytes.
  package static func files(_ records: [SiteRecord]) -> [SiteFile] {
    var taken: Set<String> = []
    let downloads = records.map { record in
      "data/" + Slug.unique(record.fileName, ending: ".json", &taken)
    }
    let entries = zip(records, downloads).flatMap { record, download in
      // What a counter and its own samples say of one scope is one line, as in every table.
      Figure.withoutTwins(record.figures).map {
        SiteEntry(figure: $0, record: record, download: download)
      }
    }
    let byDevice = Dictionary(grouping: entries) { $0.figure.hardwareID }
    let devices = byDevice.keys.sorted { $0.rawValue < $1.rawValue }
    var pages: Set<String> = []
    let addresses = Dictionary(
      uniqueKeysWithValues: devices.map { device in
        (device, "devices/" + Slug.unique(device.rawValue, ending: ".html", &pages))
      })
    let best = entries.filter(\.figure.source.isBestSupported)
    let ranking = Ranking(best.map(\.figure))
    let index =
      best.count <= SiteTables.longestIndex
      ? [
        SiteFile(
          path: "index.html", text: SiteIndex.document(best, addresses: addresses))
      ] : SiteTables(best, ranking, addresses: addresses).files
    let neighbours = SiteNeighbours(ranking)
    let devicePages = devices.map { device in
      SiteFile(
        path: addresses[device] ?? "",
        text: SiteDevicePage.document(
          device, byDevice[device] ?? [], among: neighbours, addresses: addresses))
    }
    let raw = zip(records, downloads).map { SiteFile(path: $1, bytes: $0.bytes) }
    return index + devicePages + raw
  }
}

/// One line of the leaderboard and the file behind it.
struct SiteEntry {
  let figure: Figure
  let record: SiteRecord
  /// Address of the raw file from the site's root.
  let download: String

  /// Whether its file is known to be false.
  var isRefuted: Bool {
    switch record.proof {
    case .refuted: true
    default: false
    }
  }

  /// What it is, in the room of a table's cell.
  var standing: String {
    if figure.provenance == .claimed {
      let year = figure.source.year.map { " \($0)" } ?? ""
      return "claim\(year)" + (figure.source.confidence.map { ", \($0)" } ?? "")
    }
    let grade = figure.grade.map { "\($0.rawValue), " } ?? ""
    switch record.proof {
    case .proven, .derived(true): return grade + "proven"
    case .derived(false): return grade + "derived"
    case .refuted: return grade + "FALSE"
    case .resultAbsent, .notChecked: return grade + "not checked"
    }
  }

  /// What a reader may believe, in words; never just a number.
  var verification: (text: String, role: Grid.Role) {
    if figure.provenance == .claimed {
      let care = figure.source.confidence.map { ", \($0) confidence" } ?? ""
      let year = figure.source.year.map { " of \($0)" } ?? ""
      return ("claim\(year)\(care), not measured", .doubtful)
    }
    let state = figure.source.verification
    let shares = state.sharesFound.map { "\($0) shares" } ?? "no shares"
    let challenge =
      state.challengeWasGiven == true
      ? "challenge given by others" : "challenge chosen by its maker"
    let log = state.hasRawLog == true ? "raw log named" : "no raw log"
    switch record.proof {
    case .proven: return ("\(shares) verified, \(challenge), \(log)", .good)
    case .derived(true):
      return ("derived again from its results, \(shares) verified, \(challenge), \(log)", .good)
    case .derived(false):
      let text = "derived again from its results, \(shares) not checked here"
      return ("\(text), \(challenge), \(log)", .doubtful)
    case .resultAbsent(let name):
      return ("not checked, \(name) is not here; \(shares), \(challenge), \(log)", .doubtful)
    case .refuted(let what): return ("FALSE: \(what)", .bad)
    case .notChecked: return ("\(shares) not checked here, \(challenge), \(log)", .doubtful)
    }
  }
}
