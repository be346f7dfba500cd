internal import Model

/// One channel of a meter, with all its tags, as files spell it.
struct MeterV1: Codable {
  var id: String
  var source: String
  var isOnMachine: Bool
  var label: String
  var scope: String
  var covers: String
  var part: String
  var kind: String
  var quantity: WordV1<MeterQuantity>
  var rawUnit: String
  var resolution: Double?
  var updatePeriod: Double?
  var averagingWindow: Double?
  var accuracy: AccuracyV1
  var privilege: String
  var wrapRange: DecimalV1?
  var mirrorOf: String?

  private enum CodingKeys: String, CodingKey {
    case id, source, label, scope, covers, part, kind, quantity, accuracy, privilege
    case isOnMachine = "on_machine"
    case rawUnit = "raw_unit"
    case resolution = "resolution_micro"
    case updatePeriod = "update_period_s"
    case averagingWindow = "averaging_window_s"
    case wrapRange = "wrap_range_raw"
    case mirrorOf = "mirror_of"
  }

  init(_ meter: MeterDescriptor) {
    id = meter.id.rawValue
    source = meter.source.rawValue
    isOnMachine = meter.source.isOnMachine
    label = meter.label
    scope = meter.scope.rawValue
    covers = meter.covers.text
    part = meter.part
    kind = meter.kind.rawValue
    quantity = WordV1(meter.quantity)
    rawUnit = meter.rawUnit
    resolution = meter.resolution
    updatePeriod = meter.updatePeriod?.value
    averagingWindow = meter.averagingWindow?.value
    accuracy = AccuracyV1(meter.accuracy)
    privilege = meter.privilege
    wrapRange = meter.wrapRange.map(DecimalV1.init)
    mirrorOf = meter.mirrorOf?.rawValue
  }

  var domain: MeterDescriptor {
    MeterDescriptor(
      id: MeterID(rawValue: id), source: MeterSourceID(source, isOnMachine: isOnMachine),
      label: label, scope: Scope(rawValue: scope), covers: MeterCover(covers), part: part,
      kind: MeterKind(rawValue: kind), quantity: quantity.domain, rawUnit: rawUnit,
      resolution: resolution, updatePeriod: updatePeriod.map(Seconds.init),
      averagingWindow: averagingWindow.map(Seconds.init), accuracy: accuracy.domain,
      privilege: privilege, wrapRange: wrapRange?.domain,
      mirrorOf: mirrorOf.map(MeterID.init))
  }
}

struct AccuracyV1: Codable {
  var gainBound: Double?
  var offsetBound: Double?
  var source: String
  var isAssumed: Bool

  private enum CodingKeys: String, CodingKey {
    case source
    case gainBound = "gain_bound_relative"
    case offsetBound = "offset_bound_w"
    case isAssumed = "assumed"
  }

  init(_ accuracy: MeterAccuracy) {
    gainBound = accuracy.gainBound
    offsetBound = accuracy.offsetBound?.value
    source = accuracy.source
    isAssumed = accuracy.isAssumed
  }

  var domain: MeterAccuracy {
    MeterAccuracy(
      gainBound: gainBound, offsetBound: offsetBound.map(Watts.init), source: source,
      isAssumed: isAssumed)
  }
}

/// A source that gave no channel.
struct UnavailableMeterV1: Codable {
  var source: String
  var reason: ReasonV1

  init(_ meter: UnavailableMeter) {
    source = meter.source
    reason = ReasonV1(meter.reason)
  }

  var domain: UnavailableMeter { UnavailableMeter(source: source, reason: reason.domain) }
}
