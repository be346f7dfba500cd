import Detection
import Model
import Testing

/// The parent's side of a capture's trial, with programs that stand in for the child.
struct CaptureTrialTests {
  private func failure(_ script: String, limit: Seconds = Seconds(30)) throws -> Failure? {
    do {
      try CaptureTrial(executable: "/bin/sh", words: ["-c", script, "child"], limit: limit).check(
        DetectionSources(sysroot: nil, hwlocXML: "/there/x.xml", pciDump: "/there/y"))
      return nil
    } catch let failure as Failure { return failure }
  }

  @Test("a crash is the capture's fault, which is named")
  func crash() throws {
    let failure = try #require(try failure("kill -SEGV $$"))
    #expect(failure.exitCode == .badInput)
    #expect(
      failure.line == "/there/x.xml: reading it crashes hwloc (SIGSEGV): use a copy that is whole")
    let second = try #require(
      try self.failure(#"case "$1" in --pci-dump=/there/y) kill -ABRT $$;; esac"#))
    #expect(second.message == "/there/y: reading it crashes libpci (SIGABRT)")
  }

  @Test("what never ends is given up")
  func silence() throws {
    let failure = try #require(try failure("sleep 60", limit: Seconds(1)))
    #expect(failure.message == "/there/x.xml: reading it takes longer than 1 s")
  }

  @Test("a capture that is merely refused passes, and the live machine is not tried")
  func others() throws {
    #expect(try failure("exit 4") == nil)
    try CaptureTrial(executable: "/bin/sh", words: ["-c", "kill -SEGV $$"]).check(.live)
  }

  @Test("where no child can be started nothing is tried")
  func noChild() throws {
    try CaptureTrial(executable: "/nonexistent").check(
      DetectionSources(sysroot: "/there", hwlocXML: nil, pciDump: nil))
  }
}
