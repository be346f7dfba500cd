internal import CKernels
package import Model

/// Equihash 200,9: Zcash's proof of work since 2016. What is counted is a solution; an attempt, one nonce, has 1.88 of
/// them on average.
///
/// There is a checker in Swift and no solver: it judges what kernels find, and cannot tell what they miss.
extension Equihash {
  /// A header of 140 bytes that ends with a nonce of 32, the first four of which number the attempts.
  internal static let zcashShape = WorkShape(
    size: 140, nonceOffset: 108, yield: .solutions(expected: 1.88),
    payloadSize: zcash.solutionSize, proofsPerWindow: 32)

  /// Source: ZcashFoundation/zebra, zebra-test/src/vectors/block-main-0-000-001.txt.
  internal static let zcashAnswers: [KnownAnswer] = {
    guard let header = bytes(zcashHeader), let input = WorkInput(bytes: header, zcashShape),
      let solution = bytes(zcashSolution),
      let hash = bytes("0007bc227e1c57a4a70e237cad00e7b7ce565155ab49166bc57397a26d339283")
    else { preconditionFailure("a known answer is hexadecimal") }
    return [
      KnownAnswer(
        "block 1 of Zcash", input: input, payload: solution, value: hash.reversed())
    ]
  }()

  private static func bytes(_ lines: String) -> [UInt8]? {
    Hexadecimal.decode(lines.filter { !$0.isNewline })
  }

  private static let zcashHeader = """
    0400000008ce3d9731b000c08338455c8a4a6bd05da16e26b11daa1b917184ece80f04000946edb9c083c9942d923054
    44527765fad789c438c717783276a9f7fbf61b8500000000000000000000000000000000000000000000000000000000
    00000000ac7a1358ffff071f7534e8cf161ff2e49d54bdb3bfbcde8cdbf2fc5963c9ec7d86aed4a67e975790
    """

  private static let zcashSolution = """
    002b2ee0d2f5d0c1ebf5a265b6f5b428f2fdc9aaea07078a6c5cab4f1bbfcd56489863deae6ea3fd8d3d0762e8e5295f
    f2670c9e90d8e8c68a54a40927e82a65e1d44ced20d835818e172d7b7f5ffe0245d0c3860a3f11af5658d68b6a7253b4
    684ffef5242fefa77a0bfc3437e8d94df9dc57510f5a128e676dd9ddf23f0ef75b460090f507499585541ab53a470c54
    7ea02723d3a979930941157792c4362e42d3b9faca342a5c05a56909b046b5e92e2870fca7c932ae2c2fdd97d75b6e0e
    cb501701c1250246093c73efc5ec2838aeb80b59577741aa5ccdf4a631b79f70fc419e28714fa22108d991c29052b2f5
    f72294c355b57504369313470ecdd8e0ae97fc48e243a38c2ee7315bb05b7de9602047e97449c81e46746513221738dc
    729d7077a1771cea858865d85261e71e82003ccfbba2416358f023251206d6ef4c5596bc35b2b5bce3e9351798aa2c99
    04723034e5815c7512d260cc957df5db6adf9ed7272483312d1e68c60955a944e713355089876a704aef06359238f6de
    5a618f7bd0b4552ba72d05a6165e582f62d55ff2e1b76991971689ba3bee16a520fd85380a6e5a31de4dd4654d561101
    ce0ca390862d5774921eae2c284008692e9e08562144e8aa1f399a9d3fab0c4559c1f12bc945e626f7a89668613e8829
    767f4116ee9a4f832cf7c3ade3a7aba8cb04de39edd94d0d05093ed642adf9fbd9d373a80832ffd1c62034e4341546b3
    515f0e42e6d8570393c6754be5cdb7753b4709527d3f164aebf3d315934f7b3736a1b31052f6cc5699758950331163b3
    df05b9772e9bf99c8c77f8960e10a15edb06200106f45742d740c422c86b7e4f5a52d3732aa79ee54cfc92f76e03c268
    ae226477c19924e733caf95b8f350233a5312f4ed349d3ad76f032358f83a6d0d6f83b2a456742aad7f3e615fa722863
    00f0ea1c9793831ef3a5a4ae08640a6e32f53d1cba0be284b25e923d0d110ba227e54725632efcbbe17c05a9cde97650
    4f6aece0c461b562cfae1b85d5f6782ee27b3e332ac0775f681682ce524b32889f1dc4231226f1aada0703beaf8d4173
    2c9647a0a940a86f8a1be7f239c44fcaa7ed7a055506bdbe1df848f9e047226bee1b6d788a03f6e352eead99b419cfc4
    1741942dbeb7a5c55788d5a3e636d8aab7b36b4db71d16700373bbc1cdeba8f9b1db10bf39a621bc737ea4f4e333698d
    6e09b51ac7a97fb6fd117ccad1d6b6b3a7451699d5bfe448650396d7b58867b3b0872be13ad0b43da267df0ad7702515
    5f04e20c56d6a9befb3e9c7d23b82cbf3a534295ebda540682cc81be9273781b92519c858f9c25294fbacf75c3b3c15b
    da6d36de1c83336f93e96910dbdcb190d6ef123c98565ff6df1e903f57d4e4df167ba6b829d6d9713eb2126b0cf86994
    0204137babcc6a1b7cb2f0b94318a7460e5d1a605c249bd2e72123ebad332332c18adcb285ed8874dbde084ebcd4f744
    465350d57110f037fffed1569d642c258749e65b0d13e117eaa37014a769b5ab479b7c77178880e77099f999abe712e5
    43dbbf626ca9bcfddc42ff2f109d21c8bd464894e55ae504fdf81e1a7694180225da7dac8879abd1036cf26bb50532b8
    cf138b337a1a1bd1a43f8dd70b7399e2690c8e7a5a1fe099026b8f2a6f65fc0dbedda15ba65e0abd66c7176fb4269805
    49892b4817de78e345a7aeab05744c3def4a2f283b4255b02c91c1af7354a368c67a11703c642a385c7453131ce3a78b
    24c5e22ab7e136a38498ce82082181884418cb4d6c2920f258a3ad20cfbe7104af1c6c6cb5e58bf29a9901721ad19c0a
    260cd09a3a772443a45aea4a5c439a95834ef5dc2e26343278947b7b796f796ae9bcadb29e2899a1d7313e6f7bfb6f8b
    """
}

/// The checker as the judge of proofs: the value of one is SHA-256 twice over header, length and solution, which is the
/// block's hash.
package struct EquihashReference: WorkReference {
  private let form: Equihash

  package init(_ form: Equihash = .zcash) { self.form = form }

  package var finds: Bool { false }

  package func outcomes(of input: WorkInput) -> [AttemptOutcome] { [] }

  package func value(of input: WorkInput, payload: [UInt8]) -> [UInt8]? {
    guard form.isSolution(payload, of: input.bytes) else { return nil }
    // The length as Bitcoin writes it: a mark, then 16 bits.
    let length = [0xfd, UInt8(truncatingIfNeeded: payload.count), UInt8(payload.count >> 8)]
    return SHA256.hash(SHA256.hash(input.bytes + length + payload))
  }
}

extension AlgorithmDescriptor {
  package static let equihash = AlgorithmDescriptor(
    id: .equihash, shape: Equihash.zcashShape, knownAnswers: Equihash.zcashAnswers,
    onlyKernels: unsafe kernelTable(Equihash.zcashShape) { unsafe hw_equihash_kernels($0) }
  ) { _ throws(Failure) in EquihashReference() }
}
