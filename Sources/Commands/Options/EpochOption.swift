internal import Arguments

/// The option `--epoch N`, the same for every command that has it.
enum EpochOption {
  static let option = Option(
    "epoch", "N",
    "The epoch of etchash: a block's height divided by 60,000, 0 to \(Composition.lastEpoch). Default of a run: \(Composition.usualEpoch)."
  )

  static let remedy = "give a block's height divided by 60,000, such as 435 for block 26100000"

  /// Nil where it was not given.
  static func read(_ arguments: ParsedArguments) throws(ArgumentError) -> UInt32? {
    try arguments.integer(option, in: 0...Composition.lastEpoch)
  }
}
