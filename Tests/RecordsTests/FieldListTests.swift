// What is tested is internal to its target, which only debug builds open to tests.
#if DEBUG

  import JSON
  import Model
  import Testing

  @testable import Records

  /// Each field of a record stands once, in its list; what follows from the list is checked here.
  struct FieldListTests {
    @Test("an example of every format comes back from its bytes as it was", arguments: [0, 1])
    func roundTrip(variant: Int) throws {
      let result = try Self.example(StatedResult.self, variant)
      let again = try StatedResult.decode(try Self.document(result))
      #expect(again.result == result.result)
      #expect(again.figures == result.figures)
      try Self.comesBack(Profile.self, variant)
      try Self.comesBack(Calibration.self, variant)
      try Self.comesBack(DetectionReport.self, variant)
      try Self.comesBack(JournalHeader.self, variant)
      let line = try Self.example(JournalLine.self, variant)
      #expect(try JournalLine.decode(try Self.document(line)).step == line.step)
    }

    @Test("every stored property of what is recorded is in a list")
    func complete() throws {
      let inResult = try Self.unlisted(StatedResult.self)
      #expect(inResult == [], "\(inResult)")
      #expect(try Self.unlisted(Profile.self) == [])
      #expect(try Self.unlisted(Calibration.self) == [])
      #expect(try Self.unlisted(DetectionReport.self) == [])
      #expect(try Self.unlisted(JournalHeader.self) == [])
      #expect(try Self.unlisted(JournalLine.self) == [])
      #expect(try Self.unlisted(FleetPlan.self) == [])
    }

    @Test("a property that is in no list is found")
    func unlistedIsFound() throws {
      #expect(try Self.unlisted(Forgetful.self) == ["forgotten", "inner.0.forgotten"])
    }

    @Test("keys are lower case and stand once in a record; records have names of their own")
    func keys() throws {
      for format in RecordFormat.files {
        let tables = try format.tables()
        #expect(Set(tables.names).count == tables.names.count)
      }
      for entry in try Self.catalogue().entries {
        let keys = entry.fields.map(\.key)
        #expect(Set(keys).count == keys.count, "\(entry.name)")
        for key in keys {
          #expect(
            key.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "_" }, "\(entry.name).\(key)")
        }
        for field in entry.fields {
          #expect(field.meaning.hasSuffix("."), "\(entry.name).\(field.key): a sentence")
        }
      }
    }

    @Test("a number outside its limit is refused with its place")
    func limits() throws {
      let text = #"{"cpu": 1, "clock_hz": 3e9, "throughputs": [], "kernels": []}"#
      let document = try JSONParser.document(Array(text.utf8))
      #expect(try CoreRoofline.decode(document).cpu == 1)
      let wrong = try JSONParser.document(Array(text.replacing("1", with: "-1").utf8))
      let problem = #expect(throws: JSONProblem.self) { try CoreRoofline.decode(wrong) }
      #expect(problem?.description == "at cpu: is not at least 0")
    }

    @Test("the place of a number that JSON cannot spell is told")
    func unwritable() throws {
      var result = try EveryField.result()
      result.samples[1].stateBefore?.unixTime = .infinity
      let problem = #expect(throws: JSONProblem.self) { try ResultFile.encode(result) }
      #expect(
        problem?.description
          == "at samples[1].state_before.at_unix_s: inf cannot be a JSON number")
    }

    // MARK: Support

    private static func example<Value: Record>(_ type: Value.Type, _ variant: Int) throws -> Value {
      var numbers = ExampleNumbers(variant: variant)
      return try Value.example(&numbers)
    }

    private static func document(_ value: some Record) throws -> JSONDocument {
      try JSONParser.document(JSONWriter.write(try value.encoded()))
    }

    private static func comesBack<Value: Record & Equatable>(
      _ type: Value.Type, _ variant: Int
    ) throws {
      let value = try example(type, variant)
      #expect(try Value.decode(try document(value)) == value)
    }

    private static func catalogue() throws -> RecordCatalogue {
      var catalogue = RecordCatalogue()
      try catalogue.add(StatedResult.self)
      try catalogue.add(Profile.self)
      try catalogue.add(Calibration.self)
      try catalogue.add(DetectionReport.self)
      try catalogue.add(JournalHeader.self)
      try catalogue.add(JournalLine.self)
      return catalogue
    }

    /// The paths of stored properties that no field fills: two examples that differ in everything are equal there.
    private static func unlisted<Value: Record>(_ type: Value.Type) throws -> [String] {
      equal(try example(type, 0), try example(type, 1), at: "")
    }

    private static func equal(_ first: Any, _ second: Any, at path: String) -> [String] {
      let left = Array(Mirror(reflecting: first).children)
      let right = Array(Mirror(reflecting: second).children)
      guard !left.isEmpty, left.count == right.count else {
        return "\(first)" == "\(second)" ? [path] : []
      }
      return zip(left, right).enumerated().flatMap { index, pair in
        let name = pair.0.label ?? "\(index)"
        // The wrappers of an optional, of a reading and of a unit are no steps of a path.
        // A key is one text, whatever it says.
        if name == "key" { return "\(pair.0.value)" == "\(pair.1.value)" ? ["\(path).key"] : [] }
        let isWrapper = ["some", "value", "rawValue"].contains(name)
        let inner = isWrapper ? path : path.isEmpty ? name : "\(path).\(name)"
        return equal(pair.0.value, pair.1.value, at: inner)
      }
    }
  }

  /// A record whose list forgets a property.
  private struct Forgetful: Record {
    static var recordName: String { "forgetful" }
    static var recordMeaning: String { "A test." }

    struct Inner: Record {
      static var recordName: String { "inner" }
      static var recordMeaning: String { "A test." }
      var kept: Int
      var forgotten: Double? = nil

      static func fields(_ field: inout some FieldList<Inner>) throws(JSONProblem) -> Inner {
        Inner(kept: try field("kept", \.kept, "Kept."))
      }
    }

    var kept: String
    var forgotten = false
    var inner: [Inner]

    static func fields(_ field: inout some FieldList<Forgetful>) throws(JSONProblem) -> Forgetful {
      Forgetful(
        kept: try field("kept", \.kept, "Kept."), inner: try field("inner", \.inner, "Kept."))
    }
  }

#endif
