internal import Glibc
package import Model

/// Sanity rules for published figures (economics reference, section 12); findings change no number.
package enum ClaimLinter {
  /// Best known joules per terahash of SHA-256d by year.
  static let frontier: [(year: Int, joulesPerTH: Double)] = [
    (2014, 700), (2016, 100), (2018, 45), (2020, 29.5), (2022, 20.8), (2024, 12),
  ]

  /// Rates and joules per work between which machines of a kind lie; outside one the prefix of a unit is doubtful.
  static let bands: [Band] = [
    Band("sha256d", "asic", rate: 1e8...3e15, joules: 5e-12...1e-8),
    Band("scrypt-1024-1-1", "asic", rate: 1e5...1e11, joules: 5e-8...1e-3),
    Band("etchash", "asic", rate: 1e7...2e10, joules: 1e-7...2e-5),
    Band("ethash", "asic", rate: 1e7...2e10, joules: 1e-7...2e-5),
    Band("equihash-200-9", "asic", rate: 1e3...2e6, joules: 1e-3...1),
    Band("randomx", "asic", rate: 1e3...2e6, joules: 1e-3...1),
    Band("randomx", "cpu", rate: 10...2e5, joules: 1e-3...1),
    Band("etchash", "gpu", rate: 1e6...1e9, joules: 5e-7...2e-5),
    Band("ethash", "gpu", rate: 1e6...1e9, joules: 5e-7...2e-5),
    Band("sha256d", "gpu", rate: 1e7...1e11, joules: 1e-9...1e-5),
    Band("keccak256", "gpu", rate: 1e7...1e11, joules: 1e-9...1e-5),
  ]

  struct Band: Sendable {
    let algorithm: String
    let kind: String
    let rate: ClosedRange<Double>
    let joules: ClosedRange<Double>

    init(
      _ algorithm: String, _ kind: String, rate: ClosedRange<Double>,
      joules: ClosedRange<Double>
    ) {
      self.algorithm = algorithm
      self.kind = kind
      self.rate = rate
      self.joules = joules
    }
  }

  /// Of all claims of a profile.
  package static func findings(of profile: Profile) -> [Finding] {
    var seen: Set<Finding> = []
    return profile.published.flatMap {
      findings(of: $0, in: profile) + contradictions(in: profile, $0)
    }.filter { seen.insert($0).inserted }
  }

  /// Of one claim.
  static func findings(of claim: PublishedClaim, in profile: Profile) -> [Finding] {
    var found: [Finding] = []
    let derived = claim.rate.flatMap { rate in claim.power.map { $0.value / rate } }
    if let derived, let stated = claim.joulesPerWork, claim.joulesPerWorkIsStated,
      abs(stated / derived - 1) > 0.02
    {
      found.append(
        Finding(
          .efficiencyContradiction,
          "\(claim.source.title) states \(Plain.number(stated)) J per \(claim.workUnit.rawValue), but power over rate is \(Plain.number(derived)): more than 2 % apart"
        ))
    }
    let joules = claim.joulesPerWork ?? derived
    if let joules, let best = frontier(claim.year), claim.algorithm == .sha256d,
      profile.kind.rawValue == "asic", joules * 1e12 < best * 0.8
    {
      found.append(
        Finding(
          .beyondFrontier,
          "\(Plain.number(joules * 1e12)) J/TH is better by more than a fifth than the \(Plain.number(best)) J/TH that was the best known of its year"
        ))
    }
    if let band = bands.first(where: {
      $0.algorithm == claim.algorithm.rawValue && $0.kind == profile.kind.rawValue
    }) {
      let isOutside =
        claim.rate.map { !band.rate.contains($0) } ?? false
        || joules.map { !band.joules.contains($0) } ?? false
      if isOutside {
        found.append(
          Finding(
            .prefix,
            "\(claim.stated.rate ?? "no rate") \(claim.stated.unit) is outside of what \(band.kind)s for \(claim.algorithm) do: a prefix may be wrong"
          ))
      }
    }
    if isAnnouncement(claim) {
      found.append(
        Finding(.announcedOnly, "\(claim.source.title): an announcement; announced is not shipped"))
    }
    if claim.power != nil, claim.measuredAt == .unknown {
      found.append(
        Finding(.nameplate, "\(claim.source.title) does not say where the power was measured"))
    } else if claim.power != nil, claim.measuredAt == .dc {
      found.append(
        Finding(
          .nameplate,
          "the power was measured behind the power supply: give power_supply_efficiency_relative"))
    }
    return found
  }

  /// Claims of the same function that differ by more than their tolerances.
  static func contradictions(in profile: Profile, _ claim: PublishedClaim) -> [Finding] {
    let same = profile.published.filter { $0.algorithm == claim.algorithm }
    func differ(_ value: (PublishedClaim) -> Double?, _ tolerance: (PublishedClaim) -> Double?) -> (
      Double, Double
    )? {
      let ends = same.compactMap { claim in value(claim).map { ($0, tolerance(claim) ?? 0) } }
      guard let low = ends.min(by: { $0.0 < $1.0 }), let high = ends.max(by: { $0.0 < $1.0 }),
        low.0 * (1 + low.1) < high.0 * (1 - high.1) * (1 - 1e-9)
      else { return nil }
      return (low.0, high.0)
    }
    return [
      ("rates", "\(claim.workUnit.symbol)/s", differ(\.rate, \.rateTolerance)),
      ("powers", "W", differ({ $0.power?.value }, \.powerTolerance)),
    ].compactMap { name, unit, ends in
      ends.map {
        Finding(
          .claimsDiffer,
          "claims of \(profile.name) have \(name) from \(Plain.number($0.0)) to \(Plain.number($0.1)) \(unit), further apart than their tolerances"
        )
      }
    }
  }

  static func isAnnouncement(_ claim: PublishedClaim) -> Bool {
    let words = "\(claim.source.title) \(claim.note ?? "")".lowercased()
    return words.contains("announce")
  }

  /// Between the years of the table on a straight line of the logarithm; its last value holds afterwards.
  static func frontier(_ year: Int?) -> Double? {
    guard let year, let first = frontier.first, let last = frontier.last, year >= first.year else {
      return nil
    }
    guard year < last.year,
      let next = frontier.firstIndex(where: { $0.year > year })
    else { return last.joulesPerTH }
    let (low, high) = (frontier[next - 1], frontier[next])
    let part = Double(year - low.year) / Double(high.year - low.year)
    return exp(log(low.joulesPerTH) * (1 - part) + log(high.joulesPerTH) * part)
  }
}
