internal import CLinuxShims
internal import Glibc

/// Tells whether a thread that runs somebody else's code has crashed.
///
/// The word is written by a signal handler and read by other threads, both atomically in C; its address never changes
/// while the object lives.
@safe package final class FaultFlag: @unchecked Sendable {
  private let word: UnsafeMutablePointer<CInt>

  package init() {
    unsafe word = .allocate(capacity: 1)
    unsafe word.initialize(to: 0)
  }

  deinit { unsafe word.deallocate() }

  /// From now on a crash of the calling thread does not end the process: the thread is parked.
  ///
  /// The thread must keep this object for as long as it lives.
  package func parkThisThreadOnFault() { unsafe hw_linux_park_on_fault(word) }

  /// The name of the signal that ended the thread's work, such as `SIGSEGV`, or `exit`.
  package var signalName: String? {
    let number = unsafe hw_linux_fault(word)
    return number == 0 ? nil : number < 0 ? "exit" : SignalName.text(number)
  }
}

/// Names of the signals that crashes raise.
enum SignalName {
  static func text(_ number: CInt) -> String {
    let names = [
      SIGSEGV: "SIGSEGV", SIGBUS: "SIGBUS", SIGILL: "SIGILL", SIGFPE: "SIGFPE",
      SIGABRT: "SIGABRT", SIGTRAP: "SIGTRAP", SIGKILL: "SIGKILL",
    ]
    return names[number] ?? "signal \(number)"
  }
}
