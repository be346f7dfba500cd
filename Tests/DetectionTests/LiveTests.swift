import Detection
import Foundation
import JSON
import Model
import TestSupport
import Testing

#if !SANITIZED
  import Records
#endif

/// The present machine, as the system's own tools describe it.
struct LiveTests {
  private static let live = try? MachineDetector(.live).detect()

  private func run(_ name: String, _ arguments: [String]) throws -> String? {
    guard let path = ChildProcess.find(name) else {
      NotRun.report("agreement of detect with \(name): \(name) is not installed")
      return nil
    }
    let outcome = try ChildProcess.run(path, arguments, environment: ["LC_ALL": "C"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    return outcome.output
  }

  @Test("lscpu says the same")
  func lscpu() throws {
    let cpu = try #require(Self.live?.machine.cpu.value)
    guard let text = try run("lscpu", ["--parse=CPU,CORE,SOCKET"]) else { return }
    let rows = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    #expect(rows.compactMap { Int($0[0]) }.sorted() == cpu.onlineCPUs)
    #expect(Set(rows.map { $0[1] }).count == cpu.cores.value)
    #expect(Set(rows.map { $0[2] }).count == cpu.packages.value)
    guard let long = try run("lscpu", []) else { return }
    var facts: [String: String] = [:]
    for line in long.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2 {
        facts[parts[0].trimmingCharacters(in: .whitespaces)] = parts[1]
          .trimmingCharacters(in: .whitespaces)
      }
    }
    if let vendor = facts["Vendor ID"], cpu.architecture.value == "x86_64" {
      #expect(cpu.vendor.value == vendor)
      #expect(cpu.modelName.value == facts["Model name"])
      #expect(cpu.family.value.map(String.init) == facts["CPU family"])
      #expect(cpu.model.value.map(String.init) == facts["Model"])
      #expect(cpu.stepping.value.map(String.init) == facts["Stepping"])
      let flags = Set((facts["Flags"] ?? "").split(separator: " ").map(String.init))
      #expect(Set(cpu.features.value ?? []).isSubset(of: flags))
    }
    #expect(cpu.architecture.value == facts["Architecture"])
    let hypervisor = Self.live?.machine.platform.hypervisor.value ?? nil
    #expect((facts["Hypervisor vendor"] != nil) == (hypervisor != nil))
  }

  @Test("lspci says the same")
  func lspci() throws {
    guard let report = Self.live, let text = try run("lspci", ["-Dnn"]) else { return }
    guard let count = report.pciFunctions.value else { return }
    let lines = text.split(separator: "\n")
    #expect(lines.count == count)
    let displays = lines.filter { $0.contains("[0300]") || $0.contains("[0302]") }
    for line in displays {
      let address = line.split(separator: " ")[0]
      #expect(report.devices.contains { $0.id.rawValue == "pci:\(address)" })
    }
  }

  @Test("lstopo says the same")
  func lstopo() throws {
    let cpu = try #require(Self.live?.machine.cpu.value)
    guard let lstopo = ChildProcess.find("lstopo-no-graphics") else {
      return NotRun.report("agreement of detect with lstopo: lstopo-no-graphics is not installed")
    }
    // Tests beside this one load captures by these variables, which a child would inherit.
    let cleared = ["FSROOT", "COMPONENTS", "THISSYSTEM", "CPUID_PATH", "XMLFILE"]
      .flatMap { ["-u", "HWLOC_\($0)"] }
    guard let text = try run("env", cleared + [lstopo, "--of", "console", "--no-io"]) else {
      return
    }
    func count(_ word: String) -> Int {
      text.split { " +\n".contains($0) }.count { $0 == word }
    }
    #expect(count("Package") == cpu.packages.value)
    #expect(count("Core") == cpu.cores.value)
    #expect(count("PU") == (cpu.allowedCPUs.value ?? []).count)
    #expect(max(1, count("NUMANode")) == cpu.numaNodes.value?.count)
    let caches = cpu.caches.value ?? []
    #expect(count("L3") == caches.filter { $0.name == "L3" }.reduce(0) { $0 + $1.count })
  }

  #if !SANITIZED
    @Test("every document follows its schema")
    func schema() throws {
      let project = Captures.project
      let own = project.appendingPathComponent(".build/venv/bin/check-jsonschema").path
      let validator =
        FileManager.default.isExecutableFile(atPath: own)
        ? own : ChildProcess.find("check-jsonschema")
      guard let validator else {
        return NotRun.report("the schema of detect's JSON: check-jsonschema is not installed")
      }
      let folder = try TemporaryFolder()
      var files: [String] = []
      func keep(_ report: DetectionReport) throws {
        let file = "\(folder.path)/\(files.count).json"
        let bytes = try DetectionFile.encode(report)
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        files.append(file)
      }
      try keep(try MachineDetector(.live).detect())
      var fixture = PCIFixture()
      fixture.link = ((3, 16), (1, 1))
      fixture.resizable = (now: 8, best: 12)
      try keep(try report(ofDump: fixture.dump()))
      for capture in Captures.all {
        guard let expected = try Expectation.of(capture), expected.errorLine == nil,
          let captures = Captures.folder
        else { continue }
        let ready = try ReadyCapture(capture, folder: captures, inner: expected.folder)
        try keep(try MachineDetector(ready.sources).detect())
      }
      let schema = project.appendingPathComponent("profiles/schema/detect-v1.schema.json").path
      let outcome = try ChildProcess.run(validator, ["--schemafile", schema] + files)
      #expect(outcome.status == 0, "\(outcome.text.prefix(3000))")
      // A document with a wrong number must not pass.
      let first = try String(contentsOfFile: files[0], encoding: .utf8)
      let broken = "\(folder.path)/broken.json"
      try first.replacingOccurrences(of: "\"version\": 1", with: "\"version\": 2")
        .write(toFile: broken, atomically: true, encoding: .utf8)
      #expect(try ChildProcess.run(validator, ["--schemafile", schema, broken]).status != 0)
    }
  #endif
}
