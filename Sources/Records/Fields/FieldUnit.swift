/// The unit that a key's end tells, so that it is said once: in the key.
enum FieldUnit {
  /// Longer ends before the shorter ones that they end with.
  private static let ends: [(suffix: String, unit: String)] = [
    ("_unix_s", "s since 1970"), ("_per_s", "1/s"), ("_mtps", "MT/s"),
    ("_hz", "Hz"), ("_ns", "ns"), ("_ms", "ms"), ("_uj", "uJ"), ("_bytes", "bytes"),
    ("_relative", "fraction"),
    ("_s", "s"), ("_j", "J"), ("_w", "W"),
  ]

  /// The unit of the numbers below a key; nil for what has none.
  static func of(_ key: String) -> String? { ends.first { key.hasSuffix($0.suffix) }?.unit }
}
