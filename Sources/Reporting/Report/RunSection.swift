internal import Analysis
internal import Model
internal import Text

/// Everything that one result says of itself.
enum RunSection {
  static func html(_ run: ReportContent.Run) -> HTML {
    let result = run.result
    return .element(
      "section", [],
      .joined(
        [
          .element("h2", [], .text("Run \(run.name)")), ReportPage.pictures(run.pictures),
          HTML.details("Every window", HTML.grid(windows(result))), proven(result), scaling(result),
          roofline(run), HTML.details("The machine and the run", facts(result)),
          grading(result.grading),
          heading("Uncertainty of the work per joule"), uncertainty(result),
          heading("Meters"), meters(result), heading("Checks"), checks(result),
          heading("Proof of work"), proof(result), heading("How to reproduce"),
          reproduction(run),
        ], separator: "\n"))
  }

  private static func heading(_ text: String) -> HTML { .element("h3", [], .text(text)) }

  private static func facts(_ result: RunResult) -> HTML {
    let cpu = result.machine.cpu.value
    let system = result.machine.operatingSystem
    let platform = result.machine.platform
    func text<Value>(_ reading: Reading<Value>, _ show: (Value) -> String) -> HTML {
      switch reading {
      case .value(let value): .text(show(value))
      case .unavailable(let reason):
        .element("span", [("class", "faint")], .text("not known: \(reason.message)"))
      }
    }
    var facts: [(String, HTML)] = [
      ("Devices", .text(result.devices.map(\.name).joined(separator: ", "))),
      ("Started", .text(UTCText.dateAndTime(result.startedAt) + " UTC")),
      ("Duration", .text("\(Int((result.endedAt - result.startedAt).rounded())) s")),
      ("Suite", .text(result.plan.suite ?? "custom")),
      (
        "Complete",
        .text(result.isComplete ? "yes" : "no, partial: \(result.endReason?.text ?? "ended early")")
      ),
      ("Operating system", text(system.name) { $0 }),
      ("Kernel release", text(system.kernelRelease) { $0 }),
      ("Board", text(platform.boardName) { $0 }),
      ("Firmware", text(platform.firmwareVersion) { $0 }),
      ("Virtual machine", text(platform.hypervisor) { $0 ?? "no, a real machine" }),
      ("Tool", .text("hashwatt \(result.tool.version), \(result.tool.configuration) build")),
    ]
    facts += PreparationText.lines(result).map { ("Prepared before the windows", .text($0)) }
    if let note = result.note { facts.append(("Note of whoever measured", .text(note))) }
    if let cpu {
      facts.insert(("Microcode", text(cpu.microcode) { $0 }), at: 5)
      facts.insert(("Hardware threads", .text(String(cpu.threads))), at: 5)
    }
    return .facts(facts)
  }

  private static func grading(_ grading: Grading) -> HTML {
    let reasons = grading.reasonsAgainstBetter.map { HTML.element("li", [], .text($0.text)) }
    let why =
      reasons.isEmpty
      ? HTML.empty
      : .element("p", [], .text("Why not better:")) + .element("ul", [], .joined(reasons))
    let aspects = Grid(
      columns: [Grid.Column("aspect of a standard"), Grid.Column("met"), Grid.Column("why")],
      rows: grading.aspects.map { aspect in
        let role: Grid.Role = aspect.status == .met ? .good : .plain
        return [
          Grid.Cell(aspect.name), Grid.Cell(aspect.status.rawValue, role), Grid.Cell(aspect.reason),
        ]
      })
    return heading("Grade \(grading.grade.rawValue), \(grading.grade.word)") + why
      + (aspects.rows.isEmpty
        ? .empty : HTML.details("Aspects of published standards", HTML.grid(aspects)))
  }

  /// The text form of the pictures over time.
  private static func windows(_ result: RunResult) -> Grid {
    let meters = result.meters
    let rows = result.samples.map { sample -> [Grid.Cell] in
      let power = meters.map { meter -> Grid.Cell in
        let energy = sample.energy.first { $0.meter == meter.id }
        guard let watts = energy?.interval.value?.meanPower.value else {
          return Grid.Cell("unavailable", .doubtful)
        }
        return Grid.Cell(QuantityText.text(watts, unit: "W"))
      }
      return [
        Grid.Cell(sample.kind.rawValue), Grid.Cell(sample.series?.description ?? ""),
        Grid.Cell(sample.series == nil ? "" : String(sample.repeatIndex + 1)),
        Grid.Cell(DecimalText.fixed(sample.duration.value, decimals: 2) + " s"),
        Grid.Cell(
          sample.unit.flatMap { sample.kind == .load ? $0 : nil }.map {
            RateText.text(Rate(perSecond: sample.throughput, unit: $0))
          } ?? ""),
      ] + power + [Grid.Cell(sample.flags.map(\.message).joined(separator: "; "), .doubtful)]
    }
    return Grid(
      title: "Windows in the order of time",
      columns: [
        Grid.Column("window"), Grid.Column("series"), Grid.Column("repeat", .right),
        Grid.Column("duration", .right), Grid.Column("rate", .right),
      ] + meters.map { Grid.Column("power \($0.scope) \($0.part)", .right) } + [
        Grid.Column("flags")
      ], rows: rows
    ).withoutEmptyColumns
  }

  private static func proven(_ result: RunResult) -> HTML {
    guard result.samples.contains(where: { $0.origin == .proven }) else { return .empty }
    return heading("What the shares prove")
      + .joined(ProvenText.statements(result).map { .element("p", [], .text($0)) }, separator: "\n")
      + .joined(ProvenText.grids(result).map { HTML.grid($0) }, separator: "\n")
  }

  private static func scaling(_ result: RunResult) -> HTML {
    let grids = ScalingText.grids(result)
    guard !grids.isEmpty else { return .empty }
    return heading("Over threads and core kinds")
      + .joined(grids.map { HTML.grid($0) }, separator: "\n")
  }

  private static func roofline(_ run: ReportContent.Run) -> HTML {
    let core = RooflineText.grid(run.result.roofline)
    let devices = run.result.deviceRooflines
    let grids = [core].compactMap(\.self) + devices.compactMap { RooflineText.grid($0) }
    guard !grids.isEmpty else { return .empty }
    let speed =
      core == nil
      ? "how many of each the device does in a second"
      : "the core's clock and how many of each it does in a cycle"
    return heading("Kernels against the roofline")
      + .element(
        "p", [],
        .text(
          "The bound follows from the operations that a unit of work needs, \(speed), "
            + "all measured beside the run. A kernel far below it leaves room; the rest is the machine's."
        ))
      + ReportPage.pictures([run.roofline].compactMap(\.self))
      + .joined(grids.map { HTML.grid($0) }, separator: "\n")
      + .joined(
        devices.flatMap { RooflineText.reasons($0) }.map { .element("p", [], .text($0 + ".")) },
        separator: "\n")
  }

  private static func uncertainty(_ result: RunResult) -> HTML {
    let rows = result.summaries.flatMap { summary in
      (summary.energy.value ?? []).flatMap { scope -> [[Grid.Cell]] in
        func row(_ name: String, _ relative: Double, _ degrees: Double?) -> [Grid.Cell] {
          [
            Grid.Cell(summary.series.description), Grid.Cell(scope.scope.rawValue),
            Grid.Cell(name),
            Grid.Cell(
              DecimalText.significant(relative * 100, digits: 2) + " %"),
            Grid.Cell(degrees.map { DecimalText.fixed($0, decimals: 1) } ?? "∞"),
          ]
        }
        let total = [
          scope.repeatability.map {
            row("expanded, one meter", $0.relative, $0.degreesOfFreedom)
          },
          scope.total.map { row("expanded, between machines", $0.relative, $0.degreesOfFreedom) },
        ]
        return scope.terms.map { row($0.name.rawValue, $0.relative, $0.degreesOfFreedom) }
          + total.compactMap(\.self)
      }
    }
    guard !rows.isEmpty else {
      return .element("p", [], .text("No energy was metered, so there is no budget."))
    }
    return .grid(
      Grid(
        columns: [
          Grid.Column("series"), Grid.Column("scope"), Grid.Column("term"),
          Grid.Column("relative", .right), Grid.Column("degrees of freedom", .right),
        ], rows: rows))
  }

  private static func meters(_ result: RunResult) -> HTML {
    let used = Grid(
      columns: [
        Grid.Column("meter"), Grid.Column("scope"), Grid.Column("kind"), Grid.Column("accuracy"),
      ],
      rows: result.meters.map { meter in
        let bound =
          meter.accuracy.gainBound
          .map { "±" + DecimalText.percent($0, decimals: 1) } ?? "not known"
        let assumed = meter.accuracy.isAssumed ? ", assumed" : ""
        return [
          Grid.Cell("\(meter.id)"), Grid.Cell(meter.scope.rawValue),
          Grid.Cell(meter.kind.rawValue, meter.kind.isMeasured ? .plain : .doubtful),
          Grid.Cell("\(bound) (\(meter.accuracy.source)\(assumed))"),
        ]
      })
    let missing = result.unavailableMeters.map {
      HTML.element("li", [], .text("\($0.source): \($0.reason.text)"))
    }
    let table =
      used.rows.isEmpty ? HTML.element("p", [], .text("No meter gave energy.")) : .grid(used)
    return table + (missing.isEmpty ? .empty : .element("ul", [], .joined(missing)))
  }

  private static func checks(_ result: RunResult) -> HTML {
    guard !result.checks.isEmpty else {
      return .element("p", [], .text("The result holds no checks."))
    }
    var names: [CheckName] = []
    var groups: [CheckName: [Check]] = [:]
    for check in result.checks {
      if groups[check.name] == nil { names.append(check.name) }
      groups[check.name, default: []].append(check)
    }
    // Checks of windows come by the dozen: one line for each name, with what was found where it was worst.
    let order: [CheckVerdict] = [.fail, .unknown, .pass]
    let summary = names.map { name -> [Grid.Cell] in
      let checks = groups[name] ?? []
      let worst = order.lazy.compactMap { verdict in checks.first { $0.verdict == verdict } }.first
      let counts = order.compactMap { verdict -> String? in
        let count = checks.count { $0.verdict == verdict }
        return count > 0 ? "\(count) \(verdict.rawValue)" : nil
      }
      return [
        Grid.Cell(name.rawValue),
        Grid.Cell(counts.joined(separator: ", "), worst?.verdict.role ?? .plain),
        Grid.Cell(worst.map(text) ?? ""),
      ]
    }
    let all = result.checks.map { check -> [Grid.Cell] in
      let place = check.sample.map { " (window \($0 + 1))" } ?? ""
      return [
        Grid.Cell(check.name.rawValue + place),
        Grid.Cell(check.verdict.rawValue, check.verdict.role),
        Grid.Cell(text(check)),
      ]
    }
    let columns = [
      Grid.Column("check"), Grid.Column("verdict"), Grid.Column("what was found"),
    ]
    return HTML.grid(Grid(columns: columns, rows: summary))
      + HTML.details(
        "Every check (\(all.count))", HTML.grid(Grid(columns: columns, rows: all)))
  }

  private static func text(_ check: Check) -> String {
    check.message + (check.remedy.map { "; \($0)" } ?? "")
  }

  private static func proof(_ result: RunResult) -> HTML {
    .grid(
      Grid(
        columns: [
          Grid.Column("series"), Grid.Column("shares found", .right),
          Grid.Column("expected", .right), Grid.Column("stopped by"),
        ],
        rows: result.summaries.map { summary in
          [
            Grid.Cell(summary.series.description), Grid.Cell(String(summary.sharesFound)),
            Grid.Cell(DecimalText.fixed(summary.sharesExpected, decimals: 1)),
            Grid.Cell(summary.stopReason.rawValue),
          ]
        }))
  }

  private static func reproduction(_ run: ReportContent.Run) -> HTML {
    let result = run.result
    let given = result.challengeWasGiven ? "given by somebody else" : "random"
    return .facts([
      ("Challenge", .element("code", [], .text(Hexadecimal.encode(result.challenge.bytes)))),
      ("Chosen", .text(given)),
      ("Seed of the order", .text(String(result.seed))),
    ]) + .element("p", [], .text("Measure again, and check this result:"))
      + .element(
        "pre", [],
        .text("hashwatt \(ShellText.words(result.arguments))"), .literal("\n"),
        .text("hashwatt verify --rescan 20 \(ShellText.words([run.name]))"))
  }
}

extension CheckVerdict {
  fileprivate var role: Grid.Role {
    switch self {
    case .pass: .good
    case .fail: .bad
    case .unknown: .doubtful
    }
  }
}
