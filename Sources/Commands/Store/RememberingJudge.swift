internal import Analysis
internal import LinuxSystem
internal import Model
internal import Records
internal import Reporting
internal import Verification

/// Verifies results, and says again what it found of a file that is as it was.
struct RememberingJudge: Sendable {
  private let memory: RecordMemory
  private let demands: VerificationDemands
  private let isInterrupted: @Sendable () -> Bool
  /// Whether one result is judged by every CPU; else several are judged side by side.
  private let isAlone: Bool

  init(
    _ memory: RecordMemory, _ demands: VerificationDemands = VerificationDemands(),
    isAlone: Bool = true, isInterrupted: @escaping @Sendable () -> Bool
  ) {
    self.memory = memory
    self.demands = demands
    self.isAlone = isAlone
    self.isInterrupted = isInterrupted
  }

  private var judge: Judge {
    if isAlone { return ParallelJudge(isInterrupted: isInterrupted).firstFalse }
    return { count, isTrue in (0..<count).first { !isTrue($0) } }
  }

  /// What is remembered; nil where the file must be judged.
  func remembered(_ reading: RecordReading) -> RememberedVerdict? {
    demands.key.flatMap { memory.verdict(of: reading, $0) }
  }

  /// What was proven of a result, a line for each thing.
  ///
  /// - Throws: `Falsehood` for the first thing that is false; `Failure` where it cannot be judged; `Interrupted`.
  func lines(_ reading: RecordReading) throws -> [String] {
    switch remembered(reading) {
    case .proven(let lines): lines
    case .refuted(let place, let message): throw Falsehood(place, message)
    case nil:
      try lines(
        try ResultFile.read(try reading.bytes(), name: reading.path), digest: reading.digest)
    }
  }

  /// The same of a result that was read, whose digest is known where the verdict is to be kept.
  func lines(_ recorded: RecordedResult, digest: [UInt8]?) throws -> [String] {
    do {
      let verified = try ResultVerifier(
        recorded, demands, references: Composition.references, clock: RawMonotonicClock(),
        judge: judge
      ).verify()
      let lines = VerificationText.lines(verified)
      keep(.proven(lines), digest)
      return lines
    } catch let falsehood as Falsehood {
      keep(.refuted(place: falsehood.place, message: falsehood.message), digest)
      throw falsehood
    }
  }

  private func keep(_ verdict: RememberedVerdict, _ digest: [UInt8]?) {
    guard let digest, let key = demands.key else { return }
    memory.keep(verdict, of: digest, key)
  }
}

extension VerificationDemands {
  /// What is asked, for a memory; nil for what is another question each time, or rests on another file.
  fileprivate var key: String? {
    guard rescan == 0, rawLog == nil else { return nil }
    return challenge.map { "challenge " + Hexadecimal.encode($0.bytes) } ?? ""
  }
}
