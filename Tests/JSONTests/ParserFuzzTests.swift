import JSON
import TestSupport
import Testing

/// Bytes of strangers reach the parser: whatever they are, it reads them as they are meant or says where they are wrong.
struct ParserFuzzTests {
  /// Texts that touch every part of the grammar.
  private static let seeds = [
    #"{"a": [1, -2.5e+3, 0, true, false, null], "b": {"c": "é😀\/\n\ud83d\ude00"}, "d": ""}"#,
    #"[[[[{"k": [{}, [], ""]}]]], 18446744073709551615, 1e308, -0, "\\\"\u0041"]"#,
    #""µ漢\u00e9 text with \t and more""#, "-0.125E-2", #"{"x":{"y":{"z":[]}},"w":[0]}"#,
  ]

  /// Bytes that mean something to the grammar are put in more often than others.
  private static let pieces =
    [
      "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "0", "-", ".", "e", "1e999",
      "null",
    ]
    .map { Array($0.utf8) } + [[0xff], [0xc3], [0xe2, 0x80], [0xef, 0xbb, 0xbf], [0x00], [0x0a]]

  private static func mutated(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let place = Int.random(in: 0...bytes.count, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes = Array(bytes.prefix(place))
      case 1 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 2 where place < bytes.count: bytes.remove(at: place)
      case 3:
        let end = Int.random(in: place...bytes.count, using: &random)
        bytes.insert(contentsOf: bytes[place..<end], at: place)
      default: bytes.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: place)
      }
    }
    return bytes
  }

  @Test(
    "mutated bytes are refused with a place, or read as a tree that is written and read back as it is"
  )
  func mutations() throws {
    var random = SeededGenerator(seed: 20_261_126)
    var refused = 0
    var taken = 0
    for round in 0..<20_000 {
      let bytes = Self.mutated(Array(Self.seeds[round % Self.seeds.count].utf8), &random)
      do {
        let tree = try JSONParser.parse(bytes)
        taken += 1
        let written = JSONWriter.write(tree)
        #expect(try JSONParser.parse(written) == tree)
        #expect(JSONWriter.write(try JSONParser.parse(written)) == written)
        // Whatever is read is text, without a byte that is none.
        #expect(String(validating: written, as: UTF8.self) != nil)
      } catch {
        refused += 1
        #expect(!error.message.isEmpty)
        #expect(bytes.isEmpty || error.place.hasPrefix("line "))
      }
    }
    // The mutations reach both ends.
    #expect(refused > 5000)
    #expect(taken > 1000)
  }

  @Test("every value of a document that was taken has a place, and is found again by its keys")
  func places() throws {
    var random = SeededGenerator(seed: 5)
    var seen = 0
    for round in 0..<5000 {
      let bytes = Self.mutated(Array(Self.seeds[round % Self.seeds.count].utf8), &random)
      guard let document = try? JSONParser.document(bytes) else { continue }
      seen += 1
      for node in document.nodes.indices {
        let place = document.place(of: node)
        #expect(node == 0 ? place.isEmpty : true)
        #expect(document.after(node) > node && document.after(node) <= document.nodes.count)
        guard document.kind(node) == .object else { continue }
        for member in document.members(node) {
          #expect(document.value(of: document.text(member.key), in: node) == member.value)
        }
      }
    }
    #expect(seen > 300)
  }

  @Test("what is invisible is written as an escape and comes back")
  func invisible() throws {
    let text = "a\u{0}\u{1f}\u{7f}\u{85}\u{200b}\u{202e}\u{2066}é"
    let bytes = JSONWriter.write(.string(text))
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == #""a\u0000\u001f\u007f\u0085\u200b\u202e\u2066é""# + "\n")
    #expect(try JSONParser.parse(bytes) == .string(text))
  }

  @Test("a line of a log keeps the order of its members and has no spaces")
  func line() throws {
    let line = JSONWriter.line([
      "event": .string("read"), "b": .number("1"),
      "a": .array([.null, .object(["z": .bool(true)])]),
    ])
    #expect(line == #"{"event":"read","b":1,"a":[null,{"z":true}]}"#)
    #expect(try JSONParser.parse(Array(line.utf8))["event"]?.text == "read")
  }
}
