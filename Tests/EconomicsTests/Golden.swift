import Economics
import Foundation
import Kernels
import Model
import Records
import TestSupport

/// The reference's cases, read in place; nil with a report where they are not there.
struct Golden {
  let cases: [[String: Any]]
  private let tolerance: [String: Any]

  static let path = "../shared/reference/economics-golden.json"

  static func load() -> Golden? {
    guard let data = FileManager.default.contents(atPath: path),
      let tree = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
      let cases = tree["cases"] as? [[String: Any]],
      let tolerance = tree["tolerance"] as? [String: Any]
    else {
      NotRun.report("the golden cases of the economics (\(path) is not there)")
      return nil
    }
    return Golden(cases: cases, tolerance: tolerance)
  }

  /// What differs between an answer and what was expected, each with its path.
  func differences(
    _ expected: Any, _ got: Any?, in golden: [String: Any], path: String = "", key: String = ""
  ) -> [String] {
    if let expected = expected as? [String: Any] {
      guard let got = got as? [String: Any] else { return ["\(path): no object"] }
      let extra = got.keys.filter { expected[$0] == nil }.sorted().map {
        "\(path).\($0): not expected"
      }
      return extra
        + expected.keys.sorted().flatMap { name in
          differences(
            expected[name] ?? NSNull(), got[name], in: golden, path: "\(path).\(name)", key: name)
        }
    }
    if let expected = expected as? [Any] {
      guard let got = got as? [Any], got.count == expected.count else {
        return ["\(path): \(String(describing: got)) instead of \(expected)"]
      }
      return expected.indices.flatMap {
        differences(expected[$0], got[$0], in: golden, path: "\(path)[\($0)]", key: key)
      }
    }
    if expected is NSNull {
      return got is NSNull ? [] : ["\(path): \(String(describing: got)) instead of null"]
    }
    if let expected = expected as? String {
      return got as? String == expected
        ? [] : ["\(path): \(String(describing: got)) instead of \(expected)"]
    }
    guard let wanted = expected as? NSNumber, let number = got as? NSNumber else {
      return ["\(path): \(String(describing: got)) instead of \(expected)"]
    }
    let (relative, absolute) = tolerances(of: key, in: golden)
    let limit = absolute + relative * abs(wanted.doubleValue)
    return abs(number.doubleValue - wanted.doubleValue) <= limit
      ? [] : ["\(path): \(number) instead of \(wanted)"]
  }

  private func tolerances(of key: String, in golden: [String: Any]) -> (Double, Double) {
    var relative = tolerance["relative"] as? Double ?? 0
    var absolute = tolerance["absolute"] as? Double ?? 0
    for source in [tolerance, golden["tolerance"] as? [String: Any] ?? [:]] {
      guard let keys = source["keys"] as? [String: [String: Double]], let own = keys[key] else {
        continue
      }
      relative = own["relative"] ?? relative
      absolute = own["absolute"] ?? absolute
    }
    return (relative, absolute)
  }
}

/// What the golden file's inputs come to.
enum GoldenRun {
  static let hashes = HeaderHashes { check, bytes in
    switch check {
    case .sha256d, .sha256dWithSolution: return SHA256.hash(SHA256.hash(bytes))
    case .scrypt, .keccak256:
      let id = check == .scrypt ? AlgorithmID.scrypt : .keccak256
      guard let header = WorkInput(bytes: bytes, .blockHeader) else { return nil }
      return try? AlgorithmCatalog.builtIn.descriptor(of: id)?.reference()
        .value(of: header, payload: [])
    case .none: return nil
    }
  }

  static func answers(_ part: [String: Any], network shared: [String: Any]?) throws -> [String: Any]
  {
    let network = try NetworkFile.decode(
      bytes(part["network"] ?? shared ?? [:]), name: "network")
    var scenario =
      part["scenario"] as? [String: Any] ?? [
        "format": "hashwatt-scenario", "version": 1,
      ]
    for key in ["contract", "offer", "rental"] where part[key] != nil { scenario[key] = part[key] }
    let contents = try ScenarioFile.decode(bytes(scenario), name: "scenario")
    let evaluator = Evaluator(
      chains: try BuiltInChains.all(), network: network, hashes: hashes, now: network.capturedAt)
    do {
      return try tree(EvaluationFile.answers(try evaluator.evaluate(contents.scenario)))
    } catch let refusal as Refusal {
      return try tree(EvaluationFile.answers(refusal))
    }
  }

  private static func bytes(_ object: Any) throws -> [UInt8] {
    Array(try JSONSerialization.data(withJSONObject: object))
  }

  private static func tree(_ bytes: [UInt8]) throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] ?? [:]
  }
}
