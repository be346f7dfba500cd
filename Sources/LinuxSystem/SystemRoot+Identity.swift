internal import CLinuxShims
internal import Glibc
package import Model

extension SystemRoot {
  /// What tells a file from what it was before; nil where it cannot be seen, or is no ordinary file.
  package func identity(_ path: String) -> FileIdentity? {
    var status = stat()
    guard unsafe stat(resolve(path), &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    return FileIdentity(
      size: Int64(status.st_size), modified: Self.nanoseconds(status.st_mtim),
      changed: Self.nanoseconds(status.st_ctim), inode: UInt64(status.st_ino))
  }

  private static func nanoseconds(_ time: timespec) -> Int64 {
    // A year beyond 2262 does not fit; it is in the future all the same.
    let seconds = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
    return seconds.overflow ? .max : seconds.partialValue &+ Int64(time.tv_nsec)
  }

  /// Whether files can be made in a folder, or a file be written.
  package func isWritable(_ path: String) -> Bool { unsafe access(resolve(path), W_OK) == 0 }

  /// Whether a file is this user's or root's, and nobody else may write it.
  package func isOwn(_ path: String) -> Bool {
    owner(ofUnshared: path).map { $0 == geteuid() || $0 == 0 } ?? false
  }

  /// Whether a file is of whoever owns a folder, and nobody else may write it.
  package func isOwn(_ path: String, byOwnerOf folder: String) -> Bool {
    var status = stat()
    guard unsafe stat(resolve(folder), &status) == 0 else { return false }
    return owner(ofUnshared: path) == status.st_uid
  }

  private func owner(ofUnshared path: String) -> uid_t? {
    var status = stat()
    guard unsafe stat(resolve(path), &status) == 0, status.st_mode & (S_IWGRP | S_IWOTH) == 0
    else { return nil }
    return status.st_uid
  }

  /// Whether a folder's files may be on another machine, whose processes share no memory with ours.
  package func isShared(_ path: String) -> Bool {
    // The magic numbers of statfs(2) and the kernel's magic.h that are of this machine alone.
    let local: [Int64] = [
      0xef53, 0x5846_5342, 0x9123_683e, 0x0102_1994, 0x794c_7630, 0xf2f5_2010, 0x2fc1_2fc1,
      0x8584_58f6, 0x4d44, 0x2011_bab0, 0x5346_544e, 0xca45_1a4e,
    ]
    return !local.contains(unsafe hw_linux_file_system_kind(resolve(path)))
  }

  /// Nanoseconds since 1970 by the wall clock, which is what files are stamped by.
  package static func wallTime() -> Int64 {
    var now = timespec()
    guard unsafe clock_gettime(CLOCK_REALTIME, &now) == 0 else { return .min }
    return nanoseconds(now)
  }
}
