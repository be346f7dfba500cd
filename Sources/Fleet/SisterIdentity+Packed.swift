package import Analysis
package import Model

extension Seconds: Packed {
  package func pack(into bytes: inout Packing) { value.pack(into: &bytes) }
  package init(from bytes: inout Unpacking) throws(UnpackingProblem) {
    self.init(try Double(from: &bytes))
  }
}

extension ByteCount: Packed {
  package func pack(into bytes: inout Packing) { value.pack(into: &bytes) }
  package init(from bytes: inout Unpacking) throws(UnpackingProblem) {
    self.init(try UInt64(from: &bytes))
  }
}

extension Plan: PackedParts {
  package static func parts(
    _ part: inout some PartList<Plan>
  ) throws(UnpackingProblem) -> Plan {
    Plan(
      suite: try part(\.suite), warmup: try part(\.warmup), warmupLimit: try part(\.warmupLimit),
      warmsToSteadyState: try part(\.warmsToSteadyState), window: try part(\.window),
      ramp: try part(\.ramp), minimumRepeats: try part(\.minimumRepeats),
      maximumRepeats: try part(\.maximumRepeats), stopHalfWidth: try part(\.stopHalfWidth),
      idle: try part(\.idle), idlesAfter: try part(\.idlesAfter),
      isTogether: try part(\.isTogether))
  }
}

extension ToolIdentity: PackedParts {
  package static func parts(
    _ part: inout some PartList<ToolIdentity>
  ) throws(UnpackingProblem) -> ToolIdentity {
    ToolIdentity(
      version: try part(\.version), executableDigest: try part(\.executableDigest),
      compiler: try part(\.compiler), configuration: try part(\.configuration))
  }
}

extension SisterIdentity: PackedParts {
  package static func parts(
    _ part: inout some PartList<SisterIdentity>
  ) throws(UnpackingProblem) -> SisterIdentity {
    SisterIdentity(
      hardwareID: try part(\.hardwareID), deviceName: try part(\.deviceName),
      memory: try part(\.memory), plan: try part(\.plan), tool: try part(\.tool))
  }

  private init(
    hardwareID: HardwareID, deviceName: String, memory: ByteCount?, plan: Plan, tool: ToolIdentity
  ) {
    self.hardwareID = hardwareID
    self.deviceName = deviceName
    self.memory = memory
    self.plan = plan
    self.tool = tool
  }
}
