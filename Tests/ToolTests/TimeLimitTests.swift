import Testing

/// The limits that the environment sets are read before anything is waited for.
struct TimeLimitTests {
  @Test(
    "a limit that is no time is refused, with the variable's name",
    arguments: ["HASHWATT_GPU_LIMIT_S", "HASHWATT_PLUGIN_LIMIT_S"],
    ["soon", "0", "-3", "nan", "3601", ""])
  func refused(variable: String, text: String) throws {
    // Only who gives a plug-in is told of the limit of plug-ins.
    let plugin = variable.contains("PLUGIN") ? ["--plugin", Tool.path] : []
    let outcome = try Tool.run(["run", "--dry-run"] + plugin, environment: [variable: text])
    #expect(outcome.status == 2)
    #expect(
      outcome.errors == "hashwatt: \(variable) is '\(text)': give seconds from 1 to 3600\n")
  }
}
