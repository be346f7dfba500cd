internal import LinuxSystem
internal import Model
internal import Text

/// Signatures of files by OpenSSH's `ssh-keygen -Y`: the keys and the cryptography are its own, and none of ours.
///
/// The signature of FILE is FILE.sig, over the file's very bytes, in the namespace `hashwatt`. Packing changes neither: that of
/// FILE.json.gz is FILE.json.sig, over the content.
struct Signatures: Sendable {
  /// What a signature is good for: one that was made for something else is refused.
  static let namespace = "hashwatt"
  static let suffix = ".sig"

  /// What is known of a file's signature.
  enum Finding: Hashable, Sendable {
    case absent
    /// There is one, and nobody said whose signatures count.
    case notChecked
    case by(String)
    case refused(String)

    /// For people; nil where there is no signature.
    var text: String? {
      switch self {
      case .absent: nil
      case .notChecked: "signed, not checked"
      case .by(let signer): "signed by \(signer)"
      case .refused(let why): "its signature is refused: \(why)"
      }
    }
  }

  /// Where the signature of a file lies.
  static func place(of path: String) -> String { RecordName.unpacked(path) + suffix }

  private let environment: [String: String]
  /// The file of allowed signers (ssh-keygen(1), ALLOWED SIGNERS); nil where none was named.
  private let allowed: String?

  /// Whether it was said whose signatures count.
  var isChecked: Bool { allowed != nil }

  /// - Throws: `Failure` with exit code 4 for a file of signers that is not there.
  init(_ context: CommandContext, allowed: String? = nil) throws(Failure) {
    environment = context.environment
    self.allowed = allowed
    if let allowed { try Self.check(allowed) }
  }

  /// The words that a key's line of allowed signers has one of before the key itself.
  private static let keyTypes = ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-sha2-"]

  /// Its own words for such a file are no words for people: a line of another form is named here.
  private static func check(_ allowed: String) throws(Failure) {
    let lines = String(decoding: try InputFile.read(allowed, limit: 1 << 20), as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
    var keys = 0
    for (index, line) in lines.enumerated() {
      let words = line.split { $0.isWhitespace }
      guard let first = words.first, !first.hasPrefix("#") else { continue }
      let isKey = words.dropFirst().dropLast().contains { word in
        keyTypes.contains { word.hasPrefix($0) }
      }
      guard isKey else {
        throw Failure(
          .badInput, "\(allowed):\(index + 1): no line of a signer and a key",
          remedy:
            "write 'NAME namespaces=\"\(namespace)\" ssh-ed25519 AAAA...', as in ssh-keygen(1), ALLOWED SIGNERS"
        )
      }
      keys += 1
    }
    guard keys > 0 else {
      throw Failure(.badInput, "\(allowed): it names no signer", remedy: "add the lines of some")
    }
  }

  /// Longest signature that is looked at: the largest key's is a tenth of it.
  private static let longestSignature = 1 << 16

  /// Signs a file's bytes and writes the signature beside it, whole or not at all.
  ///
  /// A passphrase is never asked for: a key that has one is taken from the agent.
  ///
  /// - Returns: the signature's path.
  func sign(_ bytes: [UInt8], of path: String, by key: String) throws -> String {
    let signature = try signature(of: String(decoding: bytes, as: UTF8.self), by: key)
    let target = Self.place(of: path)
    do {
      try AtomicFile.write(Array(signature.utf8), to: target)
    } catch {
      throw Failure(.unavailable, "\(target): not written: \(error.errno)")
    }
    return target
  }

  /// Signs nothing of worth with a key, so that one that cannot sign is found before an hour is spent.
  func tryOut(_ key: String) throws(Failure) { _ = try signature(of: "", by: key) }

  private func signature(of text: String, by key: String) throws(Failure) -> String {
    guard SystemRoot.live.exists(key) else {
      throw Failure(.badInput, "\(key): no such file", remedy: "name a private key of OpenSSH")
    }
    let outcome = try run(
      ["-Y", "sign", "-n", Self.namespace, "-f", key], text,
      // A key in hardware waits to be touched.
      limit: Seconds(60))
    guard outcome.ending == .exited(0), outcome.output.hasPrefix("-----BEGIN SSH SIGNATURE") else {
      let how = outcome.ending == .timedOut ? " within a minute" : ""
      throw Failure(
        .unavailable, "ssh-keygen could not sign with \(key)\(how)",
        remedy:
          "name a private key that you alone can read (chmod 600 \(key)); one with a passphrase must be in an agent (ssh-add \(key))"
      )
    }
    return outcome.output
  }

  /// What the signature beside a file says of these bytes of it.
  func finding(_ bytes: [UInt8], of path: String) throws(Failure) -> Finding {
    try finding(of: path) { bytes }
  }

  /// What the signature beside a file says of its bytes, which are asked for only where there is one to be checked.
  func finding(
    of path: String, _ bytes: () throws(Failure) -> [UInt8]
  ) throws(Failure) -> Finding {
    let signature = Self.place(of: path)
    guard SystemRoot.live.exists(signature) else { return .absent }
    guard let allowed else { return .notChecked }
    do {
      _ = try SystemRoot.live.bytes(signature, limit: Self.longestSignature)
    } catch {
      return .refused(
        error.errno == .tooLarge
          ? "it is no signature of OpenSSH: it is far too long"
          : "\(signature) cannot be read: \(error.errno)")
    }
    let found = try run(
      ["-Y", "find-principals", "-s", signature, "-f", allowed], "", limit: Seconds(10))
    let signers = found.output.split(separator: "\n").map(String.init)
    guard found.ending == .exited(0), !signers.isEmpty else {
      return .refused("its key is none of \(allowed)")
    }
    for signer in signers {
      let outcome = try run(
        [
          "-Y", "verify", "-n", Self.namespace, "-f", allowed, "-I", signer, "-s", signature,
        ], String(decoding: try bytes(), as: UTF8.self), limit: Seconds(10))
      if outcome.ending == .exited(0) { return .by(DisplayText.visible(signer)) }
    }
    return .refused("it is of other bytes, of another namespace, or out of its time")
  }

  private func run(
    _ arguments: [String], _ input: String, limit: Seconds
  ) throws(Failure) -> ChildProcess.Outcome {
    let path = environment["PATH"] ?? "/usr/bin:/bin"
    guard let program = ChildProcess.find("ssh-keygen", path: path) else {
      throw Failure(
        .unavailable, "ssh-keygen is not installed",
        remedy: "install it, on Debian and Ubuntu with 'sudo apt-get install openssh-client'")
    }
    var variables = environment
    // Asks neither at the terminal nor in a window.
    variables["SSH_ASKPASS"] = "/bin/false"
    variables["SSH_ASKPASS_REQUIRE"] = "force"
    do {
      return try ChildProcess.run(
        program, arguments, environment: variables, input: input, limit: limit)
    } catch {
      throw Failure(.unavailable, "ssh-keygen: \(error.errno)")
    }
  }
}
