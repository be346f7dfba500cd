package import Analysis
package import Model
internal import Text

extension Figure {
  package var threadsText: String {
    guard let placement else { return "" }
    let part = placement.part.map { " \($0)" } ?? ""
    return placement.kind == .thread
      ? "\(placement.workers)\(part)" : "\(kindPhrase)\(part)"
  }

  /// `1 thread`, `8 P threads`; empty where the number is not known.
  package var threadsPhrase: String {
    placement?.kind == .thread
      ? threadsText + (placement?.workers == 1 ? " thread" : " threads") : threadsText
  }

  /// `2 queues`.
  private var kindPhrase: String {
    placement.map { CountText.text($0.workers, $0.kind.rawValue) } ?? ""
  }

  package var throughputText: String {
    guard let throughput else { return "not stated" }
    return RateText.text(
      Rate(perSecond: throughput.value, unit: workUnit), halfWidth: throughput.halfWidth)
  }

  /// The efficiency in one of its forms, or `unavailable`.
  package func efficiencyText(_ form: EfficiencyForm) -> String {
    energy.value.map { form.text($0.workPerJoule, workUnit) } ?? "unavailable"
  }

  /// `proven` where the work was not counted; empty for what was, and for claims.
  package var workOriginText: String { workOrigin == .proven ? "proven" : "" }

  /// `measured`, or `claimed` with the care of its source.
  package var originText: String {
    let confidence = source.confidence.map { ", \($0) confidence" } ?? ""
    let year = source.year.map { " \($0)" } ?? ""
    return provenance.rawValue + year + confidence
  }

  /// What a reader must know beside the numbers, one sentence each.
  package var remarks: [String] {
    (energy.reason.map { ["energy unavailable: \($0.text)"] } ?? []) + remarksWithoutEnergy
  }

  /// The remarks but for the reason why there is no energy.
  package var remarksWithoutEnergy: [String] {
    var remarks: [String] = []
    if let energy = energy.value, let kind = energy.kind, !kind.isMeasured {
      remarks.append("power in scope \(energy.scope) is \(kind.rawValue), not measured")
    }
    if workOrigin == .proven {
      remarks.append(
        "the work is proven by shares: an estimate with their counting noise, not a count")
    }
    remarks += claims.map { ProvenText.sentence($0, workUnit) }
    if !isComplete {
      remarks.append("partial: the run ended early, and only finished windows count")
    }
    if provenance == .measured, throughput?.halfWidth == nil {
      remarks.append("too few repeats for an interval")
    }
    if let grade = GradeNote.text(self) { remarks.append(grade) }
    return remarks + statements
  }

  /// What is said of the device and the machine, whatever was measured.
  package var statements: [String] {
    var statements: [String] = []
    if let caution = algorithm.caution { statements.append("\(algorithm) is \(caution)") }
    if EngineeringSample.isNamed(by: deviceName) {
      statements.append("an engineering sample, not the model that was sold")
    }
    if let signature { statements.append(signature) }
    if let note { statements.append("noted by whoever measured: \(note)") }
    return statements
  }

  /// `claimed 2024, high confidence: Example's data sheet`; nil for what was measured.
  package var claimText: String? {
    guard provenance == .claimed else { return nil }
    return originText + ": " + (source.title ?? source.shortName)
  }

  /// The grade, or that it is a claim.
  package var gradeText: String { grade?.rawValue ?? (provenance == .claimed ? "claim" : "") }

  package var gradeRole: Grid.Role {
    grade?.role ?? (provenance == .claimed ? .doubtful : .plain)
  }
}

extension EnergyFigure {
  package var powerText: String {
    power.map { QuantityText.text($0.value, unit: "W") } ?? ""
  }

  /// The scope, with the kind where the number is not measured.
  package var scopeText: String {
    guard let kind, !kind.isMeasured else { return scope.rawValue }
    return "\(scope) (\(kind.rawValue))"
  }
}

extension Reason {
  /// The sentence and what mends it.
  package var text: String { remedy.map { "\(message); \($0)" } ?? message }
}
