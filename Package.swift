// swift-tools-version: 6.3

import PackageDescription

// MARK: - Settings

let swiftSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let cSettings: [CSetting] = [
  .enableWarning("all"),
  .enableWarning("extra"),
  .enableWarning("strict-prototypes"),
  .treatAllWarnings(as: .error),
  .define("_GNU_SOURCE"),
]

// MARK: - Targets

let systemLibraries: [Target] = [
  .systemLibrary(
    name: "CHwloc", pkgConfig: "hwloc", providers: [.apt(["libhwloc-dev", "pkg-config"])]),
  .systemLibrary(
    name: "CPCI", pkgConfig: "libpci", providers: [.apt(["libpci-dev", "pkg-config"])]),
  .systemLibrary(
    name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev", "pkg-config"])]),
  .systemLibrary(
    name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev", "pkg-config"])]),
  .systemLibrary(
    name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev", "pkg-config"])]),
]

let cTargets: [Target] = [
  .target(
    name: "CKernels",
    cSettings: [.headerSearchPath("common"), .headerSearchPath(".")]),
  .target(name: "COpenSSLKernels", dependencies: ["CKernels", "CCrypto"]),
  .target(name: "CRandomX", dependencies: ["CKernels"]),
  .target(name: "CLinuxShims"),
  .target(name: "CPCIShims", dependencies: ["CPCI"]),
  .target(
    name: "CGPUKernels", dependencies: ["CKernels"],
    exclude: ["sha256.cl", "sha256d.cl", "keccak256.cl", "scrypt.cl", "etchash.cl", "probes.cl"],
    cSettings: [
      .headerSearchPath("../CKernels/common"),
      // Kernels as PTX, where Scripts/gpu-images.sh has made them.
      .headerSearchPath("../../.build/gpu/images"),
    ]),
  .target(name: "CGPUShims"),
  .target(name: "CGPUSession", dependencies: ["CGPUShims", "CGPUKernels"]),
]

let models: [Target] = [
  .target(name: "Model"),
  .target(name: "JSON"),
  .target(name: "Text", dependencies: ["Model"]),
  .target(name: "Statistics"),
  .target(name: "Arguments", dependencies: ["Model", "Text"]),
  .target(name: "MeterCore", dependencies: ["JSON", "Model"]),
]

let policy: [Target] = [
  .target(name: "Analysis", dependencies: ["Model", "Statistics", "Text", "MeterCore"]),
  .target(
    name: "Benchmarking", dependencies: ["Model", "Statistics", "Analysis", "Text", "MeterCore"]),
  .target(name: "Economics", dependencies: ["Model", "Statistics"]),
  .target(name: "Fleet", dependencies: ["Model", "Statistics", "Analysis", "Text"]),
  .target(name: "Records", dependencies: ["JSON", "Model", "Text", "Economics"]),
  .target(
    name: "Verification",
    dependencies: ["JSON", "Model", "MeterCore", "Statistics", "Analysis", "Records"]),
  .target(
    name: "Reporting",
    dependencies: [
      "JSON", "Model", "Analysis", "Text", "Verification", "MeterCore", "Records", "Economics",
      "Fleet",
    ]),
]

let adapters: [Target] = [
  .target(name: "LinuxSystem", dependencies: ["Model", "CLinuxShims", "CZlib"]),
  .target(
    name: "Detection",
    dependencies: ["Model", "LinuxSystem", "CHwloc", "CPCIShims", "Text", "MachineFacts"]),
  .target(
    name: "Metering",
    dependencies: [
      "JSON", "Model", "LinuxSystem", "CLinuxShims", "Text", "MeterCore", "MachineFacts",
    ]),
  .target(name: "FleetEngines", dependencies: ["Model", "LinuxSystem", "Text"]),
  .target(name: "ResultIndex", dependencies: ["Model", "LinuxSystem", "CSQLite"]),
  .target(
    name: "Kernels", dependencies: ["Model", "CKernels", "COpenSSLKernels", "CRandomX", "Text"]),
  .target(name: "MachineFacts", dependencies: ["Model", "LinuxSystem", "CLinuxShims", "Text"]),
  .target(
    name: "CPUBackend", dependencies: ["Model", "Kernels", "LinuxSystem", "MachineFacts"]),
  .target(
    name: "GPUBackend",
    dependencies: ["Model", "Kernels", "LinuxSystem", "CGPUKernels", "CGPUShims", "CGPUSession"]),
  .target(name: "StratumBackend", dependencies: ["JSON", "Model", "LinuxSystem"]),
]

let program: [Target] = [
  .target(
    name: "Commands",
    dependencies: [
      "JSON", "Model", "Arguments", "Statistics", "Analysis", "Benchmarking", "Records",
      "Reporting", "LinuxSystem", "Detection", "Metering", "Kernels", "CPUBackend", "GPUBackend",
      "Text", "Verification", "MeterCore", "MachineFacts", "Economics", "StratumBackend", "Fleet",
      "FleetEngines", "ResultIndex",
    ]),
  .executableTarget(name: "hashwatt", dependencies: ["Commands"]),
]

let tests: [Target] = [
  .target(
    name: "TestSupport", dependencies: ["Model", "LinuxSystem"], path: "Tests/TestSupport"),
  .testTarget(name: "TestSupportTests", dependencies: ["TestSupport", "Model"]),
  .testTarget(name: "TextTests", dependencies: ["Text", "Model"]),
  .testTarget(name: "JSONTests", dependencies: ["JSON", "TestSupport"]),
  .testTarget(name: "ModelTests", dependencies: ["Model"]),
  .testTarget(
    name: "MeterCoreTests", dependencies: ["MeterCore", "Model", "Analysis", "TestSupport"]),
  .testTarget(
    name: "ArgumentsTests", dependencies: ["Arguments", "Model", "TestSupport"],
    exclude: ["Snapshots"]),
  .testTarget(name: "StatisticsTests", dependencies: ["Statistics"], exclude: ["Data"]),
  .testTarget(
    name: "AnalysisTests", dependencies: ["Analysis", "Statistics", "Model", "TestSupport"]),
  .testTarget(
    name: "StratumBackendTests",
    dependencies: ["StratumBackend", "JSON", "Model", "LinuxSystem", "TestSupport"]),
  .testTarget(name: "LinuxSystemTests", dependencies: ["LinuxSystem", "Model", "TestSupport"]),
  .testTarget(
    name: "MachineFactsTests",
    dependencies: ["MachineFacts", "LinuxSystem", "Model", "TestSupport"]),
  .testTarget(
    name: "BenchmarkingTests",
    dependencies: ["Benchmarking", "Analysis", "Statistics", "Model", "TestSupport"]),
  .testTarget(
    name: "EconomicsTests",
    dependencies: ["Economics", "Records", "Kernels", "Statistics", "Model", "TestSupport"]),
  .testTarget(
    name: "FleetTests",
    dependencies: ["Fleet", "Analysis", "Statistics", "Model", "TestSupport"]),
  .testTarget(
    name: "ResultIndexTests",
    dependencies: ["ResultIndex", "CSQLite", "LinuxSystem", "Model", "TestSupport"]),
  .testTarget(name: "FleetEnginesTests", dependencies: ["FleetEngines", "Model", "TestSupport"]),
  .testTarget(name: "ArchitectureTests", dependencies: ["LinuxSystem"]),
  .testTarget(
    name: "KernelsTests", dependencies: ["Model", "Kernels", "TestSupport"], exclude: ["Figures"]),
  .testTarget(
    name: "CPUBackendTests",
    dependencies: ["Model", "Kernels", "CPUBackend", "LinuxSystem", "TestSupport"]),
  .testTarget(
    name: "GPUBackendTests",
    dependencies: [
      "hashwatt", "Model", "Kernels", "GPUBackend", "LinuxSystem", "Records", "TestSupport",
    ]),
  .testTarget(
    name: "ToolTests",
    dependencies: ["hashwatt", "Kernels", "LinuxSystem", "Model", "Records", "TestSupport"],
    exclude: ["Plugins", "Faults"]),
  .testTarget(
    name: "CommandsTests",
    dependencies: [
      "Commands", "CSQLite", "Analysis", "Arguments", "LinuxSystem", "Model", "Records",
      "TestSupport",
    ],
    exclude: ["Snapshots"]),
  .testTarget(
    name: "ReportingTests",
    dependencies: [
      "Reporting", "Analysis", "Statistics", "Model", "LinuxSystem", "TestSupport", "Text",
      "Records", "Verification",
    ],
    exclude: ["Snapshots", "Schemas"]),
  .testTarget(
    name: "WorkShapeTests",
    dependencies: [
      "Model", "Kernels", "CPUBackend", "Benchmarking", "Analysis", "Verification", "Records",
      "Reporting", "LinuxSystem", "TestSupport",
    ],
    exclude: ["Plugins"]),
  .testTarget(
    name: "VerificationTests",
    dependencies: [
      "Analysis", "JSON", "Records", "Model", "LinuxSystem", "TestSupport", "Verification",
    ]),
  .testTarget(
    name: "DetectionTests",
    dependencies: [
      "Detection", "JSON", "Model", "LinuxSystem", "Records", "Reporting", "TestSupport",
      "MachineFacts", "Verification",
    ],
    exclude: ["Expected", "Snapshots"]),
  .testTarget(
    name: "RecordsTests",
    dependencies: ["JSON", "Records", "Analysis", "Model", "LinuxSystem", "TestSupport"],
    exclude: ["Snapshots", "Frozen"]),
  .executableTarget(
    name: "worker-overhead", dependencies: ["CPUBackend", "LinuxSystem", "Model"],
    path: "Benchmarks/overhead", exclude: ["README.md", "raw.txt"]),
  .executableTarget(
    name: "simulated-machine", dependencies: ["TestSupport"], path: "Tests/SimulatedMachine"),
  .testTarget(
    name: "MeteringTests",
    dependencies: [
      "Model", "LinuxSystem", "Metering", "Analysis", "Verification", "TestSupport", "MeterCore",
    ]),
]

let everything = systemLibraries + cTargets + models + policy + adapters + program + tests

// A sanitizer's build (HASHWATT_SANITIZED) is asked about C, memory and threads. What turns values into files and texts has none of
// them, is a third of what the tests of detection and metering would rest on, and is left out there, as are the lines of those tests
// that look at it (`#if !SANITIZED`); the debug build runs them.
let isSanitized = Context.environment["HASHWATT_SANITIZED"] != nil
let textual: Set = ["Records", "Verification", "Reporting"]
func isNeeded(_ dependency: Target.Dependency) -> Bool {
  guard case .byNameItem(let name, _) = dependency else { return true }
  return !textual.contains(name)
}
if isSanitized {
  for target in tests { target.dependencies = target.dependencies.filter(isNeeded) }
}

/// These targets and all that they rest on.
func closure(of names: [String], in everything: [Target]) -> Set<String> {
  var found: Set<String> = []
  var open = names
  while let name = open.popLast() {
    guard found.insert(name).inserted else { continue }
    for dependency in everything.first(where: { $0.name == name })?.dependencies ?? [] {
      switch dependency {
      case .byNameItem(let name, _), .targetItem(let name, _): open.append(name)
      default: break
      }
    }
  }
  return found
}

// HASHWATT_TESTS=NAME,NAME builds only these test targets and what they rest on: the sanitizers and the optimizer are
// asked about a fifth of the tests and a half of the program, and building the rest for them was half of the time of
// `make test`. The simulated machine is a program that some of them run.
let wantedTests = Context.environment["HASHWATT_TESTS"].map {
  closure(
    of: $0.split(separator: ",").map(String.init) + ["simulated-machine"], in: everything)
}
let built = everything.filter { wantedTests?.contains($0.name) ?? true }

let package = Package(
  name: "hashwatt",
  products: built.contains { $0.name == "hashwatt" }
    ? [.executable(name: "hashwatt", targets: ["hashwatt"])] : [],
  targets: built,
  cLanguageStandard: .c17
)

// MARK: - Common settings: one loop, so that no target can be forgotten

// What computes is optimized in debug builds too: their tests and their simulations take a fraction of the time so, and what only
// the optimizer can get wrong is tested by the same tests. Traps, names for the debugger and `@testable` stay. A sanitizer's build
// has few tests, and optimizes the kernels alone.
let computing: Set = ["CKernels", "CRandomX", "COpenSSLKernels", "Kernels", "Model"]
let simulating: Set = ["JSON", "Statistics", "CPUBackend"]

for target in package.targets {
  if computing.contains(target.name) || !isSanitized && simulating.contains(target.name) {
    target.swiftSettings = [.unsafeFlags(["-O"], .when(configuration: .debug))]
    target.cSettings =
      (target.cSettings ?? []) + [.unsafeFlags(["-O2"], .when(configuration: .debug))]
  }
  switch target.type {
  case .system:
    break
  case _
  where target.name.hasPrefix("C") && target.name.dropFirst().first?.isUppercase == true
    && cTargets.contains { $0.name == target.name }:
    target.cSettings = (target.cSettings ?? []) + cSettings
  case .test:
    target.swiftSettings =
      (target.swiftSettings ?? []) + swiftSettings + (isSanitized ? [.define("SANITIZED")] : [])
  default:
    target.swiftSettings =
      (target.swiftSettings ?? []) + swiftSettings
      + (["TestSupport", "simulated-machine", "worker-overhead"].contains(target.name)
        ? [] : [.strictMemorySafety()])
  }
}
