internal import Kernels
internal import LinuxSystem
internal import Model

/// Keeps both queues of a device full of launches until it is told to stop, and tells how far each has come.
///
/// A queue is a worker with headers of its own. A position moves when the launch before it is seen to be done, and carries
/// that instant, so that nothing in flight is counted and nothing that is done is missed.
internal struct HashLoop {
  /// One launch that is under way.
  private struct Flight {
    let place: Int
    let position: WorkPosition
    let count: UInt64
    let input: WorkInput
  }

  private struct Lane {
    var next: WorkPosition
    var done: WorkPosition
    var input: WorkInput
    var inFlight: [Flight] = []
    var nextPlace = 0
    var launches: UInt64 = 0
  }

  /// A candidate that nobody has looked at yet.
  private struct Candidate {
    let worker: Int
    let position: WorkPosition
    let input: WorkInput
  }

  /// Candidates that are copied with each launch: of live work there are a few.
  private static let copied: UInt32 = 4096
  /// Launches whose times are kept: half an hour of them.
  private static let mostTimes = 1 << 17
  /// A session this short only compares kernels.
  private static let shortest = Seconds(2)

  private let job: WorkerJob
  private let session: DriverSession
  private let plan: LaunchPlan
  private let judge: CandidateJudge
  private let proof: ShapeProof
  private let clock = RawMonotonicClock()
  private var lanes: [Lane] = []
  private var pending: [Candidate] = []
  private var candidates = 0
  private var wrong = 0
  /// Ranges with more candidates than were copied.
  private var crowded: [(worker: Int, flight: Flight)] = []
  private var times: [Range<UInt64>] = []

  init(
    _ job: WorkerJob, _ session: DriverSession, _ plan: LaunchPlan,
    judge: CandidateJudge, proof: ShapeProof
  ) {
    self.job = job
    self.session = session
    self.plan = plan
    self.judge = judge
    self.proof = proof
    let start = WorkPosition(sequence: job.firstSequence, nonce: 0)
    lanes = (0..<DriverSession.queues).map { worker in
      Lane(
        next: start, done: start,
        input: job.input(worker: worker, sequence: job.firstSequence))
    }
  }

  mutating func run(_ requests: inout RequestReader) throws {
    let began = clock.now()
    var isStopping = false
    var isStarted = false
    while true {
      if !isStopping {
        switch requests.next(within: Seconds(0)) {
        case .line(let line): isStopping = WorkerMessage.words(line).first == WorkerMessage.stop
        case .ended: isStopping = true
        case .none: break
        }
      }
      var hasMoved = false
      for worker in lanes.indices {
        while !isStopping, lanes[worker].inFlight.count < DriverSession.depth {
          try submit(worker)
        }
        if try collect(worker) { hasMoved = true }
      }
      if !isStarted, lanes.allSatisfy({ $0.launches > 0 }) {
        isStarted = true
        WorkerMessage.report(WorkerMessage.started, plan.text)
      }
      if isStopping, lanes.allSatisfy({ $0.inFlight.isEmpty }) { break }
      if hasMoved { continue }
      // A light client takes so long for one that launches would be seen too late: there they wait for the end.
      if pending.isEmpty || job.shape.hasDataset {
        PollPause.sleep()
      } else {
        decide([pending.removeFirst()])
      }
    }
    let ended = clock.now()
    decide(pending)
    pending = []
    try lookAgain()
    if ended.since(began) > Self.shortest, let lane = lanes.first, plan.launch > 0 {
      // Once on live work: what the last launches computed, with a target that shows what is skipped.
      try proof.rescan(lane.input, first: lane.done.nonce &- 4096, count: plan.launch)
    }
    report()
  }

  /// Starts the next launch of a queue; none reaches beyond the end of a sequence.
  private mutating func submit(_ worker: Int) throws {
    let position = lanes[worker].next
    let left = WorkShape.attemptsPerSequence - UInt64(position.nonce)
    let count = min(plan.launch, left)
    let (place, input) = (lanes[worker].nextPlace, lanes[worker].input)
    session.setWork(input, job.target, capacity: Self.copied)
    try session.submit(
      queue: worker, place: place, first: position.nonce, count: count, copied: Self.copied)
    lanes[worker].inFlight.append(
      Flight(place: place, position: position, count: count, input: input))
    lanes[worker].nextPlace = (place + 1) % DriverSession.depth
    lanes[worker].next = WorkPosition(position.value + count)
    if count == left {
      lanes[worker].input = job.input(worker: worker, sequence: lanes[worker].next.sequence)
    }
  }

  /// Takes the oldest launch of a queue, if it is done.
  private mutating func collect(_ worker: Int) throws -> Bool {
    guard let flight = lanes[worker].inFlight.first,
      try session.isDone(queue: worker, place: flight.place)
    else { return false }
    let instant = clock.now()
    lanes[worker].inFlight.removeFirst()
    lanes[worker].done = WorkPosition(flight.position.value + flight.count)
    lanes[worker].launches += 1
    WorkerMessage.report(
      WorkerMessage.position, "\(worker)", "\(lanes[worker].done.value)", "\(instant.nanoseconds)")
    let (count, nonces) = session.results(
      queue: worker, place: flight.place, copied: Self.copied)
    if times.count < Self.mostTimes,
      let taken = session.times(queue: worker, place: flight.place)
    {
      times.append(taken)
    }
    session.retire(queue: worker, place: flight.place)
    if count > Self.copied {
      crowded.append((worker, flight))
    } else {
      pending += nonces.map { candidate(worker, flight, $0) }
    }
    return true
  }

  private func candidate(_ worker: Int, _ flight: Flight, _ nonce: UInt32) -> Candidate {
    let offset = UInt64(nonce &- flight.position.nonce)
    return Candidate(
      worker: worker, position: WorkPosition(flight.position.value &+ offset), input: flight.input)
  }

  private mutating func decide(_ some: [Candidate]) {
    candidates += some.count
    let inputs = some.map { $0.input.with(nonce: $0.position.nonce) }
    for (candidate, verdict) in zip(some, judge.verdicts(inputs, job.target)) {
      switch verdict {
      case .proof:
        WorkerMessage.report(
          WorkerMessage.share, "\(candidate.worker)", "\(candidate.position.value)")
      case .nearMiss: break
      case .wrong: wrong += 1
      }
    }
  }

  /// The ranges that had too many candidates, in parts.
  private mutating func lookAgain() throws {
    for (worker, flight) in crowded {
      let work = Work(
        input: flight.input, firstNonce: flight.position.nonce, count: flight.count,
        target: job.target)
      decide(
        try proof.candidates(work, room: session.capacity).map { candidate(worker, flight, $0) })
    }
    crowded = []
  }

  private func report() {
    let gaps = Gaps(times)
    WorkerMessage.report(
      WorkerMessage.stopped, "\(lanes.reduce(0) { $0 + $1.launches })",
      gaps.map { "\($0.idleShare)" } ?? "", gaps.map { "\($0.longest)" } ?? "", "\(candidates)",
      "\(wrong)")
  }
}

/// The time in which no launch ran, by the device's clock.
package struct Gaps: Hashable, Sendable {
  /// Part of the time from the first launch's start to the last one's end.
  package let idleShare: Double
  /// Seconds.
  package let longest: Double

  /// Nil for fewer than two launches.
  package init?(_ launches: [Range<UInt64>]) {
    let sorted = launches.sorted { $0.lowerBound < $1.lowerBound }
    guard sorted.count > 1, let first = sorted.first else { return nil }
    var (end, idle, longest) = (first.upperBound, UInt64(0), UInt64(0))
    for launch in sorted.dropFirst() {
      if launch.lowerBound > end {
        idle += launch.lowerBound - end
        longest = max(longest, launch.lowerBound - end)
      }
      end = max(end, launch.upperBound)
    }
    let whole = end - first.lowerBound
    guard whole > 0 else { return nil }
    idleShare = Double(idle) / Double(whole)
    self.longest = Double(longest) * 1e-9
  }
}
