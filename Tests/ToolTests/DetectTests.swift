import Foundation
import TestSupport
import Testing

/// `hashwatt detect` as a process.
struct DetectTests {
  @Test("both formats, and nothing on standard error")
  func formats() throws {
    let text = try Tool.run(["detect"])
    #expect(text.status == 0)
    #expect(text.output.hasPrefix("Machine\n"))
    #expect(text.errors.isEmpty)
    let json = try Tool.run(["detect", "--format", "json"])
    #expect(json.status == 0)
    #expect(json.errors.isEmpty)
    let document = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
    #expect((document as? [String: Any])?["format"] as? String == "hashwatt-detection")
  }

  @Test("what tells hwloc to read something else does not reach the live machine")
  func environment() throws {
    let folder = try TemporaryFolder()
    let plain = try Tool.run(["detect", "--format", "json"])
    let misled = try Tool.run(
      ["detect", "--format", "json"],
      environment: [
        "HWLOC_XMLFILE": "\(folder.path)/none.xml", "HWLOC_FSROOT": folder.path,
        "HWLOC_SYNTHETIC": "pack:4 core:8 pu:2", "HWLOC_COMPONENTS": "synthetic,stop",
        "HWLOC_THISSYSTEM": "0", "HWLOC_CPUID_PATH": folder.path,
      ])
    #expect(misled.status == 0)
    #expect(misled.errors.isEmpty)
    #expect(misled.output == plain.output)
  }

  @Test("bad captures are one line and exit code 4")
  func badCaptures() throws {
    let folder = try TemporaryFolder()
    func refuse(_ option: String, _ text: String, _ word: String) throws {
      let file = "\(folder.path)/capture"
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      let outcome = try Tool.run(["detect", option, file])
      #expect(outcome.status == 4)
      #expect(outcome.output.isEmpty)
      #expect(outcome.errors.hasPrefix("hashwatt: \(file)"), "\(outcome.errors)")
      #expect(outcome.errors.contains(word), "\(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    }
    try refuse("--pci-dump", "00:00.0 Host bridge\n00: 86 80 zz\n", "line 2")
    try refuse("--pci-dump", "00:00.0 Host bridge\n00: 86 80", "line 2")
    try refuse("--hwloc-xml", "<topology version=\"3.0\"></topology>\n", "format 3.0")
    try refuse("--hwloc-xml", "<topology version=\"2.0\"><object type=\"Machine\"\n", "hwloc")
    // Without complete_cpuset at the machine hwloc 2.9 follows a null pointer.
    let sets = #"nodeset="0x1" complete_nodeset="0x1""#
    try refuse(
      "--hwloc-xml",
      #"""
      <?xml version="1.0" encoding="UTF-8"?>
      <!DOCTYPE topology SYSTEM "hwloc2.dtd">
      <topology version="2.0">
        <object type="Machine" os_index="0" cpuset="0x1" allowed_cpuset="0x1" \#(sets) gp_index="1">
          <object type="NUMANode" os_index="0" cpuset="0x1" complete_cpuset="0x1" \#(sets) gp_index="3"/>
          <object type="PU" os_index="0" cpuset="0x1" complete_cpuset="0x1" \#(sets) gp_index="2"/>
        </object>
      </topology>

      """#, "hwloc")
    let missing = try Tool.run(["detect", "--sysroot", "\(folder.path)/none"])
    #expect(missing.status == 4)
  }

  @Test("a capture goes into a new folder and replays")
  func capture() throws {
    let folder = try TemporaryFolder()
    let target = "\(folder.path)/machine"
    let first = try Tool.run(["detect", "--capture", target])
    #expect(first.status == 0, "\(first.errors)")
    let again = try Tool.run(["detect", "--capture", target])
    #expect(again.status == 2)
    #expect(again.errors.contains("not empty"))
    let replay = try Tool.run(["detect", "--sysroot", target])
    #expect(replay.status == 0)
    #expect(replay.output.hasPrefix("Machine, from captures"))
  }
}
