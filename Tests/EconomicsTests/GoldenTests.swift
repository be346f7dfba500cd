import Economics
import Model
import Records
import Testing

/// The reference's own numbers.
struct GoldenTests {
  @Test("every golden case comes out to its stated tolerance")
  func everyCase() throws {
    guard let golden = Golden.load() else { return }
    #expect(golden.cases.count == 12)
    for golden_ in golden.cases where golden_["units"] == nil {
      let id = golden_["id"] as? String ?? "?"
      let expected = try #require(golden_["expected"] as? [String: Any])
      let network = golden_["network"] as? [String: Any]
      guard let batch = golden_["batch"] as? [String: [String: Any]] else {
        let got = try GoldenRun.answers(golden_, network: network)
        #expect(golden.differences(expected, got, in: golden_, path: id) == [])
        continue
      }
      #expect(Set(batch.keys) == Set(expected.keys))
      for (name, part) in batch {
        let got = try GoldenRun.answers(part, network: network)
        let wanted = try #require(expected[name])
        #expect(golden.differences(wanted, got, in: golden_, path: "\(id).\(name)") == [])
      }
    }
  }

  @Test("every golden unit comes out to its stated tolerance")
  func everyUnit() throws {
    guard let golden = Golden.load() else { return }
    let units = try #require(golden.cases.first { $0["units"] != nil })
    let expected = try #require(units["expected"] as? [String: Any])
    let questions = try #require(units["units"] as? [String: [String: Any]])
    let chains = try BuiltInChains.all()
    for (name, question) in questions {
      let got = try Self.answer(question, chains)
      // A rate within 1e-7 of the stated one, as everywhere.
      let key = question["what"] as? String == "irr" ? "irr_per_year_relative" : ""
      let wanted = try #require(expected[name])
      #expect(golden.differences(wanted, got, in: units, path: name, key: key) == [])
    }
  }

  private static func answer(_ question: [String: Any], _ chains: [Chain]) throws -> Any {
    func number(_ key: String) throws -> Double { try #require(question[key] as? Double) }
    func target() throws -> Target {
      let text = try #require(question["nbits"] as? String)
      return try Target(compact: try #require(UInt32(text, radix: 16)))
    }
    func chain(_ id: String) throws -> Chain {
      try #require(chains.first { $0.id.rawValue == id })
    }
    let one = try Target(compact: 0x1d00_ffff)
    switch question["what"] as? String {
    case "coins_per_day":
      let text = try #require(question["difficulty"] as? String)
      let difficulty = try #require(ExactRatio(decimal: text))
      let work =
        question["convention"] == nil
        ? ExactWork.work(difficulty: difficulty, one: one)
        : ExactWork.workByConvention(difficulty: difficulty)
      let btc = try chain("btc")
      return try Yield.coinsPerDay(
        WorkRate(try number("rate_per_s"), btc.workKind), work: work.double,
        reward: CoinAmount(try number("reward_coin"), of: btc.id), of: btc
      ).coins
    case "work": return ExactWork.work(target: try target()).double
    case "atoms_per_kwh":
      return Yield.atomsPerKWh(
        joulesPerWork: try number("joules_per_th") / 1e12,
        work: ExactWork.work(target: try target()).double,
        rewardCoins: try number("reward_coin"), atomsPerCoin: 100_000_000)
    case "hash_ceiling_days":
      let growth = try number("growth")
      return try #require(HashCeiling.days(growthPerMonth: growth))
    case "subsidy":
      let id = try #require(question["chain"] as? String)
      let height = try #require(question["height"] as? UInt64)
      return try #require(try chain(id).minerCoins(height: height))
    case "retarget":
      let rule = try #require(try chain("btc").retarget)
      let span = try number("last_time_unix_s") - number("first_time_unix_s")
      let next = Retarget.next(try target(), span: Int64(span), timespan: rule.timespan, limit: one)
      return ChainState.hex(ExactWork.compact(next))
    case "header":
      let check = try #require(HeaderCheck(rawValue: question["algorithm"] as? String ?? ""))
      let bytes = try #require(Hexadecimal.decode(question["header"] as? String ?? ""))
      let header = try #require(WorkInput(bytes: bytes, .blockHeader))
      let isValid = check.meets(
        try Target(compact: #require(header.compactTarget(.blockHeader))), bytes, GoldenRun.hashes)
      return isValid == true ? "valid" : isValid == false ? "invalid" : "not checked"
    case "irr": return InternalRate.all(try #require(question["cash_flow_monthly"] as? [Double]))
    case "etc_spacing_s": return UncleRule.spacing(unclesPerBlock: try number("uncles_per_block"))
    case "dag_bytes":
      return EtchashDataSet.bytes(height: try #require(question["height"] as? UInt64))
    default:
      Issue.record("an unknown question \(question)")
      return 0
    }
  }
}
