package import Analysis
internal import Text

/// One file that was handed in, and what is to be said of it.
package struct SubmittedFile: Hashable, Sendable {
  package let path: String
  package let findings: [SubmissionFinding]

  package init(path: String, findings: [SubmissionFinding]) {
    self.path = path
    self.findings = findings
  }

  /// The worst of what was found.
  package var weight: SubmissionFinding.Weight {
    let weights = findings.map(\.weight)
    return weights.contains(.wrong) ? .wrong : weights.contains(.doubtful) ? .doubtful : .good
  }
}

/// What `site --check` says of files that are handed in.
package struct SubmissionReport: Hashable, Sendable {
  package let files: [SubmittedFile]

  package init(_ files: [SubmittedFile]) { self.files = files }

  /// Whether no file has anything wrong; what is doubtful is a person's to decide.
  package var passes: Bool { !files.contains { $0.weight == .wrong } }

  /// One sentence.
  package var conclusion: String {
    func count(_ weight: SubmissionFinding.Weight) -> Int { files.count { $0.weight == weight } }
    return "of \(CountText.text(files.count, "file")): "
      + [
        (count(.good), "can be taken"), (count(.doubtful), "to be looked at by a person"),
        (count(.wrong), "not to be taken"),
      ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: "; ")
  }

  /// For a terminal.
  package var text: String {
    files.map { file in
      "\(DisplayText.visible(file.path)): \(Self.words(file.weight))\n"
        + file.findings.map { finding in
          "  \(finding.weight.rawValue.padded(to: 8))  \(finding.rule.rawValue.padded(to: 9))  "
            + "\(DisplayText.visible(finding.text))\n"
        }.joined()
    }.joined() + "\(conclusion)\n"
  }

  /// For a comment in a pull request.
  package var markdown: String {
    let blocks = files.map { file in
      "### \(Escape.markdown(file.path)): \(Self.words(file.weight))\n\n"
        + file.findings.map { finding in
          "- **\(finding.weight.rawValue)**, \(finding.rule.rawValue): \(Escape.markdown(finding.text))\n"
        }.joined()
    }
    return (["## hashwatt: \(Escape.markdown(conclusion))\n"] + blocks).joined(separator: "\n")
  }

  private static func words(_ weight: SubmissionFinding.Weight) -> String {
    switch weight {
    case .good: "can be taken"
    case .doubtful: "to be looked at by a person"
    case .wrong: "not to be taken"
    }
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
