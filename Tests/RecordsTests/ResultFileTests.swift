import JSON
import Model
import Records
import TestSupport
import Testing

struct ResultFileTests {
  @Test("a result with every field comes back as it was")
  func roundTrip() throws {
    let result = try EveryField.result()
    let bytes = try ResultFile.encode(result)
    let read = try ResultFile.read(bytes, name: "every.json")
    #expect(read.result == result)
    #expect(read.statedFigures == result.samples.map(\.figures))
    #expect(read.digest == Hexadecimal.encode(SHA256.hash(bytes)))
    #expect(try ResultFile.encode(read.result) == bytes)
  }

  @Test("results of other rooms' tests come back as they were")
  func sampleResult() throws {
    for hypervisor in [nil, "kvm"] {
      var sample = SampleResult()
      sample.hypervisor = hypervisor
      let result = sample.make()
      #expect(try ResultFile.decode(try ResultFile.encode(result), name: "a") == result)
    }
  }

  @Test("the format's text stays what it is")
  func golden() throws {
    assertSnapshot(
      String(decoding: try ResultFile.encode(try EveryField.result()), as: UTF8.self),
      named: "result-v1.json")
  }

  @Test("a number that JSON cannot hold is refused with its place")
  func notANumber() throws {
    var result = try EveryField.result()
    result.summaries[0].sharesExpected = .nan
    let problem = #expect(throws: JSONProblem.self) { try ResultFile.encode(result) }
    #expect(problem?.place == "summaries[0].shares_expected")
  }

  /// One edit of a good file and the one line that refuses it.
  struct Edit: CustomTestStringConvertible, Sendable {
    let what: String
    let from: String
    let to: String
    let line: String
    var testDescription: String { what }
  }

  static let edits = [
    Edit(
      what: "newer version", from: "  \"version\": 1,\n", to: "  \"version\": 2,\n",
      line: "f.json: written in version 2 of hashwatt-result; this hashwatt reads up to 1: "
        + "use a newer hashwatt"),
    Edit(
      what: "version 0", from: "  \"version\": 1,\n", to: "  \"version\": 0,\n",
      line: "f.json: its version is missing or not a whole number from 1: use a copy that is whole"
    ),
    Edit(
      what: "version as text", from: "  \"version\": 1,\n", to: "  \"version\": \"1\",\n",
      line: "f.json: its version is missing or not a whole number from 1: use a copy that is whole"
    ),
    Edit(
      what: "other format", from: "\"hashwatt-result\"", to: "\"hashwatt-profile\"",
      line: "f.json: its format is \"hashwatt-profile\", not \"hashwatt-result\": "
        + "give a file of that format"),
    Edit(
      what: "no format", from: "\"format\":", to: "\"formed\":",
      line: "f.json: not a file of hashwatt (no \"format\"): give a file that hashwatt wrote"),
    Edit(
      what: "text for a number", from: "\"units\": 12582914", to: "\"units\": \"many\"",
      line: "f.json: at samples[1].units: a text where a whole number from 0 to "
        + "18446744073709551615 belongs"),
    Edit(
      what: "huge number", from: "\"units\": 12582914", to: "\"units\": 1e999",
      line: "f.json: at samples[1].units: 1e999 where a whole number from 0 to "
        + "18446744073709551615 belongs"),
    Edit(
      what: "huge integer", from: "\"units\": 12582914",
      to: "\"units\": 99999999999999999999999999999999",
      line: "f.json: at samples[1].units: 99999999999999999999999999999999 where a whole number "
        + "from 0 to 18446744073709551615 belongs"),
    Edit(
      what: "huge fraction", from: "\"shares_expected\": 2.0625",
      to: "\"shares_expected\": 1e400",
      line: "f.json: at summaries[0].shares_expected: 1e400 where a number within the range of a "
        + "64-bit floating-point number belongs"),
    Edit(
      what: "NaN", from: "\"shares_expected\": 2.0625", to: "\"shares_expected\": NaN",
      line: "f.json: at line LINE, column 26: NaN, which is not a JSON number: "
        + "use a copy that is whole"),
    Edit(
      what: "missing key", from: "\"seed\":", to: "\"sead\":",
      line: "f.json: the key \"seed\" is missing"),
    Edit(
      what: "unknown key", from: "\"seed\":", to: "\"color\": 1, \"seed\":",
      line: "f.json: at color: a key that this version does not have"),
    Edit(
      what: "unknown key inside", from: "\"privilege\": \"group\"",
      to: "\"colour\": \"red\", \"privilege\": \"group\"",
      line: "f.json: at meters[0].colour: a key that this version does not have"),
    Edit(
      what: "unknown word", from: "\"grade\": \"R0\"", to: "\"grade\": \"R9\"",
      line: "f.json: at grading.grade: \"R9\" is not a word that belongs here"),
    Edit(
      what: "bad challenge", from: "\"challenge\": \"64", to: "\"challenge\": \"6",
      line: "f.json: at challenge: not 64 lower-case hexadecimal digits"),
    Edit(
      what: "short share", from: "[0, 5, 7, \"ab01\"]", to: "[0, 5]",
      line: "f.json: at samples[1].shares[0]: the list has 2 elements, fewer than it should"),
    Edit(
      what: "long share", from: "[0, 5, 7, \"ab01\"]", to: "[0, 5, 7, \"ab01\", 9]",
      line: "f.json: at samples[1].shares[0]: more than three numbers and a payload in a share"),
    Edit(
      what: "payload that is no hexadecimal", from: "\"ab01\"", to: "\"ab0\"",
      line: "f.json: at samples[1].shares[0]: a payload that is not hexadecimal"),
    Edit(
      what: "nonce of 33 bits", from: "[0, 5, 7,", to: "[0, 5, 4294967296,",
      line: "f.json: at samples[1].shares[0][2]: 4294967296 where a whole number from 0 to "
        + "4294967295 belongs"),
    Edit(
      what: "negative worker", from: "[0, 5, 7,", to: "[-1, 5, 7,",
      line: "f.json: at samples[1].shares[0]: a worker outside 0 to 65535"),
    Edit(
      what: "backward span", from: "\"to_sequence\": 5", to: "\"to_sequence\": 3",
      line: "f.json: at samples[1].spans[0]: the span ends before it starts"),
    Edit(
      what: "span of ages", from: "\"to_sequence\": 5", to: "\"to_sequence\": 4294967295",
      line: "f.json: at samples[1]: more work than a window can hold"),
    Edit(
      what: "clock that runs backwards", from: "\"meters_from_ns\": 71500000000",
      to: "\"meters_from_ns\": 1500000000",
      line: "f.json: at samples[1]: the window's instants are not in order"),
    Edit(
      what: "fraction of the roofline", from: "\"reached\": 0.75", to: "\"reached\": 0.95",
      line: "f.json: at roofline.kernels[0].reached: is not the measured rate over the bound"),
    Edit(
      what: "duplicate key", from: "\"version\": 1", to: "\"version\": 1, \"version\": 1",
      line:
        "f.json: at line LINE, column 17: the key \"version\" for the second time in one object: "
        + "use a copy that is whole"),
    Edit(
      what: "two documents", from: "\"hash\"\n    }\n  ]\n}", to: "\"hash\"\n    }\n  ]\n}{",
      line: "f.json: at line LINE, column 2: more text after the end of the JSON document: "
        + "use a copy that is whole"),
  ]

  @Test("an edited file is refused in one line that says where", arguments: edits)
  func edited(_ edit: Edit) throws {
    let text = String(decoding: try ResultFile.encode(try EveryField.result()), as: UTF8.self)
    let parts = text.split(separator: edit.from, maxSplits: 1, omittingEmptySubsequences: false)
    try #require(parts.count == 2, "the edit finds its place")
    let changed = Array((parts[0] + edit.to + parts[1]).utf8)
    let failure = #expect(throws: Failure.self) {
      try ResultFile.decode(changed, name: "f.json")
    }
    // Where the edit ends, whatever stands before it in the file.
    let number = (parts[0] + edit.from).split(separator: "\n", omittingEmptySubsequences: false)
      .count
    #expect(failure?.line == edit.line.replacing("LINE", with: "\(number)"))
    #expect(failure?.exitCode == .badInput)
  }

  @Test("a key that this version does not have is refused in whichever object it stands")
  func unknownKeys() throws {
    let whole = try JSONParser.parse(try ResultFile.encode(try EveryField.result()))
    let variants = Self.extended(whole, at: "")
    for variant in variants {
      let failure = #expect(throws: Failure.self) {
        _ = try ResultFile.decode(JSONWriter.write(variant.value), name: "f.json")
      }
      #expect(
        failure?.line == "f.json: at \(variant.place): a key that this version does not have")
    }
    #expect(variants.count > 50)
  }

  /// Objects whose keys are data.
  private static let maps = [
    "facts", "placement", "power_w", "mitigations", "settings", "attributes",
  ]

  /// The value once for each object in it, which then has one key more.
  private static func extended(
    _ value: JSONValue, at place: String
  ) -> [(place: String, value: JSONValue)] {
    switch value {
    case .object(let members):
      let inside = members.sorted { $0.key < $1.key }.flatMap { key, member in
        extended(member, at: (place.isEmpty ? "" : place + ".") + key)
          .filter { inner in !maps.contains { inner.place.hasSuffix($0 + ".zz") } }
          .map { ($0.place, JSONValue.object(members.merging([key: $0.value]) { $1 })) }
      }
      let own = (place.isEmpty ? "zz" : place + ".zz")
      return [(own, .object(members.merging(["zz": .number("1")]) { $1 }))] + inside
    case .array(let elements):
      return elements.enumerated().flatMap { index, element in
        extended(element, at: "\(place)[\(index)]").map { inner in
          var changed = elements
          changed[index] = inner.value
          return (inner.place, .array(changed))
        }
      }
    default: return []
    }
  }

  @Test("a file cut at any byte is refused, and never taken for a shorter one")
  func truncated() throws {
    let bytes = try ResultFile.encode(try EveryField.result())
    for length in stride(from: 0, to: bytes.count - 2, by: 61) {
      let failure = #expect(throws: Failure.self) {
        try ResultFile.decode(Array(bytes.prefix(length)), name: "f.json")
      }
      #expect(failure?.exitCode == .badInput)
      #expect(failure?.line.contains(length == 0 ? "empty" : "truncated") == true)
    }
  }

  @Test("random bytes and random edits never crash and never pass unseen")
  func fuzz() throws {
    let result = try EveryField.result()
    let bytes = try ResultFile.encode(result)
    var random = SeededGenerator(seed: 7)
    for _ in 0..<500 {
      var changed = bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        changed[Int.random(in: 0..<changed.count, using: &random)] =
          UInt8.random(in: 0...255, using: &random)
      }
      if changed == bytes { continue }
      // Whatever is taken is then another valid result, which encodes again.
      if let read = try? ResultFile.decode(changed, name: "f.json") {
        _ = try ResultFile.encode(read)
      }
    }
  }
}
