extension ToolIdentity {
  /// The version of this source tree (semantic versioning 2.0).
  package static let currentVersion = "0.1.0"
}
