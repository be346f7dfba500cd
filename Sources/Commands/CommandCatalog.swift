/// Every subcommand, in the order that the help shows.
package enum CommandCatalog {
  package static let all: [any Subcommand.Type] = [
    DetectCommand.self,
    DoctorCommand.self,
    KernelsCommand.self,
    ScanCommand.self,
    RunCommand.self,
    VerifyCommand.self,
    ProfileCommand.self,
    CompareCommand.self,
    TableCommand.self,
  ]
}
