import JSON
import TestSupport
import Testing

struct JSONTests {
  @Test(
    "valid JSON is read",
    arguments: [
      ("null", JSONValue.null), (" [ ] ", .array([])), ("{}", .object([:])),
      ("[1,-2.5e+3,0]", .array([.number("1"), .number("-2.5e+3"), .number("0")])),
      ("\"\\u00e9\\ud83d\\ude00\\/\\n\"", .string("é😀/\n")),
      (
        "{\"a\":{\"b\":[true,false]}}",
        .object(["a": .object(["b": .array([.bool(true), .bool(false)])])])
      ),
    ])
  func valid(text: String, value: JSONValue) throws {
    #expect(try JSONParser.parse(Array(text.utf8)) == value)
  }

  @Test(
    "what other readers take in different ways is refused",
    arguments: [
      "", " ", "{", "[1,]", "{\"a\":1,}", "{a:1}", "'a'", "01", "-", "1.", ".5", "1e", "+1", "0x10",
      "NaN", "Infinity", "-Infinity", "nul", "\"\\x\"", "\"\\u12\"", "\"\\u+123\"", "\"\\ud800\"",
      "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"a\nb\"", "{\"a\":1,\"a\":2}", "[1] 2", "\u{feff}1",
      "\"abc", "{\"a\"}", "{\"a\":}", "[1 2]", "// no\n1",
    ])
  func invalid(text: String) {
    #expect(throws: JSONProblem.self) { try JSONParser.parse(Array(text.utf8)) }
  }

  @Test("a key that comes twice is found in whatever order and spelling")
  func duplicates() {
    for text in [
      "{\"b\":1,\"a\":2,\"b\":3}", "{\"a\":1,\"\\u0061\":2}", "{\"\\u0061\":1,\"a\":2}",
      "[{\"a\":{\"x\":1,\"b\":2,\"x\":3}}]", "{\"e\u{301}\":1,\"\u{e9}\":2}",
      "{\"\u{212b}\":1,\"\u{c5}\":2}",
    ] {
      let problem = #expect(throws: JSONProblem.self) { try JSONParser.parse(Array(text.utf8)) }
      #expect(problem?.message.hasSuffix("for the second time in one object") == true)
    }
    #expect(throws: Never.self) {
      try JSONParser.parse(Array("{\"b\":{\"a\":1},\"a\":{\"a\":1,\"\\u0062\":2}}".utf8))
    }
  }

  @Test("bytes that are not UTF-8 are refused")
  func notText() {
    #expect(throws: JSONProblem.self) { try JSONParser.parse([0x22, 0xff, 0x22]) }
  }

  @Test("nesting is limited, so that no file overflows the stack")
  func depth() throws {
    let deepest = JSONParser.depthLimit
    func nested(_ depth: Int) -> [UInt8] {
      Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
    }
    _ = try JSONParser.parse(nested(deepest))
    let problem = #expect(throws: JSONProblem.self) {
      try JSONParser.parse(nested(1_000_000))
    }
    #expect(problem?.description == "at line 1, column 65: nested deeper than 64 levels")
  }

  @Test("line and column of a mistake are told")
  func place() {
    let problem = #expect(throws: JSONProblem.self) {
      try JSONParser.parse(Array("{\n  \"a\": 1,\n  \"b\": x\n}".utf8))
    }
    #expect(problem?.description == "at line 3, column 8: \"x\" where a value belongs")
  }

  @Test("a random tree is written and read back, and its text is stable")
  func roundTrip() throws {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<200 {
      let tree = Self.tree(depth: 0, &random)
      let bytes = JSONWriter.write(tree)
      let again = try JSONParser.parse(bytes)
      #expect(again == tree)
      #expect(JSONWriter.write(again) == bytes)
    }
  }

  @Test("what fits on a line is on one line, and keys are sorted")
  func layout() {
    let short = JSONValue.object(["b": .number("1"), "a": .array([.null, .bool(true)])])
    let long = JSONValue.object([
      "list": .array(Array(repeating: .string(String(repeating: "x", count: 30)), count: 3)),
      "a": short, "empty": .array([]),
    ])
    let text = String(decoding: JSONWriter.write(long), as: UTF8.self)
    let x = "\"" + String(repeating: "x", count: 30) + "\""
    #expect(
      text == """
        {
          "a": {"a": [null, true], "b": 1},
          "empty": [],
          "list": [
            \(x),
            \(x),
            \(x)
          ]
        }

        """)
  }

  private static func tree(depth: Int, _ random: inout SeededGenerator) -> JSONValue {
    let texts = ["", "a", "\"\\", "\n\t\u{1}\u{7f}", "µ漢😀", String(repeating: "long ", count: 30)]
    switch Int.random(in: 0..<(depth > 5 ? 4 : 6), using: &random) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &random))
    case 2: return .number("\(Int.random(in: -1000...1000, using: &random))")
    case 3: return .string(texts.randomElement(using: &random) ?? "")
    case 4:
      return .array(
        (0..<Int.random(in: 0..<6, using: &random)).map { _ in tree(depth: depth + 1, &random) })
    default:
      let keys = (0..<Int.random(in: 0..<6, using: &random)).map { "\($0)" + texts[$0] }
      return .object(
        Dictionary(uniqueKeysWithValues: keys.map { ($0, tree(depth: depth + 1, &random)) }))
    }
  }
}
