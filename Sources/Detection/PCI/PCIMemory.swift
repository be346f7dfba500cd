internal import Model

/// How much memory a GPU has, as far as its regions and its driver tell.
struct PCIMemory {
  var size: Reading<UInt64>
  /// `driver`, `resizable-region`, `region`.
  var source: Reading<StateValue>

  /// What a card shows of its memory when its window does not cover all of it.
  private static let usualWindow: UInt64 = 256 << 20

  init(_ function: PCIFunction) {
    if let exact = function.system.driverVRAM {
      self.init(exact, "driver")
    } else if PCIClassifier.isIntegrated(function) {
      self.init(Reason(.absent, "it has no memory of its own and shares the main memory"))
    } else if let best = function.configuration.value?.resizableRegions.values.compactMap(\.best)
      .max(), best > PCIMemory.usualWindow
    {
      // The largest choice covers the whole memory, rounded up to a power of two.
      self.init(best, "resizable-region, rounded up to a power of two")
    } else if let largest = function.regionSizes?.values.max(), largest > PCIMemory.usualWindow {
      self.init(largest, "region, rounded up to a power of two")
    } else if let largest = function.regionSizes?.values.max(), largest > 0 {
      self.init(
        Reason(
          .absent,
          "the card shows a window of \(largest >> 20) MiB, which is not its memory's size",
          remedy: "load its driver, or switch on resizable BAR in the firmware"))
    } else {
      self.init(
        Reason(
          .notCaptured, "the sizes of the regions are not known",
          remedy: "capture with 'hashwatt detect --capture DIR' or 'sudo lspci -vvxxxx'"))
    }
  }

  private init(_ size: UInt64, _ source: String) {
    self.size = .value(size)
    self.source = .value(.text(source))
  }

  private init(_ reason: Reason) {
    size = .unavailable(reason)
    source = .unavailable(reason)
  }
}

extension PCIFunction {
  /// Sizes of the regions by number, from the system, the resizable-region capability or the dump's text; nil where
  /// nothing tells them.
  var regionSizes: [Int: UInt64]? {
    var sizes = printedSizes
    for (region, size) in configuration.value?.resizableRegions ?? [:] { sizes[region] = size.now }
    if let known = identity.regionSizes {
      for (region, size) in known.enumerated() where size > 0 { sizes[region] = size }
      return sizes
    }
    return sizes.isEmpty ? nil : sizes
  }
}
