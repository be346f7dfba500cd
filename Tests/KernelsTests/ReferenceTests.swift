import Kernels
import Model
import TestSupport
import Testing

/// The references against figures that others published.
struct ReferenceTests {
  @Test("the references give the proof-of-work hashes of real blocks")
  func blocks() throws {
    let blocks = try Figures.blocks()
    let ofHeaders = AlgorithmCatalog.builtIn.all.filter { $0.shape == .blockHeader }
    #expect(Set(blocks.map(\.algorithm)) == Set(ofHeaders.map(\.id.rawValue)))
    for block in blocks {
      let header = try block.parsedHeader()
      let algorithm = try #require(
        AlgorithmCatalog.builtIn.descriptor(of: AlgorithmID(rawValue: block.algorithm)))
      let hash = try #require(algorithm.reference().value(of: header, payload: []))
      #expect(Hexadecimal.encode(hash.reversed()) == block.hash, "\(block.name)")
      let target = try Target(compact: #require(header.compactTarget(.blockHeader)))
      #expect(target.isMet(by: hash), "\(block.name)")
    }
  }

  @Test("libcrypto's digest is the reference's at every length of a block's end")
  func libcryptoDigest() {
    for length in Array(0...130) + [1 << 16] {
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ length) }
      #expect(LibcryptoDigest.sha256(bytes) == SHA256.hash(bytes), "\(length) bytes")
    }
  }

  @Test("the references' intermediate values are those of real blocks")
  func intermediates() throws {
    let blocks = try Figures.blocks()
    #expect(blocks.contains { $0.midstate != nil } && blocks.contains { $0.pbkdf2 != nil })
    for block in blocks {
      let header = try block.parsedHeader()
      if let expected = block.midstate {
        var state = SHA256.initialState
        SHA256.compress(&state, Array(header.bytes.prefix(64)))
        let words = state.flatMap { word in
          (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * $0)) }
        }
        #expect(Hexadecimal.encode(words) == expected, "\(block.name)")
      }
      if let expected = block.pbkdf2 {
        let derived = Scrypt.pbkdf2(
          password: header.bytes, salt: header.bytes, iterations: 1, length: 128)
        #expect(Hexadecimal.encode(derived) == expected, "\(block.name)")
      }
    }
  }

  @Test("the parts of the references give the values of NIST and the RFCs")
  func primitives() throws {
    let figures = try Figures.load(Figures.Primitives.self, "primitives")
    for figure in figures.sha256 {
      #expect(Hexadecimal.encode(SHA256.hash(Array(figure.message.utf8))) == figure.digest)
    }
    for figure in figures.keccak256 {
      #expect(
        Hexadecimal.encode(Keccak256.hash(bytes: Array(figure.message.utf8))) == figure.digest)
    }
    for figure in figures.sha3256 {
      let digest = Keccak256.hash(bytes: Array(figure.message.utf8), domain: 0x06)
      #expect(Hexadecimal.encode(digest) == figure.digest)
    }
    for figure in figures.hmac {
      let digest = Scrypt.hmac(key: try bytes(figure.key), try bytes(figure.message))
      #expect(Hexadecimal.encode(digest) == figure.digest)
    }
    for figure in figures.pbkdf2 {
      let digest = Scrypt.pbkdf2(
        password: Array(figure.password.utf8), salt: Array(figure.salt.utf8),
        iterations: figure.iterations, length: figure.digest.utf8.count / 2)
      #expect(Hexadecimal.encode(digest) == figure.digest)
    }
    let words = Scrypt.words(try bytes(figures.salsa.input))
    var block = Scrypt.Chunk { words[$0] }
    Scrypt.salsa(&block)
    #expect(
      Hexadecimal.encode(Scrypt.bytes((0..<16).map { block[$0] })) == figures.salsa.output)
  }

  @Test("scrypt gives the vectors of RFC 7914")
  func scrypt() throws {
    for figure in try Figures.load(Figures.Primitives.self, "primitives").scrypt {
      let work = figure.cost * figure.blockSize * figure.parallelization
      // They take a gigabyte, and run without a sanitizer too.
      if isSanitized, work > 1024 { continue }
      let digest = Scrypt.derive(
        password: Array(figure.password.utf8), salt: Array(figure.salt.utf8), cost: figure.cost,
        blockSize: figure.blockSize, parallelization: figure.parallelization, length: 64)
      #expect(Hexadecimal.encode(digest) == figure.digest)
    }
  }

  @Test("nBits words give their targets, and words that stand for none are refused")
  func compactTargets() throws {
    let figures = try Figures.load(Figures.CompactTargets.self, "compact-targets")
    for figure in figures.targets {
      let word = try #require(UInt32(figure.nbits, radix: 16))
      #expect(try Target(compact: word).displayText == figure.target, "\(figure.nbits)")
    }
    for figure in figures.rejected {
      let word = try #require(UInt32(figure.nbits, radix: 16))
      let fault = #expect(throws: CompactTargetFault.self, "\(figure.nbits)") {
        try Target(compact: word)
      }
      #expect(
        fault.map { "\($0)".contains(figure.why == "overflow" ? "above" : figure.why) } == true)
    }
  }

  @Test("a window's target yields about a thousand shares", arguments: [1e3, 2e5, 3e7, 6e8, 1e13])
  func shareTarget(hashes: Double) {
    let expected = Target.yielding(1000, ofUnits: hashes).probability * hashes
    #expect(expected > 700 && expected < 1500)
  }
}

/// Whether a sanitizer watches (`Scripts/check.sh`), which makes the references many times slower.
let isSanitized: Bool = {
  #if SANITIZED
    true
  #else
    false
  #endif
}()
