package import JSON
package import Model

extension Calibration: Record {
  package static var recordName: String { "calibration" }
  package static var recordMeaning: String {
    "How the wall power of one machine follows from its own sensors: written by `hashwatt calibrate`."
  }

  package static func fields(_ field: inout some FieldList<Calibration>) throws(JSONProblem)
    -> Calibration
  {
    try field.constant("format", CalibrationFile.format, "What this file is.")
    try field.constant("version", 1, "Version of the format.")
    let binding = Calibration.Binding(
      hardwareID: try field(
        "hardware_id", \.binding.hardwareID, "The CPU model of the machine that it holds for."),
      boardVendor: try field.optional("board_vendor", \.binding.boardVendor, "Its board's maker."),
      boardName: try field.optional("board_name", \.binding.boardName, "Its board's model."),
      machineDigest: try field.optional(
        "machine_digest", \.binding.machineDigest,
        "SHA-256 over the machine's identifier, which itself is in no file."),
      powerSupply: try field.optional(
        "power_supply", \.binding.powerSupply, "What the user calls it (`--psu`)."))
    let accuracy = MeterAccuracy(
      gainBound: try field.optional(
        "wall_gain_bound", \.wallAccuracy.gainBound,
        "Bound of the wall meter's gain error as a fraction; without it no uncertainty is stated.",
        .atLeast(0)),
      offsetBound: try field.optional(
        "wall_offset_bound_w", \.wallAccuracy.offsetBound, "Bound of its constant error."),
      source: try field("wall_accuracy_source", \.wallAccuracy.source, "Who says so."),
      isAssumed: try field(
        "wall_accuracy_is_assumed", \.wallAccuracy.isAssumed,
        "True: our convention and not the maker's document."))
    return Calibration(
      binding: binding,
      madeAt: try field(
        "made_at_s", \.madeAt, "Since 1970; the record holds for 12 months from then."),
      wallMeter: try field("wall_meter", \.wallMeter, "The wall meter."),
      wallAccuracy: accuracy,
      sensors: try field(
        "sensors", \.sensors, "The machine's own channels whose power is added."),
      points: try field("points", \.points, "One entry for each block of constant load."))
  }
}

extension Calibration.Point: Record {
  package static var recordName: String { "calibration_point" }
  package static var recordMeaning: String { "One block of constant load." }

  package static func fields(
    _ field: inout some FieldList<Calibration.Point>
  ) throws(JSONProblem) -> Calibration.Point {
    Calibration.Point(
      threads: try field("threads", \.threads, "Workers; 0 is idle.", .atLeast(0)),
      seconds: try field("window_s", \.seconds, "Length of the block.", .above(0)),
      sensorWatts: try field(
        "sensor_power_w", \.sensorWatts, "Sum of the sensors' mean power.", .atLeast(0)),
      wallWatts: try field("wall_power_w", \.wallWatts, "Mean power at the wall.", .atLeast(0)))
  }
}
