internal import Analysis
package import Fleet
internal import Model
internal import Text

extension SettingCurve {
  /// `Over PL1: AMD EPYC 9654, sha256d avx512-2x16 2t, cpu-package`.
  var title: String {
    "Over \(fact.title): "
      + [deviceName, work.series(kernel, placement), scope?.rawValue].compactMap(\.self).joined(
        separator: ", ")
  }

  fileprivate func text(rate: Double) -> String {
    RateText.text(Rate(perSecond: rate, unit: work.unit))
  }

  private func text(efficiency: Double?) -> String {
    efficiency.map { RateText.text(Efficiency(perJoule: $0, unit: work.unit)) } ?? ""
  }

  /// A line for each value of the setting.
  var grid: Grid {
    Grid(
      title: title,
      columns: [
        Grid.Column(fact.title, .right), Grid.Column("nodes", .right),
        Grid.Column("rate", .right), Grid.Column("to the fastest", .right, dropping: .early(0)),
        Grid.Column("per joule", .right), Grid.Column("to the most efficient", .right),
        Grid.Column("what that is"),
      ],
      rows: points.indices.map { index in
        let point = points[index]
        return [
          Grid.Cell(point.setting.value), Grid.Cell("\(point.nodes)"),
          Grid.Cell(text(rate: point.rate)),
          Grid.Cell(index == fastest ? "" : point.rateChange?.text ?? ""),
          Grid.Cell(text(efficiency: point.efficiency)),
          Grid.Cell(index == best ? "" : point.efficiencyChange?.text ?? ""), verdict(index),
        ]
      }
    ).withoutEmptyColumns
  }

  private func verdict(_ index: Int) -> Grid.Cell {
    let words = [
      index == best ? "most efficient" : nil, index == fastest ? "fastest" : nil,
      index != best && points[index].isAsEfficient ? "as efficient, as far as can be told" : nil,
    ].compactMap(\.self)
    return Grid.Cell(words.joined(separator: ", "), index == best ? .good : .plain)
  }

  /// Where each node does most; of many nodes those that are not as the group.
  func nodeGrid(showsAll: Bool) -> Grid {
    let usual = (best ?? fastest)
    let shown = nodes.filter { node in
      showsAll || nodes.count <= FleetRow.mostShown || node.setting != points[usual].setting
    }
    let what = best == nil ? "fastest at" : "most efficient at"
    return Grid(
      columns: [
        Grid.Column("node", minimumWidth: 12), Grid.Column(what, .right),
        Grid.Column("per joule", .right), Grid.Column("rate", .right),
      ],
      rows: shown.map { node in
        [
          Grid.Cell(node.node), Grid.Cell(node.setting.text),
          Grid.Cell(text(efficiency: node.efficiency)), Grid.Cell(text(rate: node.rate)),
        ]
      }
    ).withoutEmptyColumns
  }

  var remarks: [String] {
    guard best != nil else {
      return ["no energy was measured at two values: only rates are compared"]
    }
    return points.contains { ($0.efficiencyChange?.nodes ?? $0.nodes) < $0.nodes }
      ? ["nodes that were not measured at both values are in the medians and not in the changes"]
      : []
  }
}

extension PairedChange {
  /// `-4.81 ± 0.40 %`.
  fileprivate var text: String {
    let number = (deviation >= 0 ? "+" : "") + DecimalText.fixed(deviation * 100, decimals: 2)
    guard let lower, let upper else { return "\(number) %" }
    return "\(number) ± \(DecimalText.fixed((upper - lower) * 50, decimals: 2)) %"
  }
}

extension ReportPlots {
  /// Work per joule over a setting, or the rate where no energy was measured; none for a setting that is no number.
  package static func over(_ curve: SettingCurve) -> [Plot] {
    let isMetered = curve.best != nil
    let points = curve.points.compactMap { point -> (x: Double, y: Double)? in
      guard let x = point.setting.number,
        let y = isMetered ? point.efficiency : point.rate
      else { return nil }
      return (x, y)
    }
    let unit = curve.points.first?.setting.value.split(separator: " ").dropFirst().joined() ?? ""
    let best = curve.best.map { "most efficient at \(curve.points[$0].setting.value)" }
    let plot = Plot.curves(
      [Plot.Curve(label: "median of the nodes", points: points)],
      title: [curve.title, best].compactMap(\.self).joined(separator: ": "),
      xLabel: [curve.fact.title, unit].filter { !$0.isEmpty }.joined(separator: " in "),
      unit: isMetered ? curve.work.unit.perJoule : curve.work.unit.perSecond)
    return [plot].compactMap(\.self)
  }
}
