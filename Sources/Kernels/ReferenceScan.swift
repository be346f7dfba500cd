internal import CKernels
internal import Model

/// The Swift reference behind the scan contract, so that it is listed, proven and timed like every other kernel.
internal enum ReferenceScan {
  /// Scans a request with a hash function of one header.
  static func scan(
    _ request: UnsafePointer<hw_scan_request>?, _ result: UnsafeMutablePointer<hw_scan_result>?,
    hash: (Header) -> [UInt8]
  ) -> hw_status {
    guard let request = unsafe request?.pointee, let result = unsafe result,
      unsafe request.struct_size >= UInt32(MemoryLayout<hw_scan_request>.size),
      unsafe result.pointee.struct_size >= UInt32(MemoryLayout<hw_scan_result>.size),
      unsafe request.count <= 1 << 32,
      let header = unsafe Header(
        bytes: Array(
          UnsafeBufferPointer(start: request.header, count: Int(HW_HEADER_SIZE)))),
      let target = unsafe Target(
        littleEndian: Array(
          UnsafeBufferPointer(start: request.target, count: Int(HW_TARGET_SIZE))))
    else { return HW_BAD_REQUEST }
    var found: UInt64 = 0
    let (first, count, capacity) = unsafe (
      request.first_nonce, request.count, request.nonce_capacity
    )
    for offset in 0..<count {
      let nonce = first &+ UInt32(truncatingIfNeeded: offset)
      guard target.isMet(by: hash(header.with(nonce: nonce))) else { continue }
      if found < capacity { unsafe request.nonces[Int(found)] = nonce }
      found += 1
    }
    unsafe result.pointee.found = found
    return HW_OK
  }

  static let name = KernelID(rawValue: "swift")

  static let sha256d = unsafe KernelVariant(algorithm: .sha256d, id: name) { request, result in
    unsafe scan(request, result, hash: SHA256d.hash)
  }

  static let scrypt = unsafe KernelVariant(algorithm: .scrypt, id: name) { request, result in
    unsafe scan(request, result, hash: Scrypt.hash)
  }

  static let keccak256 = unsafe KernelVariant(algorithm: .keccak256, id: name) { request, result in
    unsafe scan(request, result, hash: Keccak256.hash(_:))
  }
}
