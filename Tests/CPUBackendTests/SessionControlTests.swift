#if DEBUG
  import Dispatch
  import LinuxSystem
  import Model
  import Synchronization
  import Testing

  @testable import CPUBackend

  struct SessionControlTests {
    @Test(
      "a fast worker does not take at the second meeting the leave that a slow one was given at the first"
    )
    func leaves() throws {
      let job = ComputeJob(
        series: SeriesID(
          algorithm: .sha256d, device: .cpu, kernel: KernelID(rawValue: "portable"), threads: 2),
        mode: .hash, placement: .cpus([0, 1]),
        challenge: try #require(Challenge(bytes: Array(0..<32))),
        target: Target(leadingZeroBits: 40), firstSequence: 0, batch: nil)
      let control = SessionControl(job: job)
      let seen = Locked<UInt64?>(nil)
      // The slow one was let go as well, and has not gone yet.
      control.release(2, from: .prepared)
      let fast = try SystemThread {
        guard control.meet(.prepared), control.meet(.calibrated) else { return }
        seen.withLock { $0 = control.batch.load(ordering: .acquiring) }
      }
      for _ in 0..<2 { control.arrived.wait() }
      // Time to go wrong in; what is right waits for ever.
      let clock = RawMonotonicClock()
      clock.sleep(until: clock.now().advanced(by: Seconds(0.05))) { false }
      control.batch.store(7, ordering: .releasing)
      control.release(1, from: .calibrated)
      fast.join()
      #expect(seen.withLock { $0 } == 7)
    }
  }
#endif
