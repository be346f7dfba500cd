import Model
import Testing

struct SHA256Tests {
  /// Of FIPS 180-4 and of NIST's collection beside it.
  @Test(
    "the standard's examples",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
          + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
      ),
    ])
  func examples(text: String, digest: String) {
    #expect(Hexadecimal.encode(SHA256.hash(Array(text.utf8))) == digest)
  }

  @Test("a message in two pieces has the digest of the whole, wherever it is cut")
  func pieces() {
    for length in [0, 1, 55, 56, 63, 64, 65, 127, 128, 129, 200] {
      let message = (0..<length).map { UInt8(truncatingIfNeeded: 31 &* $0 &+ 7) }
      let whole = SHA256.hash(message)
      for cut in 0...length {
        var hasher = SHA256()
        hasher.update(Array(message[..<cut]))
        hasher.update(Array(message[cut...]))
        #expect(hasher.finalize() == whole, "\(length) bytes cut at \(cut)")
      }
    }
  }
}
