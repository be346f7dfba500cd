internal import Analysis
internal import LinuxSystem
internal import Model
internal import Reporting

/// Makes the page of a report, its pictures drawn.
struct ReportWriter {
  /// What a report is about: a file of figures, and its result when it is one.
  struct Subject {
    let name: String
    let figures: [Figure]
    let result: RunResult?
  }

  private let renderer: PlotRenderer
  /// Figures of other hardware to stand among.
  private let others: [Figure]

  init(_ context: CommandContext, among others: [Figure]) {
    renderer = PlotRenderer(searchPath: context.environment["PATH"] ?? "/usr/bin:/bin")
    self.others = others
  }

  /// The figures of a folder of profiles; none where it is not there, for a report does not need them.
  static func figures(among folder: String?) throws -> [Figure] {
    guard let folder = folder ?? (SystemRoot.live.exists("profiles") ? "profiles" : nil) else {
      return []
    }
    return try RecordLoader.load([folder]) { $0.figures }.flatMap(\.self)
  }

  /// The page, and why pictures were left out, if they were.
  func page(_ subjects: [Subject]) -> (html: String, missing: Reason?) {
    let figures = subjects.flatMap(\.figures)
    let runs = subjects.compactMap { subject -> ReportContent.Run? in
      guard let result = subject.result else { return nil }
      return ReportContent.Run(
        name: subject.name, result: result,
        pictures: ReportPlots.ofTime(result).map(renderer.picture),
        roofline: ReportPlots.ofRoofline(result).map(renderer.picture))
    }
    let plots = ReportPlots.ofFigures(figures) + ReportPlots.among(figures, others)
    let content = ReportContent(
      figures: figures, pictures: plots.map(renderer.picture), runs: runs,
      trends: TrendSeries.all(of: figures, TrendOptions()).series)
    let pictures =
      content.pictures + runs.flatMap { $0.pictures + [$0.roofline].compactMap(\.self) }
    return (
      ReportPage.document(content), pictures.lazy.compactMap(\.drawing.reason).first
    )
  }
}
