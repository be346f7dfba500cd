/// A picture as gnuplot is asked to draw it.
package struct Plot: Hashable, Sendable {
  /// What the picture shows, for the caption and for those who cannot see it.
  package let title: String
  /// The whole input of gnuplot; it reads no file and runs no program.
  package let script: String

  /// Colours that are told apart in light and dark, and by most who see few colours (Okabe and Ito 2008).
  static let colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]

  init(title: String, width: Int = 900, height: Int, body: String) {
    self.title = title
    let ink = SVGText.inkSentinel
    script = """
      set terminal svg size \(width),\(height) dynamic noenhanced font "sans-serif,15"
      set encoding utf8
      set border 3 linecolor rgb "\(ink)"
      set tics nomirror textcolor rgb "\(ink)"
      set xlabel textcolor rgb "\(ink)"
      set ylabel textcolor rgb "\(ink)"
      set key textcolor rgb "\(ink)"
      set grid linecolor rgb "#808080" linewidth 0.4
      set offsets 0, 0, 0, 0
      \(body)

      """
  }

  /// Text inside gnuplot's quotes: what gnuplot could take for a command, a substitution or markup is left out.
  static func label(_ text: String) -> String {
    let allowed = text.replacing("@", with: "at").unicodeScalars.map { scalar -> Character in
      let isPlain =
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
        || " .,:+-/()±µ…".unicodeScalars.contains(scalar)
      return isPlain ? Character(scalar) : "_"
    }
    return String(allowed.prefix(60))
  }

  /// A number for gnuplot's data.
  static func number(_ value: Double) -> String { "\(value)" }

  /// The prefix that suits the greatest of some values, and what to divide by.
  static func scale(_ values: [Double]) -> (divisor: Double, prefix: String) {
    let greatest = values.map { abs($0) }.max() ?? 1
    let steps: [(Double, String)] = [
      (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1, ""),
    ]
    return steps.first { greatest >= $0.0 } ?? (1, "")
  }
}
