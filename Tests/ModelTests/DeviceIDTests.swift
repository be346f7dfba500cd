import Model
import Testing

/// One identifier scheme for detection, backends, meters and results.
struct DeviceIDTests {
  @Test(
    "an identifier in its one spelling",
    arguments: [
      ("cpu", "cpu", DeviceID.Place.cpu), ("pci:0000:65:00.0", "pci:0000:65:00.0", .pci),
      ("pci:65:00.0", "pci:0000:65:00.0", .pci), ("pci:0000:AF:1f.7", "pci:0000:af:1f.7", .pci),
      ("pci:00000000:65:00.0", "pci:0000:65:00.0", .pci),
      ("pci:10000:65:00.0", "pci:10000:65:00.0", .pci),
      ("miner:192.0.2.7", "miner:192.0.2.7", .miner),
      ("miner:s19.lan:4028", "miner:s19.lan:4028", .miner),
      ("opencl:pocl", "opencl:pocl", .opencl), ("usb:1-2.4", "usb:1-2.4", .usb),
      ("platform:17000000.gpu", "platform:17000000.gpu", .platform),
    ])
  func known(text: String, spelled: String, place: DeviceID.Place) {
    let id = DeviceID(parsing: text)
    #expect(id?.rawValue == spelled)
    #expect(id?.place == place)
  }

  @Test(
    "what is no identifier",
    arguments: [
      "", "cpu:", "cpu:0", "CPU", "gpu", "gpu:0", "opencl:0", "opencl:", "opencl", "pci:", "pci:0",
      "pci:0000:65:00", "pci:0000:65:00.8", "pci:0000:65:20.0", "pci:zz:00.0", "miner:",
      "miner:a b",
      "miner:a/b", "usb:", "cuda:0", ":cpu",
    ])
  func unknown(text: String) {
    #expect(DeviceID(parsing: text) == nil)
  }

  @Test("a state's fact is of the machine or of one device, and is spelled so in files")
  func subjects() throws {
    let gpu = try #require(DeviceID(parsing: "pci:0000:65:00.0"))
    let clock = StateFact.clock.of(gpu)
    #expect(clock.rawValue == "pci:0000:65:00.0/clock_khz")
    #expect(StateFact(rawValue: clock.rawValue) == clock)
    #expect(clock != StateFact.clock)
    #expect(StateFact.governor.rawValue == "governor")
    #expect(StateFact.governor.of(.cpu) == .governor)
    #expect(StateFact(rawValue: "governor").subject == nil)
    let state = MachineState(
      instant: Instant(nanoseconds: 0), unixTime: 0,
      facts: [clock: .value(.integer(1_755_000)), .frequency: .value(.number(3e6))])
    #expect(state.integer(clock) == 1_755_000)
    #expect(state.integer(.clock) == nil)
  }
}
