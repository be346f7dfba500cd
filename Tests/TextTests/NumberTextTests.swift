import Testing
import Text

@Suite("Text of numbers")
struct TextTests {
  @Test(
    "digits follow the uncertainty, prefixes the value",
    arguments: [
      (60_340_000.0, 120_000.0, "60.34 ± 0.12 MH/s"),
      (60_340_000, 0, "60.34 MH/s"),
      (999_940, 0, "999.9 kH/s"),
      (999_996, 0, "1.000 MH/s"),
      (999_960, 200, "999.96 ± 0.20 kH/s"),
      (1_234, 99.6, "1.23 ± 0.10 kH/s"),
      (0, 0, "0 H/s"),
      (0.0123, 0.0005, "12.30 ± 0.50 mH/s"),
      (5, 1_000, "5 ± 1000 H/s"),
      (3.3e14, 0, "330.0 TH/s"),
    ])
  func quantity(value: Double, margin: Double, expected: String) {
    #expect(QuantityText.text(value, unit: "H/s", halfWidth: margin) == expected)
  }

  @Test("fixed decimals round half away from zero and never print a negative zero")
  func fixed() {
    #expect(DecimalText.fixed(2.5, decimals: 0) == "3")
    #expect(DecimalText.fixed(-0.004, decimals: 2) == "0.00")
    #expect(DecimalText.fixed(0.05, decimals: 3) == "0.050")
    #expect(DecimalText.fixed(.infinity, decimals: 1) == "inf")
    #expect(DecimalText.rounded(1, decimals: 2) == "1")
    #expect(DecimalText.rounded(10.25, decimals: 3) == "10.25")
    #expect(DecimalText.rounded(100, decimals: 0) == "100")
    #expect(DecimalText.percent(0.001_004, against: 0.001) == "0.1004 %")
    #expect(DecimalText.percentChange(0.9825) == "-1.75 %")
    #expect(DecimalText.percentChange(1.05, decimals: 1) == "+5.0 %")
  }

  @Test("width counts wide characters twice and marks not at all")
  func width() {
    #expect(DisplayText.width("abc") == 3)
    #expect(DisplayText.width("龍芯") == 4)
    #expect(DisplayText.width("e\u{301}") == 1)
    #expect(DisplayText.width("12.3 ± 0.4 µW – über …") == 22)
    // A mark after what is one column wide by itself.
    #expect(DisplayText.width("±\u{301}") == 1)
    #expect(DisplayText.truncated("龍芯 3A6000", to: 6) == "龍芯 …")
    #expect(DisplayText.width(DisplayText.truncated("龍龍龍龍", to: 4)) <= 4)
  }

  @Test("words are broken only where they must be")
  func wrap() {
    #expect(DisplayText.wrapped("one two three", to: 8) == ["one two", "three"])
    #expect(DisplayText.wrapped("abcdefghijkl", to: 8) == ["abcdefgh", "ijkl"])
    #expect(DisplayText.wrapped("ab 龍龍龍龍龍 cd", to: 8) == ["ab", "龍龍龍龍", "龍 cd"])
    #expect(DisplayText.wrapped("", to: 8) == [""])
    #expect(WrappedText.lines(" one  two three", margin: 2, width: 9) == ["  one two", "  three"])
    #expect(WrappedText.lines("a longerthanwide b", width: 6) == ["a", "longerthanwide", "b"])
    #expect(WrappedText.lines(" ", width: 6) == [])
  }

  @Test("a command that goes on is broken with a backslash, other text without")
  func commands() {
    #expect(
      FilledText.lines("run 'sudo chmod x' now, or else", after: "fix: ", width: 20) == [
        "fix: run 'sudo \\", "     chmod x' now,", "     or else",
      ])
    #expect(FilledText.lines("", after: "fix: ") == ["fix: "])
  }

  @Test(
    "dates in UTC, before 1970 and on leap days too",
    arguments: [
      (0.0, "1970-01-01T00:00:00", "19700101T000000Z"),
      (951_782_400.9, "2000-02-29T00:00:00", "20000229T000000Z"),
      (1_795_748_523, "2026-11-27T03:02:03", "20261127T030203Z"),
      (-1, "1969-12-31T23:59:59", "19691231T235959Z"),
    ])
  func dates(seconds: Double, text: String, stamp: String) {
    #expect(UTCText.dateAndTime(seconds) == text)
    #expect(UTCText.stamp(seconds) == stamp)
  }

  @Test("sizes and counts in words")
  func sizes() {
    #expect(QuantityText.bytes(105 << 20) == "105 MiB")
    #expect(QuantityText.bytes(33_608_000_000) == "31.3 GiB")
    #expect(QuantityText.hertz(3_600_000_000) == "3.60 GHz")
    #expect(CountText.text(1, "thread") == "1 thread")
    #expect(CountText.text(0, "thread") == "0 threads")
  }

  @Test("white space and zero bytes go from both ends")
  func trimming() {
    #expect("\0 a b\n\0".trimmed == "a b")
    #expect(" \t".dropFirst().trimmed == "")
  }
}
