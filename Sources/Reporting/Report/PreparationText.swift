internal import Analysis
internal import Model
internal import Text

/// What was prepared before the windows of a result: by which library, in what time, with what energy, on what pages.
enum PreparationText {
  /// A line for each kernel of each device; the same state is told once.
  static func lines(_ result: RunResult) -> [String] {
    var lines: [String] = []
    for workers in result.workers {
      guard let line = line(workers, of: result), !lines.contains(line) else { continue }
      lines.append(line)
    }
    return lines
  }

  private static func line(_ workers: SeriesWorkers, of result: RunResult) -> String? {
    guard case .number(let seconds)? = workers.facts[.preparation] else { return nil }
    var parts = ["prepared in \(DecimalText.fixed(seconds, decimals: 1)) s"]
    switch result.preparationEnergy(of: workers) {
    case .value(let found)?:
      parts.append(
        "\(QuantityText.text(found.joules, unit: "J")) in \(found.scope) "
          + "(\(QuantityText.text(found.meanPower.value, unit: "W")))")
    case .unavailable(let reason)?: parts.append("energy unavailable: \(reason.message)")
    case nil: break
    }
    if let epoch = workers.epoch { parts.append("epoch \(epoch)") }
    if let dataset = workers.datasetSize {
      let text = dataset.value >> 20 > 10 ? "\(dataset.value >> 20) MiB" : "\(dataset.value) bytes"
      parts.append("dataset of \(text)")
    }
    if case .integer(let bytes)? = workers.facts[.preparedBytes] {
      parts.append("\(bytes >> 20) MiB")
    }
    if case .integer(let nodes)? = workers.facts[.preparedNodes], nodes > 1 {
      parts.append("\(nodes) memory nodes")
    }
    if case .text(let pages)? = workers.facts[.hugePages] {
      var text = "huge pages \(pages)"
      if case .integer(let bytes)? = workers.facts[.hugePageBytes] {
        text += " (\(bytes >> 20) MiB on them)"
      }
      parts.append(text)
    }
    if case .text(let library)? = workers.facts[.library] {
      var text = library
      if case .text(let version)? = workers.facts[.libraryVersion] { text += " \(version)" }
      parts.append(text)
    }
    return "\(workers.series.algorithm) \(workers.series.kernel): "
      + parts.joined(separator: ", ")
  }
}
