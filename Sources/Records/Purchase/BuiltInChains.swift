package import Economics
package import Model

/// The chains that the program knows.
package enum BuiltInChains {
  /// Every chain of `profiles/chains/`, by name.
  ///
  /// - Throws: `Failure` that names the file; a test reads them all.
  package static func all() throws(Failure) -> [Chain] {
    try read.get()
  }

  private static let read = Result { () throws(Failure) in
    try ChainTexts.all.map { name, text throws(Failure) in
      try ChainFile.decode(Array(text.utf8), name: name)
    }
  }

  /// The texts as they were built in, by file name.
  package static var texts: [(name: String, text: String)] { ChainTexts.all }
}
