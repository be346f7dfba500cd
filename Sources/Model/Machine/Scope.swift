/// What is inside of a meter's number.
///
/// Open: files may carry scopes that this version does not know. What the program knows of each is one row of
/// `ScopeTraits.all`.
package struct Scope: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
  package var description: String { rawValue }

  package static let wall = Scope(rawValue: "wall")
  package static let dcSystem = Scope(rawValue: "dc-system")
  package static let psys = Scope(rawValue: "psys")
  package static let cpuPackage = Scope(rawValue: "cpu-package")
  /// Cores inside a package.
  ///
  /// On AMD the powercap `core` zone is one single core.
  package static let cpuCore = Scope(rawValue: "cpu-core")
  package static let cpuUncore = Scope(rawValue: "cpu-uncore")
  package static let dram = Scope(rawValue: "dram")
  package static let gpuBoard = Scope(rawValue: "gpu-board")
  /// The package on a GPU's board, without the board's memory and regulators.
  package static let gpuChip = Scope(rawValue: "gpu-chip")
  package static let board = Scope(rawValue: "board")
  /// What the power supply of an ASIC miner draws, and what its boards do: another machine than the one that hashes.
  package static let minerInput = Scope(rawValue: "miner-input")
  package static let minerBoard = Scope(rawValue: "miner-board")
  package static let unknown = Scope(rawValue: "unknown")
}
