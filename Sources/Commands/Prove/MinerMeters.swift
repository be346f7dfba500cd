internal import Model

/// Meters that their user named for a miner: whatever they showed before, here they cover it.
struct MinerMeters: MeterSession {
  private let session: any MeterSession
  let descriptors: [MeterDescriptor]

  init(_ session: any MeterSession, of device: DeviceID) {
    self.session = session
    descriptors = session.descriptors.map { $0.covering(.device(device)) }
  }

  var checks: [Check] { session.checks }
  var rawLogDigest: Reading<String>? { session.rawLogDigest }
  func snapshot() -> MeterSnapshot { session.snapshot() }
  func judged(_ snapshot: MeterSnapshot) -> MeterSnapshot { session.judged(snapshot) }
  func finish() { session.finish() }
}

extension MeterDescriptor {
  fileprivate func covering(_ cover: MeterCover) -> MeterDescriptor {
    var copy = self
    copy.covers = cover
    return copy
  }
}
