internal import Arguments
internal import Model
internal import Text

/// `--no-index`, which several commands have.
enum IndexOption {
  static let noIndex = Flag(
    "no-index",
    "Read every file, and neither use nor make an index (.hashwatt-index.sqlite beside many files)."
  )

  /// What is remembered of the files below paths.
  static func memory(
    _ paths: [String], _ arguments: ParsedArguments, withFacts: Bool = false
  ) throws(Failure) -> RecordMemory {
    try RecordMemory(paths, isOn: !arguments[noIndex], withFacts: withFacts)
  }

  /// What is remembered of files that were named.
  static func memory(files: [String], _ arguments: ParsedArguments) -> RecordMemory {
    RecordMemory(files: files, isOn: !arguments[noIndex])
  }

  /// Keeps what was read, and says what is to be said of it.
  static func finish(_ memory: RecordMemory, _ context: CommandContext) throws {
    for note in memory.finish() {
      try context.notes.write("note: \(DisplayText.visible(note))\n")
    }
  }
}
