/// One thread's answers to the CPUID instruction, as hwloc's tools write them.
///
/// Each line is a mask of the input registers that count, the inputs, an arrow, and the outputs.
struct CPUIDDump: Hashable {
  private struct Leaf: Hashable {
    var number: UInt32
    var part: UInt32
  }

  private var answers: [Leaf: [UInt32]] = [:]

  init(_ text: String) {
    for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
      let words = line.split(separator: " ")
      guard words.count == 10, words[5] == "=>" else { continue }
      let inputs = words[0..<5].compactMap { UInt32($0, radix: 16) }
      let outputs = words[6..<10].compactMap { UInt32($0, radix: 16) }
      guard inputs.count == 5, outputs.count == 4 else { continue }
      // Without the third bit of the mask the leaf has no parts.
      let part = inputs[0] & 4 == 0 ? 0 : inputs[3]
      answers[Leaf(number: inputs[1], part: part)] = outputs
    }
  }

  private static let bits: [(name: String, leaf: Leaf, register: Int, bit: UInt32)] = {
    let basic = Leaf(number: 1, part: 0)
    let extended = Leaf(number: 7, part: 0)
    let (ebx, ecx, edx) = (1, 2, 3)
    return [
      ("sse2", basic, edx, 26), ("ssse3", basic, ecx, 9), ("sse4_1", basic, ecx, 19),
      ("sse4_2", basic, ecx, 20), ("aes", basic, ecx, 25), ("avx", basic, ecx, 28),
      ("bmi1", extended, ebx, 3), ("avx2", extended, ebx, 5), ("bmi2", extended, ebx, 8),
      ("avx512f", extended, ebx, 16), ("avx512dq", extended, ebx, 17),
      ("avx512ifma", extended, ebx, 21), ("avx512cd", extended, ebx, 28),
      ("sha_ni", extended, ebx, 29), ("avx512bw", extended, ebx, 30),
      ("avx512vl", extended, ebx, 31), ("avx512vbmi", extended, ecx, 1),
      ("avx512_vbmi2", extended, ecx, 6), ("gfni", extended, ecx, 8), ("vaes", extended, ecx, 9),
      ("avx512_bitalg", extended, ecx, 12), ("avx512_vpopcntdq", extended, ecx, 14),
      ("sha512", Leaf(number: 7, part: 1), 0, 0),
      ("xop", Leaf(number: 0x8000_0001, part: 0), ecx, 11),
    ]
  }()

  /// What the CPU can do of what matters to hashing; nil where the dump has no basic leaf.
  var features: [String]? {
    guard answers[Leaf(number: 1, part: 0)] != nil else { return nil }
    let found = CPUIDDump.bits.filter { entry in
      answers[entry.leaf].map { $0[entry.register] >> entry.bit & 1 == 1 } ?? false
    }
    return FeatureCatalog.matching(Set(found.map(\.name)))
  }

  /// Whether a hypervisor answered; nil where the dump has no basic leaf.
  var isVirtual: Bool? { answers[Leaf(number: 1, part: 0)].map { $0[2] >> 31 == 1 } }
}
