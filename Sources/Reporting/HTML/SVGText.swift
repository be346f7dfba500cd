internal import Foundation

/// An SVG picture that may stand inside an HTML page.
package struct SVGText: Hashable, Sendable {
  package let markup: String

  /// The `<svg>` element of a document, or nil when there is none or when it could do more than show itself.
  ///
  /// Whatever drew it, a picture with scripts, event handlers, foreign objects or addresses outside itself is
  /// refused: a report makes no request and runs nothing.
  package init?(document: String) {
    guard let start = document.range(of: "<svg"),
      let end = document.range(of: "</svg>", options: .backwards)
    else { return nil }
    let picture = String(document[start.lowerBound..<end.upperBound])
    let lower = picture.lowercased()
    let refused = [
      "<script", "<foreignobject", "<iframe", "<image", "javascript:", "<!entity", "@import",
      "onload=", "onclick=", "onmouse", "onfocus", "onerror",
    ]
    guard !refused.contains(where: lower.contains) else { return nil }
    // References may only point inside the picture.
    for part in lower.components(separatedBy: "href=").dropFirst() {
      guard part.dropFirst().hasPrefix("#") else { return nil }
    }
    markup = picture
  }
}
