/// What tells a file's content from what it was before without reading it, as git's index does.
package struct FileIdentity: Hashable, Sendable {
  /// In bytes.
  package let size: Int64
  /// Nanoseconds since 1970, when the content was last written, as far as nobody set it.
  package let modified: Int64
  /// Nanoseconds since 1970, when content, name or owner last changed: what no program can set but by the clock.
  package let changed: Int64
  package let inode: UInt64

  package init(size: Int64, modified: Int64, changed: Int64, inode: UInt64) {
    self.size = size
    self.modified = modified
    self.changed = changed
    self.inode = inode
  }

  /// File systems tell times in steps of up to 2 s (FAT); what was written within one step looks the same.
  private static let coarsestStep: Int64 = 2_000_000_000

  /// Whether a change after the instant, in nanoseconds since 1970, cannot leave the identity as it is.
  ///
  /// A file that was written just before it, or after it by a clock that was set back, may change again within the same step.
  package func isSettled(at instant: Int64) -> Bool {
    max(modified, changed) < instant - Self.coarsestStep
  }
}
