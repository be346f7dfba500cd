internal import Analysis
internal import Fleet
internal import Model
internal import Text

/// One node in one series of its group: a line of every form.
struct FleetRow {
  let node: String
  let work: WorkIdentity
  let kernel: KernelID?
  let placement: PlacementName?
  let throughput: (SisterComparison, SisterValue)?
  let efficiency: (SisterComparison, SisterValue)?
  let reasons: [String]

  /// The verdict that a reader must see first.
  var verdict: SisterVerdict {
    let verdicts = [throughput?.1.verdict, efficiency?.1.verdict].compactMap(\.self)
    return [.slow, .tooGood, .equal].first(where: verdicts.contains) ?? .cannotTell
  }

  /// Whether the row is worth a line where there are many, or a group for each value of a setting.
  func isShown(among group: SisterGroup) -> Bool {
    verdict == .slow || verdict == .tooGood
      || (group.setting == nil && (2...Self.mostShown).contains(group.nodes.count))
  }

  /// As many lines of equal nodes as a person reads.
  static let mostShown = 16

  var series: String { work.series(kernel, placement) }

  /// The verdict in words: an efficiency that stands out is first of all a meter that does.
  var verdictText: String {
    guard let efficiency, verdict != .equal, verdict != .cannotTell else { return verdict.text }
    let other = throughput?.1.verdict
    return efficiency.1.verdict == verdict && other != verdict
      ? "\(verdict.text) per joule: check the meter" : verdict.text
  }

  var why: String { reasons.joined(separator: "; ") }
}

extension SisterVerdict {
  var text: String {
    switch self {
    case .equal: "as its sisters"
    case .slow: "slow"
    case .tooGood: "too good"
    case .cannotTell: "cannot tell"
    }
  }

  var role: Grid.Role {
    switch self {
    case .equal: .good
    case .slow: .bad
    case .tooGood: .doubtful
    case .cannotTell: .faint
    }
  }
}

extension SisterComparison {
  var series: String { work.series(kernel, placement) }

  /// With the number of workers, by which a series is told from others.
  var longTitle: String { placement.map { "\(title) \($0)" } ?? title }

  /// `rate`, `work/J, cpu-package`.
  var quantityText: String {
    quantity == .throughput ? "rate" : "work/J" + (scope.map { ", \($0)" } ?? "")
  }

  func text(_ value: Double) -> String {
    quantity == .throughput
      ? RateText.text(Rate(perSecond: value, unit: work.unit))
      : RateText.text(Efficiency(perJoule: value, unit: work.unit))
  }
}

extension BaseRatio {
  /// `-4.81 ± 0.40 %, below`.
  var text: String {
    let number = DecimalText.fixed(deviation * 100, decimals: 2)
    let half = DecimalText.fixed((upper - lower) * 50, decimals: 2)
    return "\(deviation >= 0 ? "+" : "")\(number) ± \(half) %" + (isBelow ? ", below" : "")
  }
}

extension SisterValue {
  /// `-4.81 ± 0.40 %`.
  var deviationText: String {
    let number = DecimalText.fixed(deviation * 100, decimals: 2)
    let signed = (deviation >= 0 ? "+" : "") + number
    guard let lower, let upper else { return "\(signed) %" }
    return "\(signed) ± \(DecimalText.fixed((upper - lower) * 50, decimals: 2)) %"
  }
}

extension SisterGroup {
  /// Every node of every series, those that stand out first.
  var rows: [FleetRow] {
    struct Series: Hashable {
      let work: WorkIdentity
      let kernel: KernelID?
      let placement: PlacementName?
    }
    var order: [Series] = []
    var found: [Series: [SisterComparison]] = [:]
    for comparison in comparisons {
      let key = Series(
        work: comparison.work, kernel: comparison.kernel, placement: comparison.placement)
      if found[key] == nil { order.append(key) }
      found[key, default: []].append(comparison)
    }
    return order.flatMap { series -> [FleetRow] in
      let own = found[series] ?? []
      var values: [String: [(SisterComparison, SisterValue)]] = [:]
      for comparison in own {
        for value in comparison.values {
          values[value.node, default: []].append((comparison, value))
        }
      }
      let rows = values.keys.sorted().map { node in
        let pairs = values[node] ?? []
        return FleetRow(
          node: node, work: series.work, kernel: series.kernel,
          placement: series.placement,
          throughput: pairs.first { $0.0.quantity == .throughput },
          efficiency: pairs.first { $0.0.quantity == .efficiency },
          reasons: reasons[node]?.texts ?? [])
      }
      let rank: [SisterVerdict] = [.slow, .tooGood, .equal, .cannotTell]
      return rank.flatMap { verdict in rows.filter { $0.verdict == verdict } }
    }
  }

  /// `Group 1: 197 x AMD EPYC 9654, 755 GiB, standard-1, hashwatt 0.1.0`, with the setting where there is one.
  var title: String {
    let parts = [
      "\(nodes.count) x \(deviceName)", memory.map { QuantityText.bytes($0.value) }, plan,
      "hashwatt \(toolVersion)", setting?.text,
    ].compactMap(\.self)
    return "Group \(number): \(parts.joined(separator: ", "))"
  }

  var summaryGrid: Grid {
    Grid(
      title: title,
      columns: [
        Grid.Column("series", minimumWidth: 12, mayBeShared: true), Grid.Column("what"),
        Grid.Column("nodes", .right),
        Grid.Column("median", .right), Grid.Column("spread", .right, dropping: .early(0)),
        Grid.Column("limit", .right), Grid.Column("slow", .right),
        Grid.Column("too good", .right),
      ],
      rows: comparisons.map { comparison in
        func count(_ verdict: SisterVerdict) -> String {
          comparison.limit == nil
            ? "" : "\(comparison.values.count { $0.verdict == verdict })"
        }
        return [
          comparison.series, comparison.quantityText, "\(comparison.values.count)",
          comparison.text(comparison.median),
          comparison.values.count < 2
            ? "" : DecimalText.percent(comparison.spread, decimals: 2),
          comparison.limit.map { DecimalText.percent($0, decimals: 2) } ?? "cannot tell",
          count(.slow), count(.tooGood),
        ].map { Grid.Cell($0) }
      })
  }

  /// What is unusual about each node that was called out; in a column of a terminal there is no room for it.
  var reasonLines: [String] {
    reasons.sorted { $0.key < $1.key }.filter { !$0.value.texts.isEmpty }
      .map { "\($0.key): \($0.value.texts.joined(separator: "; "))" }
  }

  func grid(_ rows: [FleetRow], withReasons: Bool = true) -> Grid {
    Grid(
      columns: [
        Grid.Column("node", minimumWidth: 12),
        Grid.Column("series", minimumWidth: 12, mayBeShared: true),
        Grid.Column("rate", .right), Grid.Column("to the median", .right),
        Grid.Column("per joule", .right, ignoresGaps: true), Grid.Column("to its median", .right),
        Grid.Column("verdict"), Grid.Column("why", minimumWidth: 20),
      ],
      rows: rows.map { row in
        [
          Grid.Cell(row.node), Grid.Cell(row.series),
          Grid.Cell(row.throughput.map { $0.0.text($0.1.value) } ?? ""),
          Grid.Cell(row.throughput.map(\.1.deviationText) ?? ""),
          Grid.Cell(row.efficiency.map { $0.0.text($0.1.value) } ?? ""),
          Grid.Cell(row.efficiency.map(\.1.deviationText) ?? ""),
          Grid.Cell(row.verdictText, row.verdict.role), Grid.Cell(withReasons ? row.why : ""),
        ]
      }
    ).withoutEmptyColumns
  }

  func remarks(hidden: Int) -> [String] {
    var lines = minorities.map(\.text)
    if hidden > 0, nodes.count > 1 {
      lines.append(
        "\(CountText.text(hidden, "line")) of nodes as their sisters are left out: --all shows them"
      )
    }
    if comparisons.contains(where: { ($0.limit ?? 0) > $0.wanted }) {
      lines.append(
        "where the limit is above what was looked for, the nodes scatter too much, or are too few, to see less"
      )
    }
    return lines
  }
}

extension FleetReport {
  /// Nodes that are in no group.
  var others: [NodeAnswer] { nodes.filter { $0.state != .measured } }

  /// A sentence for each of them.
  var otherLines: [String] {
    others.map { node in
      ["\(node.title): \(node.state.text)", node.remark].compactMap(\.self).joined(separator: ": ")
    }
  }

  var otherGrid: Grid {
    Grid(
      title: "Not judged",
      columns: [
        Grid.Column("node"), Grid.Column("state"), Grid.Column("what is known", minimumWidth: 20),
        Grid.Column("files", minimumWidth: 12, dropping: .early(0)),
      ],
      rows: others.map { node in
        [
          Grid.Cell(node.title), Grid.Cell(node.state.text, node.state.role),
          Grid.Cell(node.remark ?? ""), Grid.Cell(node.files.joined(separator: ", ")),
        ]
      })
  }

  /// Sentences about the whole.
  var remarks: [String] {
    let shared = oneMachine.map { names in
      let shown = names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", ..." : "")
      return "one machine answered for \(CountText.text(names.count, "node")): \(shown)"
        + (demands.allowsOneMachine ? " (allowed)" : "")
    }
    return shared + baseLines + notes
  }

  /// Each node beside the base, where they are few, and else those below it.
  private var baseLines: [String] {
    guard let base = demands.base else { return [] }
    return groups.flatMap { group in
      group.comparisons.flatMap { comparison -> [String] in
        let known = comparison.values.filter { $0.base != nil }
        guard !known.isEmpty else { return ["\(base.name) has no \(comparison.longTitle)"] }
        return known.filter { known.count <= FleetRow.mostShown || $0.base?.isBelow == true }
          .compactMap { value in
            value.base.map { "\(value.node): \($0.text) to \(base.name), \(comparison.longTitle)" }
          }
      }
    }
  }
}

extension NodeAnswer.State {
  var text: String {
    switch self {
    case .measured: "measured"
    case .partial: "interrupted"
    case .refuted: "false"
    case .unreadable: "unreadable"
    case .refused: "not as expected"
    case .missing: "no answer"
    }
  }

  var role: Grid.Role {
    switch self {
    case .measured: .good
    case .partial, .missing: .doubtful
    case .refuted, .unreadable, .refused: .bad
    }
  }
}
