import Reporting
import Testing

struct TextStyleTests {
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
      ("\t=1", "' =1"), (" a", "\" a\""), ("", ""), ("a;b", "\"a;b\""), ("a ", "\"a \""),
      (" ", "\" \""), ("＝1", "'＝1"), ("é", "é"), ("é,", "\"é,\""), ("a\u{7}", "a\u{fffd}"),
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
