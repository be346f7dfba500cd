package import Model

extension FleetPlan {
  /// In how far a result was not made by the program that was submitted; nil where it was, or where either digest is not known.
  ///
  /// A result says itself what made it, so this finds nodes with another program installed, and no forgery.
  package func otherProgram(_ tool: ToolIdentity) -> String? {
    guard let programDigest, let digest = tool.executableDigest.value, digest != programDigest
    else { return nil }
    return "measured by another program: hashwatt \(tool.version.prefix(40)) of SHA-256 "
      + "\(digest.prefix(12)), submitted was \(programDigest.prefix(12))"
  }
}
