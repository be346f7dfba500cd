internal import MeterCore
internal import Model

/// Some channels of a reader.
struct SubsetReader: MeterReader {
  private let reader: any MeterReader
  private let indices: [Int]
  let channels: [MeterChannel]

  init(_ reader: any MeterReader, where isWanted: (MeterDescriptor) -> Bool) {
    self.reader = reader
    indices = reader.channels.indices.filter { isWanted(reader.channels[$0].descriptor) }
    channels = indices.map { reader.channels[$0] }
  }

  /// With descriptors and rules that an examination has refined.
  init(_ reader: any MeterReader, _ refined: [MeterChannel], keeping good: Set<Int>) {
    self.reader = reader
    indices = good.sorted()
    channels = indices.map { refined[$0] }
  }

  var pace: ReadingPace { reader.pace }

  func read(_ clock: any MonotonicClock) -> [ChannelReading] {
    reader.read(clock).compactMap { reading in
      indices.firstIndex(of: reading.channel).map {
        ChannelReading(
          channel: $0, instant: reading.instant, lag: reading.lag, value: reading.value)
      }
    }
  }
}
