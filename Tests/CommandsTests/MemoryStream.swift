import Commands
import Synchronization

/// Keeps what a command prints.
final class MemoryStream: TextStream {
  private let storage = Mutex("")
  let isTerminal: Bool
  let width = 80

  init(isTerminal: Bool = false) { self.isTerminal = isTerminal }

  var text: String { storage.withLock { $0 } }

  func write(_ text: String) { storage.withLock { $0 += text } }
}
