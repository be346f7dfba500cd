internal import Arguments
internal import Model

/// `--meter-accuracy`, which several commands have.
enum MeterAccuracyOption {
  static let option = RepeatedOption(
    "meter-accuracy", "METER=PERCENT:SOURCE",
    "A meter's documented accuracy and the document's title or address, such as "
      + "shelly:192.0.2.7=1:DATASHEET; may be repeated.")

  static func read(_ arguments: ParsedArguments) throws -> [StatedAccuracy] {
    try arguments[option].map { text in
      guard let stated = StatedAccuracy(text) else {
        throw ArgumentError(
          "'\(text)' is not a value of --meter-accuracy",
          remedy: "write METER=PERCENT:SOURCE, such as shelly:192.0.2.7=1:DATASHEET")
      }
      return stated
    }
  }
}
