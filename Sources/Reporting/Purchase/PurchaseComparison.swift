package import Economics
internal import Model

/// Several devices under one scenario, the highest fair price first.
package struct PurchaseComparison: Sendable {
  /// One device, or why it is not evaluated.
  package struct Row: Sendable {
    package let candidate: Candidate
    package let report: PurchaseReport
    package let fairPrice: FairPriceRange?
    package let listPrice: ListedPrice?

    package init(
      candidate: Candidate, report: PurchaseReport, fairPrice: FairPriceRange?,
      listPrice: ListedPrice?
    ) {
      self.candidate = candidate
      self.report = report
      self.fairPrice = fairPrice
      self.listPrice = listPrice
    }
  }

  package struct Refused: Sendable {
    package let name: String
    package let refusal: Refusal

    package init(name: String, refusal: Refusal) {
      self.name = name
      self.refusal = refusal
    }
  }

  /// Ranked, the highest worth of a machine first.
  package let rows: [Row]
  package let refused: [Refused]

  package init(rows: [Row], refused: [Refused]) {
    self.rows = rows.enumerated().sorted {
      // A device without money goes last; equals stay in their order.
      let (left, right) = ($0.element.fairPrice?.value, $1.element.fairPrice?.value)
      return (left ?? -.infinity, -$0.offset) > (right ?? -.infinity, -$1.offset)
    }.map(\.element)
    self.refused = refused
  }

  /// The first row of each function, with which the others of it are compared.
  private var firsts: [AlgorithmID: Row] {
    Dictionary(rows.map { ($0.candidate.device.algorithm, $0) }) { first, _ in first }
  }

  private static func isTied(_ row: Row, with first: Row?) -> Bool {
    guard let first, let best = first.fairPrice, let own = row.fairPrice,
      row.candidate != first.candidate
    else { return false }
    return own.overlaps(best)
  }

  private var grid: Grid {
    let hasPrices = rows.contains { $0.listPrice != nil }
    let titles =
      ["device", "rate", "energy", "worth", "range", "a unit"]
      + (hasPrices ? ["price", "ratio"] : []) + ["trust", "note"]
    let right: Set<Int> = hasPrices ? [1, 2, 3, 4, 5, 6, 7] : [1, 2, 3, 4, 5]
    let firsts = firsts
    let body = rows.map { row -> [Grid.Cell] in
      let device = row.candidate.device
      let energy =
        device.powerW.map { Amount.energy($0 / device.ratePerSecond, device.workUnit) } ?? "-"
      let range = row.fairPrice.map { "\(Amount.number($0.low))..\(Amount.number($0.high))" } ?? "-"
      let price = row.listPrice?.price
      let ratio = price.flatMap { price in row.fairPrice.map { $0.value / price } }
      let cells =
        [
          row.candidate.name, Amount.rate(device.ratePerSecond, device.workUnit), energy,
          row.fairPrice.map { Amount.number($0.value) } ?? "-", range,
          row.fairPrice.map {
            Amount.perRate($0.value, device.ratePerSecond, device.workUnit)
          } ?? "-",
        ]
        + (hasPrices
          ? [price.map { Amount.number($0) } ?? "", ratio.map { Plain.fixed($0, places: 2) } ?? ""]
          : [])
        + [
          row.candidate.isLowConfidence ? "LOW" : row.candidate.trust,
          Self.isTied(row, with: firsts[device.algorithm]) ? "cannot tell" : "",
        ]
      return cells.map { Grid.Cell($0) }
    }
    return Grid(
      columns: titles.enumerated().map {
        Grid.Column(
          $0.element, right.contains($0.offset) ? .right : .left,
          minimumWidth: $0.element == "device" ? 12 : nil)
      }, rows: body
    ).withoutEmptyColumns
  }

  private var sentences: [String] {
    guard let first = rows.first, let price = first.fairPrice else {
      return ["No device was evaluated."]
    }
    let scenario = first.report.evaluation.device?.outcomes.first?.future.name ?? ""
    let currency = first.report.evaluation.currency
    let function = first.candidate.device.algorithm
    let tied = rows.count {
      $0.candidate.device.algorithm == function && Self.isTied($0, with: first)
    }
    let mark = first.candidate.isLowConfidence ? " (a claim of low confidence)" : ""
    return [
      "\(scenario): \(first.candidate.name)\(mark) is worth most, at most \(Amount.money(price.value, currency)) a machine"
        + (tied == 0
          ? "."
          : "; for its rate \(tied == 1 ? "another one overlaps" : "\(tied) others overlap") with it, so that which is the better buy cannot be told.")
    ]
  }

  private var notes: [String] {
    let prices = rows.compactMap(\.listPrice).map { "\($0.hardwareID): \($0.source), \($0.date)" }
    let grouped = Dictionary(grouping: refused) { $0.refusal.code.rawValue }
    let refusals = grouped.keys.sorted().map { code in
      let all = grouped[code] ?? []
      let shown = all.prefix(5).map(\.name).joined(separator: ", ")
      return "\(code): \(all.count) not evaluated (\(shown)\(all.count > 5 ? ", ..." : ""))"
    }
    return refusals
      + (prices.isEmpty ? [] : ["prices: " + Set(prices).sorted().joined(separator: "; ")])
      + (rows.first?.report.overrides.map { "from the command line: \($0)" } ?? [])
      + [
        "worth: the most to pay for one machine on the first scenario; range: over the ends of the device's figures alone; a unit: worth of the rate's unit; 'cannot tell': the range of that overlaps with that of the first device of its function"
      ]
  }

  package func text(_ style: TextStyle) -> String {
    GridLayout.notes(sentences, style) + "\n" + GridLayout.text(grid, style) + "\n"
      + notes.map { PurchaseReport.bullet($0, style.width) }.joined()
  }

  package var markdown: String {
    "# Devices compared\n\n" + sentences.map { Escape.markdown($0) + "\n\n" }.joined()
      + GridLayout.markdown(grid) + "\n" + notes.map { "- \(Escape.markdown($0))\n" }.joined()
  }

  package var csv: String {
    let head = [
      "device", "hardware_id", "algorithm", "rate_per_s", "power_w", "fair_machine_price",
      "fair_price_low", "fair_price_high", "price", "currency", "trust", "low_confidence",
      "cannot_tell",
    ]
    func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
    let firsts = firsts
    let lines = rows.map { row -> [String] in
      let device = row.candidate.device
      return [
        row.candidate.name, device.hardwareID?.rawValue ?? "", device.algorithm.rawValue,
        number(device.ratePerSecond), number(device.powerW), number(row.fairPrice?.value),
        number(row.fairPrice?.low), number(row.fairPrice?.high), number(row.listPrice?.price),
        row.report.evaluation.currency.rawValue, row.candidate.trust,
        row.candidate.isLowConfidence ? "true" : "false",
        Self.isTied(row, with: firsts[device.algorithm]) ? "true" : "false",
      ]
    }
    return ([head] + lines).map { $0.map(Escape.csv).joined(separator: ",") + "\r\n" }.joined()
  }

  package var html: String {
    HTMLPage(
      title: "Devices compared",
      body: .element("h1", [], .text("Devices compared"))
        + .joined(sentences.map { .element("p", [("class", "lead")], .text($0)) })
        + .grid(grid) + .notes(notes)
    ).document
  }
}
