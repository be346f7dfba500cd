internal import Arguments

/// The option `--plugin FILE.so`, the same for every command that has it.
enum PluginOption {
  static let option = RepeatedOption(
    "plugin", "FILE.so", .file,
    "Adds the kernels of a shared object as plugin:NAME, tried in a child process first.")

  /// The option `--randomx-library FILE`.
  static let randomX = Option(
    "randomx-library", "FILE", .file,
    "Adds another build of librandomx, whose kernels are plugin:librandomx-jit and so on, tried in a child process first."
  )

  /// The option `--allow-execstack`.
  static let allowsExecutableStack = Flag(
    "allow-execstack",
    "Load a --randomx-library that makes the stacks of this process executable.")

  /// The option `--interleave OTHER.so` of `run`.
  static let interleave = Option(
    "interleave", "OTHER.so", .file,
    "Pairs the kernels of another shared object, as other:NAME, with this run's own.")
}
