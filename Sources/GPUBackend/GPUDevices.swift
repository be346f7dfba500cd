internal import CGPUKernels
package import Kernels
internal import LinuxSystem
package import Model

/// What a worker process says of the devices that drivers show.
package struct GPUDevices: Sendable {
  /// A way to a device that is not there, with the reason.
  package struct MissingRoute: Hashable, Sendable {
    package let library: GPULibraryKind
    package let reason: Reason
  }

  /// Every way, the missing ones included.
  package let routes: [DeviceRoute]

  /// One for each device, in the order of the bus; processors behind OpenCL last.
  package let backends: [GPUBackend]
  package let missing: [MissingRoute]
  /// Why kernels for CUDA cannot be compiled here; nil where they can, or where there is no CUDA.
  package let compilerProblem: String?

  /// Asks a worker process, which is `executable` started anew, for the devices of every library.
  ///
  /// A library that takes the worker with it is asked by itself, so that the others' devices are still found.
  /// `epoch` is that of Ethereum Classic's dataset.
  package init(
    executable: String, environment: [String: String]? = nil, limits: GPULimits = GPULimits(),
    epoch: Etchash.Epoch = .usual
  ) {
    let limit = limits.list
    let worker = WorkerProgram(executable: executable, environment: environment)
    var lines: [String] = []
    var missing: [MissingRoute] = []
    let all = Self.ask(worker, [], limit)
    if case .success(let whole) = all {
      lines = whole
    } else {
      for kind in GPULibraryKind.allCases {
        switch Self.ask(worker, [kind.rawValue], limit) {
        case .success(let some): lines += some
        case .failure(let error):
          missing.append(MissingRoute(library: kind, reason: Reason(.failed, error.message)))
        }
      }
    }
    let words = lines.map(WorkerMessage.words)
    for line in words where line.first == WorkerMessage.missing && line.count == 3 {
      guard let kind = GPULibraryKind(rawValue: line[1]) else { continue }
      missing.append(MissingRoute(library: kind, reason: Self.reason(kind, line[2])))
    }
    let compiler = words.first { $0.first == WorkerMessage.compiler && $0.count == 3 }?[2]
    compilerProblem = compiler.flatMap { $0.isEmpty ? nil : $0 }
    self.missing = missing
    let facts = words.compactMap(DeviceFacts.init)
    routes = Self.routes(facts, missing, compiler)
    backends = Self.joined(facts).map { id, alias, facts in
      GPUBackend(
        device: id, alias: alias, facts: facts, compilerProblem: compiler ?? "no CUDA driver",
        program: worker, limits: limits, epoch: epoch)
    }
  }

  private static func routes(
    _ facts: [DeviceFacts], _ missing: [MissingRoute], _ compiler: String?
  ) -> [DeviceRoute] {
    var routes = GPULibraryKind.allCases.map { kind in
      var reasons = missing.filter { $0.library == kind }.map(\.reason)
      let own = facts.filter { $0.library == kind }
      // The vendor's library is there, and the loader has no file that names it.
      if kind == .openCL, own.allSatisfy(\.isProcessor),
        let vendor = facts.first(where: { $0.library == .openCLVendor && !$0.isProcessor })
      {
        reasons.append(
          Reason(
            .unsupported, "the loader does not show \(vendor.name), whose own library does",
            remedy: "echo libnvidia-opencl.so.1 | sudo tee /etc/OpenCL/vendors/nvidia.icd"))
      }
      return DeviceRoute(name: kind.rawValue, found: own.map(\.sentence), missing: reasons)
    }
    if let compiler {
      routes.append(
        DeviceRoute(
          name: GPURoute.nvrtc.rawValue,
          found: compiler.isEmpty ? ["kernels are compiled for the card here"] : [],
          missing: compiler.isEmpty
            ? []
            : [
              Reason(
                .absent, compiler,
                remedy: "install CUDA's libnvrtc, or name it with HASHWATT_NVRTC_LIBRARY")
            ]))
    }
    let carried = GPUShape.all.count { unsafe hw_gpu_image($0.entry) != nil }
    routes.append(
      DeviceRoute(
        name: GPURoute.ptx.rawValue,
        found: carried == 0 ? [] : ["this build carries \(carried) kernels as PTX"],
        missing: carried > 0
          ? []
          : [
            Reason(
              .unsupported, "this build carries no kernel as PTX",
              remedy: "build with the packages clang-16 and libclc-16")
          ]))
    return routes
  }

  private static func ask(
    _ worker: WorkerProgram, _ kinds: [String], _ limit: Seconds
  ) -> Result<[String], Failure> {
    do throws(SystemError) {
      let outcome = try ChildProcess.run(
        worker.executable, [GPUWorkerProcess.command, GPUWorkerProcess.list] + kinds,
        environment: worker.environment, reading: .report, outputLimit: 1 << 20, limit: limit)
      let lines = outcome.output.split(separator: "\n").map(String.init)
      guard lines.last == WorkerMessage.done else {
        return .failure(Failure(.unavailable, "asking the driver \(outcome.ending.words)"))
      }
      return .success(lines)
    } catch {
      return .failure(Failure(.unavailable, error.description))
    }
  }

  private static func reason(_ kind: GPULibraryKind, _ text: String) -> Reason {
    let remedy: String? =
      switch kind {
      case .openCL: "apt-get install ocl-icd-libopencl1"
      case .cuda, .openCLVendor: nil
      }
    let isAbsent = text.hasPrefix("dlopen")
    return Reason(isAbsent ? .absent : .failed, text, remedy: isAbsent ? remedy : nil)
  }

  /// The devices with all the ways to each: the address on the bus says what is one device.
  private static func joined(
    _ facts: [DeviceFacts]
  ) -> [(id: DeviceID, alias: String?, facts: [DeviceFacts])] {
    var cards: [PCIAddress: [DeviceFacts]] = [:]
    var others: [(DeviceID, [DeviceFacts])] = []
    for fact in facts {
      // The vendor's library is the loader's as well, where the loader shows the device.
      let known = facts.contains {
        $0.library == .openCL && $0.name == fact.name && $0.platform == fact.platform
      }
      if fact.library == .openCLVendor, known { continue }
      if let address = fact.pciAddress {
        cards[address, default: []].append(fact)
      } else {
        let slug = Self.slug(fact)
        let twins = others.filter { $0.0.rawValue.hasPrefix("opencl:\(slug)") }.count
        others.append(
          (DeviceID.openCL(twins == 0 ? slug : "\(slug)-\(twins + 1)"), [fact]))
      }
    }
    let sorted = cards.sorted { $0.key < $1.key }.enumerated().map { index, card in
      (id: DeviceID.pci(card.key), alias: Optional("gpu\(index)"), facts: card.value)
    }
    return sorted + others.map { (id: $0.0, alias: nil, facts: $0.1) }
  }

  /// A platform's name as an identifier takes it.
  private static func slug(_ facts: DeviceFacts) -> String {
    if facts.platform == "Portable Computing Language" { return "pocl" }
    let words = facts.platform.lowercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
    let name = words.first.map(String.init) ?? "unnamed"
    return name.allSatisfy(\.isNumber) ? "platform-\(name)" : name
  }
}

/// How long a driver is waited for.
package struct GPULimits: Hashable, Sendable {
  /// While devices are listed: loading a driver takes up to some seconds where nothing keeps it loaded.
  package var list = Seconds(10)
  /// While a device is opened.
  package var open = Seconds(20)
  /// While a kernel is built, proven, or its launch is found.
  package var start = Seconds(120)
  /// Between two launches of live work.
  package var launch = Seconds(10)
  /// From the order to stop to the last word: candidates are confirmed, and a launch is scanned again by the processor.
  package var end = Seconds(60)

  package init() {}
}

/// What is started as a worker process.
internal struct WorkerProgram: Sendable {
  let executable: String
  /// Nil for this process's own.
  let environment: [String: String]?
}
