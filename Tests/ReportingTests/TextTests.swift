import Reporting
import Testing

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
    #expect(DisplayText.wrapped("", to: 8) == [""])
  }

  @Test("colour only on a terminal and with NO_COLOR unset")
  func colour() {
    let uses = { (terminal: Bool, environment: [String: String]) in
      TextStyle.terminal(isTerminal: terminal, width: 80, environment: environment).usesColour
    }
    #expect(uses(true, [:]))
    #expect(uses(true, ["NO_COLOR": ""]))
    #expect(!uses(true, ["NO_COLOR": "1"]))
    #expect(!uses(true, ["TERM": "dumb"]))
    #expect(!uses(false, [:]))
  }
}

@Suite("Escaping")
struct EscapeTests {
  @Test(
    "CSV fields are quoted and cannot be formulas",
    arguments: [
      ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""),
      ("=1+1", "'=1+1"), ("  @SUM(A1)", "'  @SUM(A1)"), ("-2", "'-2"), ("+3", "'+3"),
      ("\t=1", "' =1"), (" a", "\" a\""), ("", ""),
    ])
  func csv(text: String, expected: String) {
    #expect(Escape.csv(text) == expected)
  }

  @Test("markup is text")
  func markup() {
    #expect(Escape.html("<b a=\"x\">'&") == "&lt;b a=&quot;x&quot;&gt;&#39;&amp;")
    #expect(Escape.markdown("a|b*c_<d>") == "a\\|b\\*c\\_&lt;d&gt;")
    #expect(Escape.latex("50% of $x_1 \\cmd{}") == "50\\% of \\$x\\_1 \\textbackslash{}cmd\\{\\}")
  }
}
