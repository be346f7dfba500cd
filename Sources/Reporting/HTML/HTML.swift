/// A piece of HTML that is known to be escaped: text enters by `text`, markup only through literals of this module.
package struct HTML: Hashable, Sendable {
  package let markup: String

  private init(markup: String) { self.markup = markup }

  package static let empty = HTML(markup: "")

  /// Text of any origin, escaped.
  package static func text(_ text: String) -> HTML { HTML(markup: Escape.html(text)) }

  /// Markup written in the program itself.
  static func literal(_ markup: StaticString) -> HTML { HTML(markup: "\(markup)") }

  /// A picture that a child process drew and that `SVGText` has cleaned.
  static func picture(_ svg: SVGText) -> HTML { HTML(markup: svg.markup) }

  /// An element; the values of its attributes are escaped.
  static func element(
    _ name: StaticString, _ attributes: [(StaticString, String)] = [], _ children: HTML...
  ) -> HTML {
    let written = attributes.map { " \($0.0)=\"\(Escape.html($0.1))\"" }.joined()
    return HTML(
      markup: "<\(name)\(written)>" + children.map(\.markup).joined() + "</\(name)>")
  }

  /// Attributes of any values, in this order.
  static func attributes(
    _ pairs: KeyValuePairs<StaticString, String>
  ) -> [(StaticString, String)] {
    pairs.map { ($0.key, $0.value) }
  }

  /// Pieces one after the other.
  static func joined(_ pieces: [HTML], separator: StaticString = "") -> HTML {
    HTML(markup: pieces.map(\.markup).joined(separator: "\(separator)"))
  }

  static func + (left: HTML, right: HTML) -> HTML { HTML(markup: left.markup + right.markup) }

  /// A link; anything that is not http, https or a plain relative address becomes text.
  static func link(_ title: String, to address: String) -> HTML {
    let lower = address.lowercased()
    let isWeb = lower.hasPrefix("https://") || lower.hasPrefix("http://")
    let isRelative = !lower.hasPrefix("//") && !lower.prefix { $0 != "/" }.contains(":")
    guard isWeb || isRelative, !address.isEmpty else { return .text(title) }
    let relation: [(StaticString, String)] = isWeb ? [("rel", "nofollow noreferrer")] : []
    return element("a", [("href", address)] + relation, .text(title))
  }
}
