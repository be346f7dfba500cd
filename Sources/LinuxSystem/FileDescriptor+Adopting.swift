extension FileDescriptor {
  /// Takes over a descriptor that a C function opened; `name` stands in its errors for a path.
  package static func adopting(_ number: CInt, name: String) -> FileDescriptor {
    FileDescriptor(number: number, path: name)
  }
}
