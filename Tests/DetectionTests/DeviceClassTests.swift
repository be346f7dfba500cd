// What is tested is internal to its target, which only debug builds open to tests.
#if DEBUG

  import Model
  import Testing

  @testable import Detection

  /// Adding a kind of device is its name, a row, and a mark: this says which is missing.
  struct DeviceClassTests {
    @Test("every kind of device has one row", arguments: DeviceKind.all)
    func rows(kind: DeviceKind) {
      #expect(
        DeviceClass.all.count { $0.kind == kind } == 1,
        "\(kind.rawValue) lacks its row in DeviceClasses.swift")
    }

    @Test("every row is of a listed kind")
    func kinds() {
      for row in DeviceClass.all {
        #expect(
          DeviceKind.all.contains(row.kind), "\(row.kind.rawValue) is missing in DeviceKind.all")
      }
    }
  }

#endif
