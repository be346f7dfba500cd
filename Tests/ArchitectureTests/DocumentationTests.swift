import Testing

/// Links of the documents lead somewhere.
struct DocumentationTests {
  static let pages: [String] =
    (try? SourceTree.files(below: "", endingIn: [".md"])) ?? []

  @Test("there are documents")
  func present() { #expect(Self.pages.contains("README.md")) }

  @Test("every link to a file of the project leads to one", arguments: pages)
  func links(page: String) throws {
    let folder = page.split(separator: "/").dropLast().joined(separator: "/")
    for target in Self.linkTargets(in: try SourceTree.text(page)) {
      if target.contains("://") || target.hasPrefix("mailto:") { continue }
      let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
      let path = String(parts[0])
      let file = path.isEmpty ? page : folder.isEmpty ? path : folder + "/" + path
      #expect(SourceTree.exists(file), "\(page): \(target)")
      if parts.count == 2, file.hasSuffix(".md"), SourceTree.exists(file) {
        let anchors = Self.anchors(in: try SourceTree.text(file))
        #expect(anchors.contains(String(parts[1])), "\(page): \(target)")
      }
    }
  }

  /// The targets of `[text](target)` outside of code.
  static func linkTargets(in text: String) -> [String] {
    var targets: [String] = []
    for line in prose(text) {
      var rest = line[...]
      while let start = rest.range(of: "](") {
        rest = rest[start.upperBound...]
        guard let end = rest.firstIndex(of: ")") else { break }
        targets.append(String(rest[..<end]))
        rest = rest[end...]
      }
    }
    return targets
  }

  /// The anchors of a page's headings, as code hosts make them.
  static func anchors(in text: String) -> Set<String> {
    Set(
      prose(text).filter { $0.hasPrefix("#") }.map { heading in
        let words = heading.drop { $0 == "#" }.lowercased().split(separator: " ")
        return words.joined(separator: "-").filter {
          $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_"
        }
      })
  }

  /// The lines outside of fenced code.
  private static func prose(_ text: String) -> [Substring] {
    var isCode = false
    return text.split(separator: "\n").filter { line in
      if line.hasPrefix("```") { isCode.toggle() }
      return !isCode
    }
  }

  @Test("links and anchors are recognized")
  func recognition() {
    let text = """
      # The first: one, `two`
      See [a](b.md#c) and [d](https://e).
      ```
      [not](this.md)
      ```
      """
    #expect(Self.linkTargets(in: text) == ["b.md#c", "https://e"])
    #expect(Self.anchors(in: text) == ["the-first-one-two"])
  }
}

extension Substring {
  /// The first place of a text; Foundation is not needed for this.
  fileprivate func range(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
