internal import Model

/// What `--interleave` makes of the requests: each with the other build's kernels of its algorithm.
struct Interleaving {
  let requests: [KernelRequest]
  /// Why an algorithm is left out: a sentence each, without a full stop.
  let notes: [String]

  /// - Throws: a `Failure` when the other build has nothing to stand against any request.
  init(
    _ requests: [KernelRequest], _ others: [KernelDescription], file: String
  ) throws(Failure) {
    var paired: [KernelRequest] = []
    var notes: [String] = []
    for request in requests {
      let own = others.filter { $0.algorithm == request.algorithm }
      if own.contains(where: { $0.unsupported == nil }) {
        var both = request
        both.add(own)
        paired.append(both)
      } else if let reason = own.compactMap(\.unsupported).first {
        notes.append(
          "\(request.algorithm) is left out: no kernel of '\(file)' can run here, \(reason.message)"
        )
      } else {
        notes.append("\(request.algorithm) is left out: '\(file)' has no kernel of it")
      }
    }
    guard !paired.isEmpty else {
      throw Failure(
        .usage, "--interleave has nothing to pair: \(notes.joined(separator: "; "))",
        remedy: "choose an algorithm that both have; see 'hashwatt kernels --plugin \(file)'")
    }
    self.requests = paired
    self.notes = notes
  }
}
