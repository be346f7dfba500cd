// What a worker thread does outside its kernel: `worker-overhead [ROUNDS] [SECONDS]`.
//
// A session runs with its calibrated batch b and with b/64 in alternation, on one CPU. With t the time of a hash and o the
// cost of a call outside the kernel, the rates give 1/R(b) = t + o/b and 1/R(b/64) = t + 64 o/b, so that the share of a
// worker's time outside the kernel is o/(b t + o) = (R(b)/R(b/64) - 1)/63. The division by 63 is what makes a
// number far below the machine's noise measurable. What a kernel itself does once per call (midstates, constants) counts
// as outside.

import CPUBackend
import Glibc
import LinuxSystem
import Model

struct Measurement {
  let batch: UInt64
  let rate: Double
}

func measure(
  _ algorithm: AlgorithmID, _ kernel: KernelID, cpu: Int, batch: UInt64?, sequence: UInt32,
  seconds: Double
) throws -> Measurement {
  guard let challenge = Challenge(bytes: [UInt8](repeating: 7, count: 32)) else {
    preconditionFailure("32 bytes make a challenge")
  }
  let clock = RawMonotonicClock()
  // About as many shares a second as in a run: one in 2^18 for the fast algorithms, one in 2^8 for scrypt.
  let bits = algorithm == .scrypt ? 8 : 18
  let session = try CPUBackend().start(
    ComputeJob(
      series: SeriesID(algorithm: algorithm, device: .cpu, kernel: kernel, threads: 1),
      mode: .hash, placement: .cpus([cpu]), challenge: challenge,
      target: Target(leadingZeroBits: bits),
      firstSequence: sequence, batch: batch))
  clock.sleep(until: clock.now().advanced(by: Seconds(0.1)), isCancelled: { false })
  // From the end of one call to the end of another, so that no call is cut.
  func edge() -> (Instant, UInt64) {
    let before = session.progress()[0].position.value
    while true {
      let position = session.progress()[0].position.value
      if position != before { return (clock.now(), position) }
    }
  }
  let start = edge()
  clock.sleep(until: clock.now().advanced(by: Seconds(seconds)), isCancelled: { false })
  let end = edge()
  _ = try session.finish()
  return Measurement(
    batch: session.batch, rate: Double(end.1 - start.1) / end.0.since(start.0).value)
}

let words = CommandLine.arguments
let rounds = words.count > 1 ? Int(words[1]) ?? 9 : 9
let seconds = words.count > 2 ? Double(words[2]) ?? 1 : 1
let cpus = try Affinity.allowedCPUs()
let backend = CPUBackend()
print("# algorithm kernel round batch rate_hps small_batch small_rate_hps outside_percent")
for algorithm in AlgorithmID.known {
  let usable = backend.kernels().filter {
    $0.algorithm == algorithm && $0.unsupported == nil && $0.kernel.rawValue != "swift"
      && $0.kernel.rawValue != "openssl"
  }
  // The first of the catalogue is the widest, hence the one with the fewest calls for its hashes.
  guard let kernel = usable.first else { continue }
  var outside: [Double] = []
  for round in 0..<rounds {
    let sequence = UInt32(round) << 8
    let large = try measure(
      algorithm, kernel.kernel, cpu: cpus[0], batch: nil, sequence: sequence, seconds: seconds)
    let lanes = UInt64(kernel.lanes)
    let small = max(lanes, large.batch / 64 / lanes * lanes)
    let other = try measure(
      algorithm, kernel.kernel, cpu: cpus[0], batch: small, sequence: sequence + 1,
      seconds: seconds)
    let factor = Double(large.batch) / Double(small)
    let share = (large.rate / other.rate - 1) / (factor - 1) * 100
    outside.append(share)
    print(algorithm, kernel.kernel, round, large.batch, large.rate, small, other.rate, share)
  }
  outside.sort()
  print(
    "# \(algorithm) \(kernel.kernel): outside the kernel, median \(outside[rounds / 2]) %,",
    "from \(outside[0]) to \(outside[rounds - 1]) %")
}
