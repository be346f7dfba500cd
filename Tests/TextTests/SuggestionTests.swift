import Model
import Testing
import Text

struct SuggestionTests {
  private let kernels = ["avx512-2x16", "avx2-2x8", "shani-2", "portable", "swift", "openssl"]

  @Test(
    "the nearest word, or none",
    arguments: [
      ("protable", "portable"), ("opensll", "openssl"), ("avx512", "avx512-2x16"),
      ("SWIFT", "swift"), ("cuda", nil), ("", nil), ("avx", nil),
    ])
  func nearest(word: String, expected: String?) {
    #expect(Suggestion.nearest(to: word, among: kernels) == expected)
  }

  @Test("an unknown word is answered in one way")
  func unknown() {
    let near = Failure.unknown("kernel", "swfit", place: " for sha256d", among: kernels)
    #expect(near.exitCode == .usage)
    #expect(
      near.line == "unknown kernel 'swfit' for sha256d: did you mean 'swift'? choose one of "
        + kernels.joined(separator: ", "))
    #expect(
      Failure.unknown("meter", "x", among: ["exec"], shown: ["exec:CMD"]).line
        == "unknown meter 'x': choose one of exec:CMD")
  }
}
