/// Numbers of `width` bits as one string of bits, the most significant first; together whole bytes.
package func packedBits(_ values: [Int], width: Int) -> [UInt8] {
  let bits = values.flatMap { value in (0..<width).map { value >> (width - 1 - $0) & 1 } }
  return stride(from: 0, to: bits.count, by: 8).map { start in
    UInt8(bits[start..<start + 8].reduce(0) { $0 << 1 | $1 })
  }
}
