internal import CKernels
internal import Glibc
package import Model

/// Kernels of a shared object that somebody else wrote.
package enum PluginLibrary {
  /// More kernels than this in one file are taken for a mistake.
  private static let maximumKernels: UInt64 = 256

  /// Loads a plug-in into this process and reads its descriptions.
  ///
  /// Loading runs the plug-in's own code: do it in a child process first. The library stays loaded, because its
  /// kernels are called until the process ends. `prefix` is what their names are shown with.
  package static func load(
    _ file: String, prefix: String = KernelID.pluginPrefix,
    algorithms: AlgorithmCatalog = .builtIn
  ) throws(Failure) -> [KernelVariant] {
    try checkObject(file)
    // Without a slash the loader would search its own folders.
    let path = file.contains("/") ? file : "./" + file
    guard let library = unsafe dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      throw fault(file, "it cannot be loaded: \(loaderError())")
    }
    guard let symbol = unsafe dlsym(library, HW_PLUGIN_ENTRY_NAME) else {
      throw fault(
        file, "it has no entry point '\(HW_PLUGIN_ENTRY_NAME)'",
        remedy: "export that function as Documentation/KernelABI.md shows")
    }
    let entry = unsafe unsafeBitCast(symbol, to: hw_plugin_entry_fn.self)
    guard let plugin = unsafe entry() else {
      throw fault(file, "its entry point returned no description")
    }
    return unsafe try variants(file, plugin.pointee, prefix, algorithms)
  }

  /// Reads the descriptions, each as long as the plug-in says, so that a later header may add fields at their ends.
  private static func variants(
    _ file: String, _ plugin: hw_plugin, _ prefix: String, _ algorithms: AlgorithmCatalog
  ) throws(Failure) -> [KernelVariant] {
    let (version, size) = unsafe (plugin.abi_version, plugin.struct_size)
    guard version == HW_KERNEL_ABI_VERSION else {
      throw fault(
        file, "it has ABI version \(version), this program reads version \(HW_KERNEL_ABI_VERSION)",
        remedy: version == 1
          ? "change it as 'From version 1' in Documentation/KernelABI.md says, and build it again"
          : "build it with this version's hw_kernel.h")
    }
    guard unsafe size >= UInt32(MemoryLayout<hw_plugin>.size) else {
      throw fault(file, "its description has \(size) bytes, fewer than the ABI's")
    }
    let (count, kernels) = unsafe (plugin.kernel_count, plugin.kernels)
    guard (1...maximumKernels).contains(count), let first = unsafe kernels else {
      throw fault(file, "it describes \(count) kernels, allowed are 1 to \(maximumKernels)")
    }
    let stride = unsafe first.pointee.struct_size
    guard unsafe stride >= UInt32(MemoryLayout<hw_kernel>.size),
      unsafe Int(stride).isMultiple(of: MemoryLayout<hw_kernel>.alignment)
    else { throw fault(file, "its kernels' descriptions have \(stride) bytes, not the ABI's size") }
    var variants: [KernelVariant] = []
    for index in 0..<Int(count) {
      let place = unsafe UnsafeRawPointer(first).advanced(by: index * Int(stride))
      let kernel = unsafe place.assumingMemoryBound(to: hw_kernel.self).pointee
      let variant: KernelVariant
      let id = AlgorithmID(
        rawValue: unsafe kernel.algorithm.map { unsafe String(cString: $0) } ?? "")
      let algorithm = algorithms.descriptor(of: id)
      do throws(DescriptionFault) {
        variant = unsafe try KernelVariant(
          describedBy: kernel, algorithm?.shape ?? .blockHeader, prefix: prefix)
      } catch { throw fault(file, error.problem) }
      guard algorithm != nil else {
        let known = algorithms.all.map(\.id.rawValue).joined(separator: ", ")
        throw fault(
          file, "kernel '\(variant.id)' is of the unknown algorithm '\(variant.algorithm)'",
          remedy: "the algorithms are \(known)")
      }
      guard !variants.contains(where: { $0.isNamed(like: variant) }) else {
        throw fault(
          file, "the name '\(variant.id)' is taken twice for \(variant.algorithm)",
          remedy: "give each kernel a name of its own")
      }
      variants.append(variant)
    }
    return variants
  }

  /// Looks at the file's first bytes, for an error that says more than the loader's.
  private static func checkObject(_ file: String) throws(Failure) {
    // Without a wait for somebody to write into a named pipe.
    let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw fault(file, errno == ENOENT ? "there is no such file" : "it cannot be read")
    }
    defer { close(descriptor) }
    var start = [UInt8](repeating: 0, count: 20)
    let count = unsafe read(descriptor, &start, start.count)
    guard count == start.count, start.starts(with: [0x7f, 0x45, 0x4c, 0x46]) else {
      throw fault(file, "it is not an ELF object", remedy: "give a shared object ('cc -shared')")
    }
    guard start[4] == 2, start[16] == 3, start[18] == machine else {
      throw fault(file, "it is not a 64-bit shared object for this machine's processor")
    }
  }

  /// `EM_X86_64` or `EM_AARCH64`.
  private static let machine: UInt8 = {
    #if arch(arm64)
      183
    #else
      62
    #endif
  }()

  private static func loaderError() -> String {
    guard let text = unsafe dlerror() else { return "the loader gives no reason" }
    return unsafe String(cString: text)
  }

  private static func fault(_ file: String, _ problem: String, remedy: String? = nil) -> Failure {
    Failure(.badInput, "plug-in '\(file)': \(problem)", remedy: remedy)
  }
}

extension KernelVariant {
  /// Whether two kernels have the same algorithm and name.
  package func isNamed(like other: KernelVariant) -> Bool {
    algorithm == other.algorithm && id == other.id
  }
}
