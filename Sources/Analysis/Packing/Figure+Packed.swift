package import Model

extension AlgorithmID: Packed {}
extension KernelID: Packed {}
extension HardwareID: Packed {}
extension DeviceKind: Packed {}
extension Scope: Packed {}
extension MeterKind: Packed {}
extension ReasonCode: Packed {}
extension WorkerKind: Packed {}
extension WorkUnit: Packed {}
extension WorkOrigin: Packed {}
extension Grade: Packed {}
extension Provenance: Packed {}
extension FigureSource.Kind: Packed {}
extension MachinePart: Packed {}

extension Reason: PackedParts {
  package static func parts(
    _ part: inout some PartList<Reason>
  ) throws(UnpackingProblem) -> Reason {
    Reason(try part(\.code), try part(\.message), remedy: try part(\.remedy))
  }
}

extension PlacementName: PackedParts {
  package static func parts(
    _ part: inout some PartList<PlacementName>
  ) throws(UnpackingProblem) -> PlacementName {
    PlacementName(try part(\.kind), workers: try part(\.workers), part: try part(\.part))
  }
}

extension ExpandedUncertainty: PackedParts {
  package static func parts(
    _ part: inout some PartList<ExpandedUncertainty>
  ) throws(UnpackingProblem) -> ExpandedUncertainty {
    ExpandedUncertainty(
      relative: try part(\.relative), standard: try part(\.standard),
      coverageFactor: try part(\.coverageFactor),
      degreesOfFreedom: try part(\.degreesOfFreedom))
  }
}

extension ClaimSummary: PackedParts {
  package static func parts(
    _ part: inout some PartList<ClaimSummary>
  ) throws(UnpackingProblem) -> ClaimSummary {
    ClaimSummary(
      source: try part(\.source), field: try part(\.field), count: try part(\.count),
      rate: try part(\.rate), ratio: try part(\.ratio), lower: try part(\.lower),
      upper: try part(\.upper))
  }
}

extension Bounded: PackedParts {
  package static func parts(
    _ part: inout some PartList<Bounded>
  ) throws(UnpackingProblem) -> Bounded {
    Bounded(try part(\.value), lower: try part(\.lower), upper: try part(\.upper))
  }
}

extension BusyParts: PackedParts {
  package static func parts(
    _ part: inout some PartList<BusyParts>
  ) throws(UnpackingProblem) -> BusyParts {
    BusyParts(packages: try part(\.packages), cores: try part(\.cores))
  }
}

extension EnergyFigure: PackedParts {
  package static func parts(
    _ part: inout some PartList<EnergyFigure>
  ) throws(UnpackingProblem) -> EnergyFigure {
    EnergyFigure(
      scope: try part(\.scope), kind: try part(\.kind), power: try part(\.power),
      powerSpread: try part(\.powerSpread), workPerJoule: try part(\.workPerJoule),
      repeatability: try part(\.repeatability), total: try part(\.total))
  }
}

extension VerificationState: PackedParts {
  package static func parts(
    _ part: inout some PartList<VerificationState>
  ) throws(UnpackingProblem) -> VerificationState {
    VerificationState(
      sharesFound: try part(\.sharesFound), challengeWasGiven: try part(\.challengeWasGiven),
      hasRawLog: try part(\.hasRawLog))
  }
}

extension FigureSource: PackedParts {
  package static func parts(
    _ part: inout some PartList<FigureSource>
  ) throws(UnpackingProblem) -> FigureSource {
    FigureSource(
      kind: try part(\.kind), name: try part(\.name), title: try part(\.title),
      address: try part(\.address), confidence: try part(\.confidence), year: try part(\.year),
      isBestSupported: try part(\.isBestSupported), verification: try part(\.verification))
  }
}

extension FigureWindow: PackedParts {
  package static func parts(
    _ part: inout some PartList<FigureWindow>
  ) throws(UnpackingProblem) -> FigureWindow {
    FigureWindow(
      repeatIndex: try part(\.repeatIndex), order: try part(\.order),
      throughput: try part(\.throughput), power: try part(\.power),
      workPerJoule: try part(\.workPerJoule))
  }
}

extension Figure: PackedParts {
  package static func parts(
    _ part: inout some PartList<Figure>
  ) throws(UnpackingProblem) -> Figure {
    var figure = Figure(
      source: try part(\.source), provenance: try part(\.provenance),
      deviceName: try part(\.deviceName), hardwareID: try part(\.hardwareID),
      deviceKind: try part(\.deviceKind), algorithm: try part(\.algorithm),
      workUnit: try part(\.workUnit), epoch: try part(\.epoch), workOrigin: try part(\.workOrigin),
      kernel: try part(\.kernel), placement: try part(\.placement),
      throughput: try part(\.throughput), count: try part(\.count),
      throughputSpread: try part(\.throughputSpread), energy: try part(\.energy),
      grade: try part(\.grade), reasonsAgainstBetterGrade: try part(\.reasonsAgainstBetterGrade),
      suite: try part(\.suite), isComplete: try part(\.isComplete), windows: try part(\.windows),
      machine: try part(\.machine), context: try part(\.context),
      startedAt: try part(\.startedAt), note: try part(\.note), busy: try part(\.busy))
    figure.signature = try part(\.signature)
    figure.part = try part(\.part)
    figure.claims = try part(\.claims)
    return figure
  }
}
