internal import Model
internal import Text
package import Verification

/// What was proven of a result, a line for each thing.
package enum VerificationText {
  package static func lines(_ verified: VerifiedResult) -> [String] {
    var lines = verified.endReason.map { ["partial: \($0.text)"] } ?? []
    lines += verified.series.map(line)
    let grade = verified.grade.rawValue
    if let version = verified.otherVersion {
      lines.append(
        "summaries follow from \(verified.samples) samples, and grade \(grade) from them and the checks as "
          + "hashwatt \(version) states them; this is \(ToolIdentity.currentVersion)")
    } else {
      lines.append(
        "checks, summaries and grade \(grade) follow from \(verified.samples) samples")
    }
    if verified.externalChecks > 0 {
      lines.append(
        "\(CountText.text(verified.externalChecks, "check")) on a calibration stand as the result states them"
      )
    }
    lines.append(challenge(verified.challenge))
    if let count = verified.loggedEnergies {
      lines.append("the raw log gives the \(count) energies of the windows exactly as stated")
    }
    if verified.isProven {
      lines.append(
        "proven is computing behind the miner's connection within the windows, not that it happened inside its box"
      )
    }
    if verified.isProven, verified.rescanned != nil {
      lines.append(
        "--rescan has no meaning for a miner's work: the shares that it did not send are not known")
    } else if let rescanned = verified.rescanned {
      lines.append(
        "\(rescanned.parts) random parts scanned again, \(rescanned.attempts) attempts: exactly the "
          + "\(rescanned.shares) recorded shares (seed \(rescanned.seed))")
    }
    lines.append(
      "on the word of whoever measured: " + StatedFacts.groups.map(\.words).joined(separator: "; "))
    return lines
  }

  private static func challenge(_ origin: VerifiedResult.ChallengeOrigin) -> String {
    switch origin {
    case .asked: "the challenge is the one that was asked for"
    case .given: "the challenge was given by somebody: check it with --challenge"
    case .own: "the challenge was chosen by the run itself"
    }
  }

  private static func line(_ series: ProvenSeries) -> String {
    let error = (series.relativeError * 1000).rounded() / 10
    let proof =
      series.shares == 0
      ? "no shares, which proves little"
      : "they prove the \(series.unit.rawValue) count to \(error) %"
    let sample =
      series.hashed == series.shares
      ? ""
      : " if the \(series.shares - series.hashed) that were not hashed are true too; "
        + "\(series.hashed) of \(series.shares) were hashed again, those that the run had not hashed as this verification drew them: "
        + "at most \(DecimalText.percent(series.mostFalse, decimals: 1)) of all can be false, at 95 % confidence"
    return "\(series.series): \(series.windows) windows, \(series.unit.counted(series.units)), "
      + "\(series.shares) shares; \(proof)" + sample
  }
}
