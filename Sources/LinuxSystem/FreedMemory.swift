internal import CLinuxShims

/// What the C library does with memory that was freed.
package enum FreedMemory {
  /// Keeps up to 64 MiB of it, from now on in the whole process, instead of returning it to the kernel.
  ///
  /// For work that takes and frees megabytes a thousand times: the kernel clears each page that it hands out again,
  /// which is a sixth of the time of reading a thousand files. The corresponding C function is `mallopt`.
  package static func keep() { hw_linux_keep_freed_memory() }
}
