package import Model

/// Etchash: Dagger-Hashimoto (Ethereum's Ethash, yellow paper appendix J) with the epochs of Ethereum Classic since block
/// 11,700,000 (ECIP-1099).
package enum Etchash {
  /// One epoch: what cache and dataset are made from, and how large they are.
  package struct Epoch: Hashable, Sendable {
    /// A block's height divided by `blocks`.
    package let number: UInt32
    /// Rows of the cache, 64 bytes each: a prime.
    package let rows: Int
    /// Pages of the dataset, 128 bytes each: a prime.
    package let pages: Int
    /// How often 32 zero bytes are hashed to give the seed.
    package let seedSteps: Int

    /// Blocks of an epoch from block 11,700,000 on.
    package static let blocks: UInt64 = 60_000
    /// Ethereum Classic comes to the last one in the 2060s, with a dataset of 18 GB.
    package static let last: UInt32 = 2047

    /// What is taken where none is named, always the same, so that results can be compared: that of about November 2026, by 13.1 s
    /// a block since block 11,700,000.
    package static let usual = Epoch(435, seedSteps: 870)

    /// An epoch of Ethereum Classic.
    ///
    /// Sizes follow the epoch, but the seed goes on counting steps of 30,000 blocks, two an epoch: with one step, or with
    /// the sizes of twice the number, no block of the chain is right.
    ///
    /// - Throws: bad usage for a number above `last`.
    package init(_ number: UInt32) throws(Failure) {
      guard number <= Self.last else {
        throw Failure(
          .usage, "epoch \(number) of etchash is too large",
          remedy: "give 0 to \(Self.last): a block's height divided by \(Self.blocks)")
      }
      self.init(number, seedSteps: 2 * Int(number))
    }

    /// An epoch of so many steps of 30,000 blocks: Ethash's own has one for each epoch.
    package init(_ number: UInt32, seedSteps: Int) {
      let epoch = Int(number)
      self.init(
        number, rows: Self.units((1 << 24) + epoch << 17 - 64, of: 64),
        pages: Self.units((1 << 30) + epoch << 23 - 128, of: 128), seedSteps: seedSteps)
    }

    private init(_ number: UInt32, rows: Int, pages: Int, seedSteps: Int) {
      self.number = number
      self.rows = rows
      self.pages = pages
      self.seedSteps = seedSteps
    }

    /// A 1,024th of epoch 0 by the same rule, so that a kernel can be tried without a gigabyte; of no chain.
    package static let test = Epoch(
      0, rows: units(1 << 14 - 64, of: 64), pages: units(1 << 20 - 128, of: 128), seedSteps: 0)

    package var cacheSize: ByteCount { ByteCount(UInt64(rows) * 64) }
    package var datasetSize: ByteCount { ByteCount(UInt64(pages) * 128) }

    /// 32 bytes.
    package var seed: [UInt8] {
      (0..<seedSteps).reduce([UInt8](repeating: 0, count: 32)) { seed, _ in
        Keccak256.hash(bytes: seed)
      }
    }

    /// The greatest prime number of units of a size that fit.
    private static func units(_ size: Int, of unit: Int) -> Int {
      var count = size / unit
      while !isPrime(count) { count -= 1 }
      return count
    }

    private static func isPrime(_ number: Int) -> Bool {
      guard number > 3, number % 2 != 0 else { return number == 2 || number == 3 }
      var divisor = 3
      while divisor * divisor <= number {
        if number % divisor == 0 { return false }
        divisor += 2
      }
      return true
    }
  }

  /// Sixteen little-endian words: a row of the cache, half a page of the dataset.
  package typealias Row = SIMD16<UInt32>

  /// What the dataset is computed from, item by item.
  package struct Cache: Sendable {
    package let epoch: Epoch
    package let rows: [Row]

    /// Takes 0.4 to 3 seconds, and up to 270 MiB, of an epoch of the chain.
    package init(_ epoch: Epoch) {
      var rows = [Row](repeating: Row(repeating: 0), count: epoch.rows)
      rows[0] = Etchash.row(Keccak.hash(epoch.seed, size: 64))
      for index in 1..<rows.count { rows[index] = Keccak.hash512(rows[index - 1]) }
      // Three rounds of RandMemoHash (Lerner 2014).
      for _ in 0..<3 {
        for index in 0..<rows.count {
          let before = rows[index == 0 ? rows.count - 1 : index - 1]
          let other = rows[Int(rows[index][0] % UInt32(rows.count))]
          rows[index] = Keccak.hash512(before ^ other)
        }
      }
      self.epoch = epoch
      self.rows = rows
    }

    /// Half a page of the dataset: 0 to `2 * epoch.pages - 1`.
    package func item(_ number: UInt32) -> Row { items([number])[0] }

    /// Half pages of the dataset, in the order of their numbers here.
    ///
    /// Each follows 256 places of the cache one after the other. Those of several go side by side, because memory answers a few
    /// such chains in the time of one.
    internal func items(_ numbers: [UInt32]) -> [Row] {
      let count = UInt32(rows.count)
      var mixes = numbers.map { number in
        var mix = rows[Int(number % count)]
        mix[0] ^= number
        return Keccak.hash512(mix)
      }
      var parents = mixes
      for step: UInt32 in 0..<256 {
        let place = Int(step % 16)
        // Fetched first, so that as many as a core can wait for are under way at once.
        for index in mixes.indices {
          let parent = Etchash.join(numbers[index] ^ step, mixes[index][place]) % count
          parents[index] = rows[Int(parent)]
        }
        for index in mixes.indices { mixes[index] = Etchash.join(mixes[index], parents[index]) }
      }
      return mixes.map(Keccak.hash512)
    }

    /// Mix and final hash of the 32 bytes of a header's hash and the 8 of the nonce, both of 32 bytes in the order in
    /// which a chain writes them.
    package func hash(_ work: [UInt8]) -> (mix: [UInt8], value: [UInt8]) { hashes([work])[0] }

    /// What `hash` gives of each, in the time of a few where there are `Etchash.sideBySide`.
    package func hashes(_ works: [[UInt8]]) -> [(mix: [UInt8], value: [UInt8])] {
      precondition(works.allSatisfy { $0.count == 40 }, "a header's hash and a nonce")
      let starts = works.map { Keccak.hash($0, size: 64) }
      let first = starts.map(Etchash.row)
      // Two rows of each: its mix has the size of a page.
      var mixes = first.flatMap { [$0, $0] }
      for step: UInt32 in 0..<64 {
        let place = Int(step % 32)
        let halves = works.indices.flatMap { index in
          let word = mixes[2 * index + place / 16][place % 16]
          let page = Etchash.join(step ^ first[index][0], word) % UInt32(epoch.pages)
          return [2 * page, 2 * page + 1]
        }
        for (index, item) in items(halves).enumerated() {
          mixes[index] = Etchash.join(mixes[index], item)
        }
      }
      return works.indices.map { index in
        let words = (0..<32).map { mixes[2 * index + $0 / 16][$0 % 16] }
        let short = stride(from: 0, to: 32, by: 4).flatMap { place in
          words[place + 1..<place + 4].reduce(words[place], Etchash.join).littleEndianBytes
        }
        return (short, Keccak.hash(starts[index] + short, size: 32))
      }
    }
  }

  /// Hashes that a light client computes side by side.
  package static let sideBySide = 8

  /// Fowler, Noll and Vo's step (FNV), as Ethash has it: the product first.
  private static func join(_ one: UInt32, _ other: UInt32) -> UInt32 { one &* prime ^ other }

  private static func join(_ one: Row, _ other: Row) -> Row { one &* Row(repeating: prime) ^ other }

  private static let prime: UInt32 = 0x0100_0193

  /// The words of 64 bytes.
  private static func row(_ bytes: [UInt8]) -> Row {
    var row = Row(repeating: 0)
    for (index, byte) in bytes.enumerated() {
      row[index / 4] |= UInt32(byte) << UInt32(index % 4 * 8)
    }
    return row
  }
}
