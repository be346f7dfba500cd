internal import CRandomX
internal import Glibc
package import Model
internal import Synchronization

/// librandomx, which is loaded at run time and never linked: without it one algorithm is not available, and nothing
/// else.
package enum RandomXLibrary {
  /// What names another file in place of the machine's library.
  package static let variable = "HASHWATT_RANDOMX"

  /// The machine's library: why its kernels cannot run, or nil once it was loaded.
  package static var obstacle: Reason? { system }

  /// Why a version cannot be computed by any library of this process; nil where one can.
  package static func obstacle(to version: RandomXVersion) -> Reason? {
    switch judge(of: version) {
    case .success: nil
    case .failure(let reason): reason.reason
    }
  }

  /// The file that the machine's library was loaded from.
  package static var file: String? { obstacle == nil ? file(HW_RANDOMX_SYSTEM) : nil }

  /// Loads another build beside the machine's; its kernels are named as those of a plug-in.
  ///
  /// Loading and hashing run the library's own code: try it in a child process first. Once a process. Its compiled programs lie on
  /// pages that are never writable and executable at once.
  ///
  /// - Throws: what is wrong with the file, such as that it wants an executable stack and `allowsExecutableStack` is false.
  package static func load(
    _ file: String, allowsExecutableStack: Bool = false
  ) throws(Failure) -> [KernelVariant] {
    try checkObject(file, allowsExecutableStack: allowsExecutableStack)
    // Without a slash the loader would search its own folders.
    let path = file.contains("/") ? file : "./" + file
    if let problem = loading(HW_RANDOMX_NAMED, path) { throw fault(file, problem) }
    return RandomXVersion.allCases.flatMap {
      kernels(HW_RANDOMX_NAMED, $0, prefix: KernelID.pluginPrefix)
    }
  }

  /// What is wrong with a library that was loaded by `load`: a published hash, by compiled and by interpreted programs.
  ///
  /// That it lacks version 2 is nothing wrong; asking for it here keeps a crash of its own out of the caller's process.
  package static func proveNamed() -> String? {
    _ = wrongHash(HW_RANDOMX_NAMED, .v2)
    return wrongHash(HW_RANDOMX_NAMED, .v1)
  }

  /// The kernels of the machine's library, whether or not it is there.
  internal static func systemKernels(_ version: RandomXVersion) -> [KernelVariant] {
    kernels(HW_RANDOMX_SYSTEM, version, prefix: "")
  }

  /// The kernel that a version's reference hashes by: the cache alone, compiled programs.
  ///
  /// It is the machine's library's; of a version that this lacks, that of the library that was named.
  ///
  /// - Throws: `Failure` where no library computes it.
  internal static func light(_ version: RandomXVersion) throws(Failure) -> KernelVariant {
    switch judge(of: version) {
    case .success(let slot):
      guard let light = kernels(slot, version, prefix: "").last else {
        preconditionFailure("the table ends with it")
      }
      return light
    case .failure(let obstacle):
      throw Failure(
        .unavailable, "\(version.algorithm) cannot be computed here: \(obstacle.reason.message)",
        remedy: obstacle.reason.remedy)
    }
  }

  // MARK: Versions

  /// Why no library can be had.
  internal struct Obstacle: Error {
    let reason: Reason
  }

  private static func judge(
    of version: RandomXVersion
  ) -> Result<hw_randomx_slot, Obstacle> {
    guard version == .v2 else {
      return system.map { .failure(Obstacle(reason: $0)) } ?? .success(HW_RANDOMX_SYSTEM)
    }
    for slot in [HW_RANDOMX_SYSTEM, HW_RANDOMX_NAMED] where lack(slot, version) == nil {
      return .success(slot)
    }
    let reason = lack(HW_RANDOMX_SYSTEM, version) ?? Reason(.absent, "librandomx")
    return .failure(Obstacle(reason: reason))
  }

  /// Why a slot's library does not compute a version; asked of the library once.
  private static func lack(_ slot: hw_randomx_slot, _ version: RandomXVersion) -> Reason? {
    if slot == HW_RANDOMX_SYSTEM, let system { return system }
    guard version == .v2 else { return nil }
    if hw_randomx_has_commitments(slot) != 0, wrongHash(slot, version) == nil { return nil }
    return Reason(
      .unsupported, "librandomx has no version 2 of RandomX",
      remedy:
        "name a build of version 2.0.1 or later: --randomx-library FILE of 'run' and 'kernels', "
        + "or \(variable)=FILE for all that hashes and verifies")
  }

  // MARK: Loading

  private static let system: Reason? = {
    let given = unsafe getenv(variable).map { unsafe String(cString: $0) }
    let names = given.map { [$0] } ?? ["librandomx.so.0", "librandomx.so"]
    var problem = ""
    for name in names {
      guard let found = loading(HW_RANDOMX_SYSTEM, name) else {
        // Loaded; whether it hashes rightly is asked once somebody wants to hash.
        return nil
      }
      if problem.isEmpty { problem = found }
    }
    return Reason(
      .absent, "librandomx: \(problem)",
      remedy: given == nil
        ? "install librandomx0 ('sudo apt-get install librandomx0'), or name a file with \(variable)"
        : "set \(variable) to the file of a librandomx, or unset it")
  }()

  private static func loading(_ slot: hw_randomx_slot, _ file: String) -> String? {
    var text = [CChar](repeating: 0, count: 400)
    guard unsafe hw_randomx_load(slot, file, &text, text.count) != 0 else { return nil }
    let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self)
  }

  fileprivate static func file(_ slot: hw_randomx_slot) -> String? {
    var path = [CChar](repeating: 0, count: 4096)
    guard unsafe hw_randomx_file(slot, &path, path.count) != 0 else { return nil }
    return String(
      decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  // MARK: Kernels

  private static func kernels(
    _ slot: hw_randomx_slot, _ version: RandomXVersion, prefix: String
  ) -> [KernelVariant] {
    var count = 0
    guard let table = unsafe hw_randomx_kernels(slot, version.inC, &count) else { return [] }
    return (0..<count).map { index in
      do throws(DescriptionFault) {
        var variant = unsafe try KernelVariant(
          describedBy: table[index], RandomX.shape, prefix: prefix)
        variant.useLibrary(slot, hw_randomx_memory_of(index)) { lack(slot, version) }
        return variant
      } catch {
        preconditionFailure("a built-in kernel breaks the ABI's rules: \(error.problem)")
      }
    }
  }

  // MARK: Proof

  /// A published hash is one that no kernel of this program computed.
  ///
  /// Asked of a library and version once.
  ///
  /// - Returns: what is wrong, as a clause.
  internal static func wrongHash(_ slot: hw_randomx_slot, _ version: RandomXVersion) -> String? {
    let asked = Asked(slot: slot.rawValue, version: version)
    if let known = answers.withLock({ $0[asked] }) { return known.problem }
    let problem = hashPublished(slot, version)
    answers.withLock { $0[asked] = Answer(problem: problem) }
    return problem
  }

  private struct Asked: Hashable {
    let slot: UInt32
    let version: RandomXVersion
  }

  private struct Answer {
    let problem: String?
  }

  private static let answers = Mutex<[Asked: Answer]>([:])

  private static func hashPublished(
    _ slot: hw_randomx_slot, _ version: RandomXVersion
  ) -> String? {
    guard version == .v1 || hw_randomx_has_commitments(slot) != 0 else {
      return "it computes no commitments"
    }
    guard let answer = version.knownAnswers.first,
      let light = kernels(slot, version, prefix: "").last
    else { return nil }
    do {
      let state = try light.preparedState(key: answer.key)
      for isCompiled in [true, false] {
        guard let hash = state?.randomXHash(answer.input.bytes, version, isCompiled: isCompiled)
        else {
          return "it makes no machine for "
            + (isCompiled ? "compiled programs" : "interpreted programs")
        }
        guard hash == answer.value else {
          return "it returns wrong hashes"
            + (isCompiled ? "" : " with interpreted programs") + ": "
            + "\(Hexadecimal.encode(hash)) where \(answer.name) is \(Hexadecimal.encode(answer.value))"
        }
      }
      return nil
    } catch { return error.message }
  }

  // MARK: The file

  /// Looks at a file's headers, for an error that says more than the loader's, and refuses what would make every
  /// thread's stack executable.
  private static func checkObject(
    _ file: String, allowsExecutableStack: Bool
  ) throws(Failure) {
    let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw fault(file, errno == ENOENT ? "there is no such file" : "it cannot be read")
    }
    defer { close(descriptor) }
    var start = [UInt8](repeating: 0, count: 4096)
    let count = unsafe read(descriptor, &start, start.count)
    guard count >= 64, start.starts(with: [0x7f, 0x45, 0x4c, 0x46]), start[4] == 2, start[5] == 1
    else { throw fault(file, "it is no 64-bit shared object") }
    func word(_ place: Int, _ size: Int) -> UInt64 {
      guard place >= 0, place + size <= count else { return 0 }
      return start[place..<place + size].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    // Program headers: their place, size and number; PT_GNU_STACK with PF_X, or none at all, asks for it.
    let (place, size, number) = (word(32, 8), word(54, 2), word(56, 2))
    guard place < 4096, size >= 56, number <= 64 else {
      throw fault(file, "its program headers cannot be read")
    }
    let stack = (0..<Int(number)).map { Int(place) + $0 * Int(size) }
      .first { word($0, 4) == 0x6474_e551 }
    guard allowsExecutableStack || stack.map({ word($0 + 4, 4) & 1 == 0 }) ?? false else {
      throw fault(
        file, "it wants an executable stack",
        remedy:
          "build it with '-Wl,-z,noexecstack', or give --allow-execstack, which makes every stack of this process executable"
      )
    }
  }

  private static func fault(_ file: String, _ problem: String, remedy: String? = nil) -> Failure {
    Failure(
      .badInput, "--randomx-library '\(file)': \(problem)",
      remedy: remedy ?? "name a build of librandomx for this machine's processor")
  }
}

extension KernelVariant {
  /// What the library adds to the description.
  fileprivate mutating func useLibrary(
    _ slot: hw_randomx_slot, _ kind: hw_randomx_memory,
    obstacle: @escaping @Sendable () -> Reason?
  ) {
    let isCache = kind == HW_RANDOMX_CACHE
    let whose = slot == HW_RANDOMX_SYSTEM ? "librandomx" : "other librandomx"
    let what = isCache ? "cache" : kind == HW_RANDOMX_HUGE ? "dataset" : "dataset on 4 KiB pages"
    state?.library = LibraryState(
      name: "\(whose) \(what)",
      memory: ByteCount(
        HW_RANDOMX_CACHE_SIZE + (isCache ? 0 : HW_RANDOMX_DATASET_SIZE)), isLarge: !isCache)
    isCandidate = id.bareName == "librandomx-jit"
    libraryObstacle = obstacle
    let isAsked = kind != HW_RANDOMX_ORDINARY
    memory = { state in state.randomXMemory(isAsked: isAsked) }
    libraryFile = { RandomXLibrary.file(slot) }
  }
}

extension PreparedState {
  /// What a target is compared with, of any input; nil where the library makes no machine.
  ///
  /// The state is one of a kernel of RandomX.
  internal func randomXHash(
    _ input: [UInt8], _ version: RandomXVersion, isCompiled: Bool
  ) -> [UInt8]? {
    var hash = [UInt8](repeating: 0, count: Int(HW_RANDOMX_HASH_SIZE))
    let status = unsafe input.withUnsafeBufferPointer { bytes in
      unsafe hw_randomx_hash(
        address, version.inC, isCompiled ? 1 : 0, bytes.baseAddress, bytes.count, &hash)
    }
    return status == 0 ? hash : nil
  }

  /// `isAsked`: huge pages were wanted.
  fileprivate func randomXMemory(isAsked: Bool) -> PreparedMemory {
    guard let address = unsafe address else {
      return PreparedMemory(addresses: 0..<0, hugePages: .notNeeded)
    }
    let place = unsafe hw_randomx_place_of(address)
    let hugePages: ScratchMemory.HugePages =
      place.is_granted != 0 ? .granted : place.is_advised != 0 ? .advised : .refused
    return PreparedMemory(
      addresses: UInt(place.address)..<UInt(place.address + place.size),
      hugePages: place.size == 0 || !isAsked ? .notNeeded : hugePages)
  }
}
