import JSON
import LinuxSystem
import Records
import TestSupport
import Testing

/// Version 1 of every format is frozen.
///
/// `Frozen` holds its schemas and a file of each that is read, as they were when it
/// was. What is there is never written anew; an optional key may come, and anything else is version 2.
struct FrozenFormatTests {
  private static let repository =
    #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
  private static let frozen = "\(repository)/Tests/RecordsTests/Frozen"

  private static func names(_ suffix: String) -> [String] {
    ((try? SystemRoot.live.names(frozen)) ?? []).filter { $0.hasSuffix(suffix) }.sorted()
  }

  private static func document(_ path: String) throws -> JSONValue {
    try JSONParser.parse(try SystemRoot.live.bytes(path))
  }

  @Test("every format of version 1 is frozen")
  func complete() throws {
    let now = try SystemRoot.live.names("\(Self.repository)/profiles/schema")
      .filter { $0.hasSuffix(".schema.json") }.sorted()
    #expect(Self.names(".schema.json") == now)
  }

  @Test(
    "a schema promises what it promised, and asks for no more", arguments: names(".schema.json"))
  func schema(name: String) throws {
    let then = try Self.document("\(Self.frozen)/\(name)")
    let now = try Self.document("\(Self.repository)/profiles/schema/\(name)")
    #expect(SchemaPromise(then, now).broken == [])
  }

  @Test("files of version 1 are read", arguments: names("-v1.json"))
  func files(name: String) throws {
    let bytes = try SystemRoot.live.bytes("\(Self.frozen)/\(name)")
    if name == "calibration-v1.json" {
      let calibration = try CalibrationFile.decode(bytes, name: name)
      #expect(try CalibrationFile.encode(calibration) == bytes)
      return
    }
    if name == "fleet-v1.json" {
      let plan = try FleetFile.decode(bytes, name: name)
      #expect(try FleetFile.encode(plan) == bytes)
      return
    }
    switch try RecordFile.decode(bytes, name: name) {
    case .result(let recorded): #expect(try ResultFile.encode(recorded.result) == bytes)
    case .profile(let profile): #expect(try ProfileFile.encode(profile) == bytes)
    }
  }

  @Test(
    "what breaks a promise is found",
    arguments: [
      (#""required":["a","b"]"#, "asks for b"), (#""required":[]"#, "no longer promises a"),
      (#""a":{"type":"string"}"#, "/a"), (#""a":{"minimum":1,"type":"integer"}"#, "/a/minimum"),
      (#""c":{"enum":["x"]}"#, "/c"),
    ])
  func breaches(edit: String, told: String) throws {
    let text =
      #"{"properties":{"a":{"minimum":0,"type":"integer"},"b":{"type":"string"},"c":{"enum":["x","y"]}},"required":["a"]}"#
    let then = try JSONParser.parse(Array(text.utf8))
    #expect(SchemaPromise(then, then).broken == [])
    let key = edit.prefix { $0 != ":" }
    let old = try #require(
      [#""required":["a"]"#, #""a":{"minimum":0,"type":"integer"}"#, #""c":{"enum":["x","y"]}"#]
        .first { $0.hasPrefix(key) })
    let now = try JSONParser.parse(Array(text.replacing(old, with: edit).utf8))
    #expect(SchemaPromise(then, now).broken.contains { $0.contains(told) })
  }
}

/// What a schema of old promised to those who read and to those who write, against a schema of today.
private struct SchemaPromise {
  private(set) var broken: [String] = []

  init(_ then: JSONValue, _ now: JSONValue) {
    compare(then, now, "")
  }

  private mutating func compare(_ then: JSONValue, _ now: JSONValue, _ path: String) {
    for (key, old) in then.members.sorted(by: { $0.key < $1.key }) {
      // What is said for people may be said better.
      if ["description", "title", "$id", "$schema"].contains(key) { continue }
      guard let new = now[key] else {
        // A bound that is gone lets more through, which breaks nobody's file.
        if !["minimum", "maximum", "exclusiveMinimum", "maxLength", "maxItems"].contains(key) {
          broken.append("\(path)/\(key) is gone")
        }
        continue
      }
      switch key {
      case "properties", "$defs":
        for (name, part) in old.members.sorted(by: { $0.key < $1.key }) {
          if let part = new[name].map({ (part, $0) }) {
            compare(part.0, part.1, "\(path)/\(name)")
          } else {
            broken.append("\(path)/\(name) is gone")
          }
        }
      case "required":
        let (before, after) = (old.elements.compactMap(\.text), new.elements.compactMap(\.text))
        for name in before where !after.contains(name) {
          broken.append("\(path) no longer promises \(name)")
        }
        for name in after where !before.contains(name) {
          broken.append("\(path) asks for \(name)")
        }
      case "enum":
        for word in old.elements where !new.elements.contains(word) {
          broken.append("\(path) no longer knows \(word.text ?? "a value")")
        }
      case "anyOf", "prefixItems":
        guard old.elements.count <= new.elements.count else {
          broken.append("\(path)/\(key) has fewer forms")
          continue
        }
        for (index, pair) in zip(old.elements, new.elements).enumerated() {
          compare(pair.0, pair.1, "\(path)/\(key)/\(index)")
        }
      case "items",
        "additionalProperties" where old.flag == nil:
        compare(old, new, "\(path)/\(key)")
      case "minimum", "exclusiveMinimum", "minItems", "minLength":
        if (new.double ?? .infinity) > (old.double ?? 0) {
          broken.append("\(path)/\(key) is higher")
        }
      case "maximum", "maxItems", "maxLength":
        if (new.double ?? 0) < (old.double ?? .infinity) {
          broken.append("\(path)/\(key) is lower")
        }
      default:
        if old != new { broken.append("\(path)/\(key) differs") }
      }
    }
    for key in [
      "minimum", "exclusiveMinimum", "maximum", "minItems", "maxItems", "enum", "pattern",
    ]
    where then[key] == nil && now[key] != nil && !then.members.isEmpty {
      broken.append("\(path)/\(key) is new")
    }
  }
}
