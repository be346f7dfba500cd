internal import LinuxSystem
internal import Model
internal import Reporting

/// Draws pictures by gnuplot, which need not be there.
struct PlotRenderer {
  /// Where programs are looked for, as in `PATH`.
  let searchPath: String
  /// An SVG file of some thousand points has some hundred kilobytes.
  private static let outputLimit = 1 << 24

  func picture(_ plot: Plot) -> ReportContent.Picture {
    ReportContent.Picture(plot: plot, drawing: drawing(plot))
  }

  private func drawing(_ plot: Plot) -> Reading<SVGText> {
    guard let program = ChildProcess.find("gnuplot", path: searchPath) else {
      return .unavailable(
        Reason(
          .absent, "gnuplot is not installed",
          remedy: "on Debian and Ubuntu: sudo apt-get install gnuplot-nox"))
    }
    do {
      // "-d" keeps a user's own settings out, which could load anything.
      let outcome = try ChildProcess.run(
        program, ["-d", "-"], input: plot.script, outputLimit: Self.outputLimit,
        limit: Seconds(60))
      guard outcome.ending == .exited(0) else {
        return .unavailable(Reason(.failed, "gnuplot failed: it \(outcome.ending.words)"))
      }
      guard let drawing = SVGText(document: outcome.output) else {
        return .unavailable(Reason(.failed, "gnuplot gave no picture"))
      }
      return .value(drawing)
    } catch {
      return .unavailable(Reason(.failed, "gnuplot failed: \(error)"))
    }
  }
}
