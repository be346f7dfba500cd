package import LinuxSystem
package import Model

/// What proving asks of the machine beside `Workbench`: `Composition` answers with adapters, tests with fakes.
package protocol ProvingBench: Workbench {
  /// Addresses of this machine.
  func interfaces() -> [NetworkInterface]
  /// Begins to listen for miners.
  ///
  /// - Throws: `Failure` where the address or the port cannot be listened on.
  func listen(_ order: ListeningOrder) throws -> any ProvingSession
  /// Asks miners from now on what they say of themselves.
  ///
  /// - Throws: `Failure` for an address of no known form, and for a miner that does not answer.
  func claims(_ words: [String]) throws -> any ClaimReader
}

/// Where to listen, for whom, and what to give them.
package struct ListeningOrder: Sendable {
  package let interface: NetworkInterface
  package let port: UInt16
  /// Whose connections are taken.
  package let permitted: [NetworkPrefix]
  package let challenge: Challenge
  package let device: DeviceID
  /// What may be given, each of another dialect: the first miner chooses.
  package let conventions: [ShareConvention]
  /// The difficulty of a share that was asked for; nil begins where no machine floods a small host.
  package let difficulty: ShareDifficulty?
  package let miners: Int
}
