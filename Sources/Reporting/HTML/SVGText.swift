/// An SVG picture that may stand inside an HTML page.
package struct SVGText: Hashable, Sendable {
  package let markup: String

  /// Colour that plots are asked to draw text and axes in; it becomes the page's own text colour.
  package static let inkSentinel = "#010203"

  private static let refused = [
    "<script", "<foreignobject", "<iframe", "<image", "javascript:", "<!entity", "@import",
    " onload", " onclick", " onmouse", " onfocus", " onerror", " onbegin",
  ]

  /// The `<svg>` element of a document, or nil when there is none or when it could do more than show itself.
  ///
  /// Whatever drew it, a picture with scripts, event handlers, foreign objects or addresses outside itself is
  /// refused: a report makes no request and runs nothing.
  package init?(document: String) {
    guard let start = document.firstRange(of: "<svg"),
      let end = document.ranges(of: "</svg>").last, start.lowerBound < end.lowerBound
    else { return nil }
    let picture = String(document[start.lowerBound..<end.upperBound])
    let lower = picture.lowercased()
    guard !Self.refused.contains(where: lower.contains) else { return nil }
    // References may only point inside the picture.
    for reference in lower.split(separator: "href=", omittingEmptySubsequences: false).dropFirst() {
      guard reference.dropFirst().first == "#" else { return nil }
    }
    // gnuplot writes a colour as `rgb(  1,   2,   3)` or as `#010203`, as it likes.
    markup =
      picture
      .replacing("rgb(  1,   2,   3)", with: "currentColor")
      .replacing("rgb(1,2,3)", with: "currentColor")
      .replacing("#010203", with: "currentColor")
      // Else gnuplot would make black of the current colour.
      .replacing(" color=\"black\"", with: "")
  }
}
