/// One way to devices behind drivers, as a person is told of it.
package struct DeviceRoute: Hashable, Sendable {
  /// A library, a compiler, or kernels that this build carries: `cuda`, `opencl`, `nvrtc`, `ptx`.
  package let name: String
  /// What it gives, a sentence without a full stop each.
  package let found: [String]
  /// Why it gives nothing, or not all.
  package let missing: [Reason]

  package init(name: String, found: [String], missing: [Reason]) {
    self.name = name
    self.found = found
    self.missing = missing
  }
}
