import Reporting
import Testing
import Text

@Suite("Pictures inside pages")
struct SVGTextTests {
  @Test("a picture that only shows itself is taken, ink becomes the page's colour")
  func taken() throws {
    let picture = try #require(
      SVGText(
        document: "<?xml?><svg><path stroke='rgb(  1,   2,   3)'/><use xlink:href='#a'/></svg>\n")
    )
    #expect(picture.markup == "<svg><path stroke='currentColor'/><use xlink:href='#a'/></svg>")
  }

  @Test(
    "a picture that could do more is refused",
    arguments: [
      "<svg><script>1</script></svg>", "<svg onload='x'></svg>", "<svg><a href='http://x'/></svg>",
      "<svg><image xlink:href='#a'/></svg>", "<svg><foreignObject/></svg>", "no picture",
      "</svg><svg>",
    ])
  func refused(text: String) {
    #expect(SVGText(document: text) == nil)
  }

  @Test(
    "words for a shell",
    arguments: [
      ("run", "run"), ("a b", "'a b'"), ("it's", "'it'\\''s'"), ("", "''"), ("$(x)", "'$(x)'"),
    ])
  func shell(word: String, expected: String) {
    #expect(ShellText.words([word]) == expected)
  }

  @Test(
    "dates",
    arguments: [
      (0.0, "1970-01-01T00:00:00"), (951_782_400, "2000-02-29T00:00:00"),
      (1_790_000_000, "2026-09-21T14:13:20"), (4_107_542_399, "2100-02-28T23:59:59"),
      (-1, "1969-12-31T23:59:59"),
    ])
  func dates(seconds: Double, expected: String) {
    #expect(UTCText.dateAndTime(seconds) == expected)
  }
}
