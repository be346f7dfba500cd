/// Every subcommand, in the order that the help shows.
package enum CommandCatalog {
  package static let all: [any Subcommand.Type] = [
    DetectCommand.self,
    DoctorCommand.self,
    KernelsCommand.self,
    ScanCommand.self,
    RunCommand.self,
    ResumeCommand.self,
    ProveCommand.self,
    CalibrateCommand.self,
    VerifyCommand.self,
    SignCommand.self,
    ProfileCommand.self,
    CompareCommand.self,
    TrendCommand.self,
    TableCommand.self,
    ReportCommand.self,
    SiteCommand.self,
    FleetCommand.self,
    NetworkCommand.self,
    EvaluateCommand.self,
  ]

  /// What the program starts itself with; not in the help, and no promise to anybody.
  static let hidden: [any Subcommand.Type] = [
    TryPluginCommand.self, TryCaptureCommand.self, GPUWorkerCommand.self,
  ]
}
