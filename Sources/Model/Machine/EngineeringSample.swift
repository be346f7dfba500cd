/// Processors and cards that were made for trials and never sold, as they name themselves.
package enum EngineeringSample {
  /// Whether a model's name is one of an engineering sample.
  ///
  /// AMD writes `AMD Eng Sample: 100-000000053-04_36/24_N` into the processor, Intel four zeros in place of the model's
  /// number (`Genuine Intel(R) CPU 0000 @ 2.40GHz`, `Intel(R) Xeon(R) CPU $0000%@`); pci.ids says `Engineering Sample`.
  package static func isNamed(by name: String) -> Bool {
    let words = name.lowercased().split { !($0.isLetter || $0.isNumber) }
    let isPair = zip(words, words.dropFirst()).contains {
      ($0 == "eng" || $0 == "engineering") && $1 == "sample"
    }
    return isPair || (words.contains("intel") && words.contains("0000"))
  }
}
