/// What one attempt asks of an engine.
package struct FleetJob: Hashable, Sendable {
  package let node: NodeName
  /// Letters, digits, `-`.
  package let name: String
  /// Whether it waits for all other jobs of the same name: how places are shared.
  package let waitsForItsName: Bool
  /// Not before so many seconds from now.
  package let delay: Seconds
  package let timeLimitMinutes: Int
  /// Where the attempt's own lines go.
  package let log: String
  /// Folder that it runs in.
  package let folder: String
  /// Words of the command.
  package let command: [String]
  /// Site options, as given.
  package let options: [String]

  package init(
    node: NodeName, name: String, waitsForItsName: Bool, delay: Seconds, timeLimitMinutes: Int,
    log: String, folder: String, command: [String], options: [String]
  ) {
    self.node = node
    self.name = name
    self.waitsForItsName = waitsForItsName
    self.delay = delay
    self.timeLimitMinutes = timeLimitMinutes
    self.log = log
    self.folder = folder
    self.command = command
    self.options = options
  }
}

/// What an engine says of a job.
package enum FleetJobState: Hashable, Sendable {
  case running
  /// The engine's own word for why it does not run yet.
  case waiting(String)
  /// It cannot run before somebody mends the node; the engine's own words.
  case nodeDown(String)
  /// It has ended; the engine's own words, such as `TIMEOUT` or `exit code 7`.
  case ended(String)
}

/// Brings nodes to work: a scheduler that is there already.
package protocol FleetEngine: Sendable {
  /// What `submit` would start, as a person may read and repeat it.
  func preview(_ job: FleetJob) throws(Failure) -> String
  /// - Throws: `Failure` with the engine's own words where it does not take the job.
  func submit(_ job: FleetJob) throws(Failure) -> FleetJobID
  /// States of those jobs that the engine still knows.
  func states(_ jobs: [FleetJobID]) throws(Failure) -> [FleetJobID: FleetJobState]
  /// Nodes of a part of the machine park, as the engine's list of names.
  func nodes(ofPartition name: String) throws(Failure) -> NodeList
}
