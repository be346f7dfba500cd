/// Instruction-set features that matter to hashing kernels, in the kernel's names.
enum FeatureCatalog {
  /// In the order that people read: older before newer.
  static let all: [String] = [
    // x86
    "sse2", "ssse3", "sse4_1", "sse4_2", "avx", "xop", "avx2", "bmi1", "bmi2", "aes", "vaes",
    "gfni",
    "sha_ni", "sha512", "avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512cd", "avx512ifma",
    "avx512vbmi", "avx512_vbmi2", "avx512_bitalg", "avx512_vpopcntdq", "avx10",
    // ARM, where `aes` and `sha512` are the same words
    "neon", "asimd", "pmull", "sha1", "sha2", "sha3", "sve", "sve2", "svesha3", "sveaes",
    // POWER, LoongArch, RISC-V
    "altivec", "vsx", "lsx", "lasx", "v", "zbb", "zbkb", "zknh", "zvbb", "zvkb", "zvknha", "zvknhb",
  ]

  /// The features among `words`, in the catalogue's order.
  static func matching(_ words: Set<String>) -> [String] { all.filter(words.contains) }
}
