internal import Analysis
package import Arguments
internal import Benchmarking
internal import LinuxSystem
package import Model
internal import Records
internal import Reporting
internal import Text

/// `calibrate`: how this machine's wall power follows from its own sensors.
package enum CalibrateCommand: Subcommand {
  static let meter = RepeatedOption(
    "meter", "ID",
    "The wall meter, then the sensors to add, such as --meter shelly:192.0.2.7 --meter powercap."
  )
  static let blocks = Option("blocks", "N", "Blocks of each level. Default: 5.")
  static let block = Option("block", "S", "Seconds of a block. Default: 60.")
  static let settle = Option("settle", "S", "Seconds at each level before its blocks. Default: 60.")
  static let psu = Option(
    "psu", "TEXT", "What to call the power supply; a change of it ends the calibration.")
  static let output = Option(
    "output", "FILE", .file, "Where the record is written. Default: calibration.json.")

  package static let description = CommandDescription(
    name: "calibrate", summary: "relate a wall meter to this machine's own sensors",
    discussion: """
      Measures idle, half of the threads and all of them in equal blocks, reads a wall meter and the chip's sensors at \
      the same instants, and fits wall watts over sensor watts. The record holds for this machine and this power \
      supply, for 12 months.

      'hashwatt run --calibration FILE' then states wall watts as estimated(calibrated), with their uncertainty, \
      never as measured.
      """,
    options: [
      meter, MeterAccuracyOption.option, blocks, block, settle, psu, output, SysrootOption.option,
    ],
    examples: ["hashwatt calibrate --meter shelly:192.0.2.7 --meter powercap --psu 'RM750x'"])

  package static func run(
    _ arguments: ParsedArguments, _ context: CommandContext
  ) throws -> ExitCode {
    let selection = arguments[Self.meter]
    guard selection.count >= 2 else {
      throw Failure(
        .usage, "calibrate needs a wall meter and a sensor",
        remedy: "give --meter twice, such as --meter shelly:192.0.2.7 --meter powercap")
    }
    for (index, meter) in selection.enumerated() where selection[..<index].contains(meter) {
      throw Failure(
        .usage, "the meter '\(meter)' is given twice",
        remedy: "name the wall meter, and a sensor of the machine itself")
    }
    let steps = CalibrationEngine.Steps(
      blocks: try arguments.integer(Self.blocks, in: 2...100) ?? 5,
      block: Seconds(try arguments.number(Self.block, in: 0.5...3600) ?? 60),
      settle: Seconds(try arguments.number(Self.settle, in: 0...3600) ?? 60))
    let output = arguments[Self.output] ?? "calibration.json"
    let composition = Composition(
      root: try SysrootOption.root(arguments), environment: context.environment)
    let device = try device(among: composition.backends())
    let (meters, unavailable) = try composition.meters(
      selection, workerCPUs: device.widest?.places ?? [], rawLog: nil,
      accuracies: try MeterAccuracyOption.read(arguments))
    defer { meters.finish() }
    let choice = try CalibrationMeters(meters.descriptors, unavailable)
    let progress = ProgressLine(
      context.notes, meters: meters.descriptors, clock: composition.clock)
    defer { progress.clear() }
    let ports = RunPorts(
      backends: [device.backend], meters: meters, clock: composition.clock,
      probe: composition.probe(),
      isInterrupted: { [context] in
        progress.tick()
        return context.isInterrupted()
      }, report: progress.show)
    let points: [Calibration.Point]
    let challenge = RunOptions.randomChallenge()
    do {
      let load = try Preparer(
        ports, challenge: challenge, window: steps.block, measuresRoofline: false,
        note: progress.note
      ).prepare([device])
      points = try CalibrationEngine(ports, device.backend, steps).points(
        wall: choice.wall.id, sensors: choice.sensors.map(\.id), load.series[0].series.algorithm,
        load.series[0].series.kernel, placements: device.placements, challenge: challenge)
    } catch is Interrupted {
      progress.clear()
      try context.notes.write("hashwatt: interrupted: nothing was written\n")
      return .interrupted
    }
    let machine = try composition.detection().machine
    let calibration = Calibration(
      binding: Calibration.Binding(
        of: machine, identifier: composition.machineIdentifier(),
        powerSupply: arguments[Self.psu]),
      madeAt: RawMonotonicClock.unixTime(), wallMeter: choice.wall.id,
      wallAccuracy: choice.wall.accuracy, sensors: choice.sensors.map(\.id), points: points)
    let fit = try CalibrationFit(calibration)
    progress.clear()
    try Document.write(
      String(decoding: try CalibrationFile.encode(calibration), as: UTF8.self), to: output, context)
    try context.output.write(text(fit, calibration) + "calibration: \(output)\n")
    return .done
  }

  /// The CPU with half of its threads and all of them, by the fastest kernel of the first algorithm.
  static func device(among backends: [any ComputeBackend]) throws -> DeviceRequest {
    let wish = MeasurementWish(
      algorithms: Composition.algorithms.prefix(1).map(\.rawValue), kernels: ["best"])
    let request = try wish.requests(among: backends, known: Composition.algorithms).devices.first
    guard let request, let widest = request.widest, widest.workers >= 2 else {
      throw Failure(.unavailable, "a calibration needs two loads, and so at least two CPUs")
    }
    return DeviceRequest(
      backend: request.backend, kernels: request.kernels,
      placements: try request.backend.placements(
        PlacementWish(counts: [.count(widest.workers / 2), .all])))
  }

  private static func text(_ fit: CalibrationFit, _ calibration: Calibration) -> String {
    let slope = DecimalText.fixed(fit.slope, decimals: 4)
    let slopeError = DecimalText.fixed(fit.slopeError, decimals: 4)
    let intercept = DecimalText.fixed(fit.intercept, decimals: 2)
    let interceptError = DecimalText.fixed(fit.interceptError, decimals: 2)
    let residual = DecimalText.fixed(fit.residual, decimals: 2)
    let sensors = calibration.sensors.map(\.rawValue).joined(separator: " + ")
    return """
      \(calibration.wallMeter) = \(slope) * (\(sensors)) + \(intercept) W
      standard errors: slope \(slopeError), intercept \(interceptError) W, residual \(residual) W, \
      \(calibration.points.count) blocks

      """
  }
}
