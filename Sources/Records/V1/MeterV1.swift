package import JSON
package import Model

extension MeterDescriptor: Record {
  package static var recordName: String { "meter" }
  package static var recordMeaning: String { "One channel of a meter with all its tags." }

  package static func fields(
    _ field: inout some FieldList<MeterDescriptor>
  ) throws(JSONProblem) -> MeterDescriptor {
    MeterDescriptor(
      id: try field("id", \.id, "The channel, unique within a file."),
      source: MeterSourceID(
        try field("source", \.source.rawValue, "The kind of meter: `powercap`, `nvml`, ..."),
        isOnMachine: try field(
          "on_machine", \.source.isOnMachine,
          "Whether the machine's kernel or driver defines it; false: only its user can name it.")),
      label: try field("label", \.label, "What the source itself calls the channel."),
      scope: try field("scope", \.scope, "What the number covers."),
      covers: MeterCover(
        try field(
          "covers", \.covers.text,
          "Which devices: `machine`, `package:N`, a device's identifier, `unknown`.")),
      part: try field("part", \.part, "Which part of the machine within the scope."),
      kind: try field(
        "kind", \.kind,
        "`measured-counter`, `measured-sampled`, `modelled`, `estimated`, `attributed`, `manual`."),
      quantity: try field("quantity", \.quantity, "What the source natively gives."),
      rawUnit: try field("raw_unit", \.rawUnit, "Unit of the raw value."),
      resolution: try field.optional(
        "resolution_micro", \.resolution,
        "Smallest step in microjoules (counters) or microwatts (power).", .atLeast(0)),
      updatePeriod: try field.optional(
        "update_period_s", \.updatePeriod, "Between two updates of the sensor.", .atLeast(0)),
      averagingWindow: try field.optional(
        "averaging_window_s", \.averagingWindow, "What one value of power averages over.",
        .atLeast(0)),
      accuracy: try field("accuracy", \.accuracy, "How wrong it may be."),
      privilege: try field(
        "privilege", \.privilege,
        "What reading it took: `none`, `group`, `CAP_PERFMON`, `root`, `network`."),
      wrapRange: try field.optional(
        "wrap_range_raw", { $0.wrapRange.map(DecimalDigits.init(value:)) },
        "Where the raw counter starts again; absent where it does not.")?.value,
      mirrorOf: try field.optional(
        "mirror_of", \.mirrorOf, "The channel that this one repeats; never added."))
  }
}

extension MeterAccuracy: Record {
  package static var recordName: String { "accuracy" }
  package static var recordMeaning: String { "How wrong a meter may be, and who says so." }

  package static func fields(
    _ field: inout some FieldList<MeterAccuracy>
  ) throws(JSONProblem) -> MeterAccuracy {
    MeterAccuracy(
      gainBound: try field.optional(
        "gain_bound_relative", \.gainBound,
        "Bound of the gain error, rectangular; absent: unknown.",
        .atLeast(0)),
      offsetBound: try field.optional(
        "offset_bound_w", \.offsetBound, "Bound of a constant error; absent: unknown.",
        .atLeast(0)),
      source: try field("source", \.source, "Who says so."),
      isAssumed: try field(
        "assumed", \.isAssumed, "True: our convention and not the maker's document."))
  }
}

extension UnavailableMeter: Record {
  package static var recordName: String { "unavailable_meter" }
  package static var recordMeaning: String { "A source that gave no channel." }

  package static func fields(
    _ field: inout some FieldList<UnavailableMeter>
  ) throws(JSONProblem) -> UnavailableMeter {
    UnavailableMeter(
      source: try field("source", \.source, "The kind of meter."),
      reason: try field("reason", \.reason, "Why there is none."))
  }
}
