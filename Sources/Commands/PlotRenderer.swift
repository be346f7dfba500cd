internal import LinuxSystem
internal import Model
internal import Reporting

/// Draws pictures by gnuplot, which need not be there.
struct PlotRenderer {
  func picture(_ plot: Plot) -> ReportContent.Picture {
    ReportContent.Picture(plot: plot, drawing: drawing(plot))
  }

  private func drawing(_ plot: Plot) -> Reading<SVGText> {
    do {
      // "-d" keeps a user's own settings out, which could load anything.
      guard let text = try ChildProgram.run("gnuplot", ["-d", "-"], input: plot.script) else {
        return .unavailable(
          Reason(
            .absent, "gnuplot is not installed",
            remedy: "on Debian and Ubuntu: sudo apt-get install gnuplot-nox"))
      }
      guard let drawing = SVGText(document: text) else {
        return .unavailable(Reason(.failed, "gnuplot gave no picture"))
      }
      return .value(drawing)
    } catch {
      return .unavailable(Reason(.failed, "gnuplot failed: \(error)"))
    }
  }
}
