// A process that is a machine: `simulated-machine NAME FOLDER [BUSY]` writes the tree of a named machine below FOLDER,
// advances its counters until its standard input ends, and then writes FOLDER/truth.txt: one line a step, the
// nanoseconds and each zone's microjoules since the start.

import Glibc
import TestSupport

let words = CommandLine.arguments
guard words.count >= 3, let machine = SimulatedMachines.machine(words[1]) else {
  print("usage: simulated-machine NAME FOLDER [BUSY-CPUS]; NAME is one of")
  print(SimulatedMachines.names.joined(separator: "\n"))
  exit(2)
}
/// A number of busy CPUs, a file that holds one, or what the machine itself is busy with.
let load: SimulatedPowercap.Load =
  if words.count > 3 {
    words[3].hasPrefix("/") ? .file(words[3]) : .constant(Double(words[3]) ?? 1)
  } else {
    .machine
  }
let simulation = try SimulatedPowercap(
  in: FixtureTree(existing: words[2]), zones: machine.zones, load: load, vendor: machine.vendor)
simulation.start()
print("ready")
fflush(nil)
while readLine() != nil {}
simulation.stop()
if let file = fopen("\(words[2])/truth.txt", "w") {
  for truth in simulation.trace {
    let energies = truth.microjoules.map(String.init).joined(separator: " ")
    fputs("\(truth.nanoseconds) \(energies)\n", file)
  }
  fclose(file)
}
