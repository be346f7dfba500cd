package import Model

/// SHA-256 applied twice: Bitcoin's proof of work.
package enum SHA256d {
  /// The 32-byte hash in wire order.
  package static func hash(_ header: Header) -> [UInt8] { SHA256.hash(SHA256.hash(header.bytes)) }
}
