internal import JSON
package import Economics
package import Model

/// Files of the format "hashwatt-chain", one for each chain, in `profiles/chains/`.
package enum ChainFile {
  package static let format = "hashwatt-chain"

  static let shape = PurchaseFormat(
    name: format, version: 1, title: "hashwatt chain, version 1", fields: chain)

  /// The chain in a file's bytes; `name` is what errors call the file.
  ///
  /// - Throws: `Failure` with exit code 4 that names the file and the place.
  package static func decode(_ bytes: [UInt8], name: String) throws(Failure) -> Chain {
    try shape.decode(bytes, name: name)
  }

  private static func chain(_ reader: FieldReader) throws(JSONProblem) -> Chain {
    let limit = try reader.optional(
      "pow_limit_nbits", .compactTarget, "The easiest target that the chain allows.")
    let one = try reader.optional(
      "difficulty_one_nbits", .compactTarget, "The target of difficulty 1.")
    let least = try reader.optional(
      "least_difficulty", .whole(1...UInt64(Int64.max)),
      "Where the difficulty is the expected number of attempts.")
    let difficulty: DifficultyRule
    if let limit, let one {
      difficulty = .target(limit: limit, one: one)
    } else if let least {
      difficulty = .count(minimum: least)
    } else if reader.isProbe {
      difficulty = .count(minimum: 1)
    } else {
      throw reader.problem("pow_limit_nbits", "neither targets nor least_difficulty")
    }
    return Chain(
      id: try reader.required("chain", .chain, "The short name."),
      name: try reader.required("name", .text(100), "As people call it."),
      algorithm: try reader.required("algorithm", .algorithm, "What its miners compute."),
      sameFunctions: try reader.value(
        "same_functions", .list(.algorithm, 1...10), or: [], "Other names of that function."),
      workUnit: try reader.required("work_unit", .text(20), "hash or solution."),
      spacing: try reader.optional(
        "spacing_s", .number(0.1, 1e6), "Between blocks; missing where it follows from uncles."),
      atomsPerCoin: try reader.required(
        "atoms_per_coin", .whole(1...UInt64.max), "The smallest amounts in a coin."),
      subsidy: try reader.required("subsidy", .object(subsidy), "Exactly one rule."),
      minerParts: try reader.value(
        "miner_part", .list(.object(part), 1...50), or: [], "All of it where this is missing."),
      difficulty: difficulty,
      mergedWith: try reader.optional("merged_with", .chain, "Whose blocks carry its work."),
      known: try reader.optional("known", .object(known), "A block that was read."),
      market: try reader.value(
        "market", .object(market), or: .liquid, "Liquid where it is missing."),
      retarget: try reader.optional(
        "retarget", .object(retarget), "Where the target moves every so many blocks."),
      headerCheck: try reader.required(
        "header_check", .word(HeaderCheck.self), "How a header's own work is checked."),
      hasDataSet: try reader.value(
        "has_data_set", .flag, or: false, "Whether a device must hold Etchash's data set."),
      source: try reader.required("source", .object(source), "Where the rules were read."),
      note: try reader.optional("note", .text(), "What a reader should know."))
  }

  private static func source(_ reader: FieldReader) throws(JSONProblem) -> SourceNote {
    SourceNote(
      title: try reader.required("title", .text(), "What it is called."),
      address: try reader.required("address", .text(), "Where it is."),
      date: try reader.required("date", .text(20), "When it was read."))
  }

  private static func known(_ reader: FieldReader) throws(JSONProblem) -> KnownBlock {
    KnownBlock(
      height: try reader.required("height", .whole(0...1_000_000_000), "Of the block."),
      time: try reader.required("time_unix_s", .time, "Of its header."),
      compactTarget: try reader.required("nbits", .compactTarget, "Of its header."))
  }

  private static func part(_ reader: FieldReader) throws(JSONProblem) -> MinerPart {
    MinerPart(
      fromHeight: try reader.required("from_height", .whole(0...1_000_000_000), "On and after."),
      numerator: try reader.required("numerator", .whole(0...1_000_000), "Over the denominator."),
      denominator: try reader.required("denominator", .whole(1...1_000_000), "Under it."))
  }

  private static func retarget(_ reader: FieldReader) throws(JSONProblem) -> PeriodicRetarget {
    PeriodicRetarget(
      interval: try reader.required("interval_blocks", .whole(1...1_000_000), "Blocks."),
      timespan: Int64(try reader.required("timespan_s", .int(1...1_000_000_000), "Their time.")))
  }

  private static func market(_ reader: FieldReader) throws(JSONProblem) -> ChainMarket {
    let since = try reader.optional("not_minable_since", .text(20), "The day.")
    let note = try reader.optional("note", .text(), "Why.")
    let none = try reader.optional("no_liquid_market", .flag, "Where no market was found.")
    if let since { return .notMinable(since: since, note: note ?? "") }
    return none == true ? .noLiquidMarket : .liquid
  }

  private static func subsidy(_ reader: FieldReader) throws(JSONProblem) -> SubsidyRule {
    let whole = FieldKind<UInt64>.whole(0...UInt64.max)
    let initial = try reader.optional("initial_atoms", whole, "Of the first blocks.")
    let halving = try reader.optional(
      "halving_blocks", .whole(1...1_000_000_000), "Halved every so many.")
    let steps = try reader.optional("steps", .list(.object(step), 1...100), "From each height on.")
    let eraBlocks = try reader.optional(
      "era_blocks", .whole(1...1_000_000_000), "Blocks of an era.")
    let numerator = try reader.optional("numerator", .whole(0...1_000_000), "From era to era.")
    let denominator = try reader.optional("denominator", .whole(1...1_000_000), "From era to era.")
    let slow = try reader.optional(
      "slow_start_blocks", .whole(2...1_000_000_000), "Of a slow start.")
    let halves = try reader.optional(
      "spacing_halves_at", .whole(1...1_000_000_000), "From there twice the blocks for half each.")
    let constant = try reader.optional("constant_atoms", whole, "The same for every block.")
    let base = try reader.optional(
      "inverse_height_coins", .whole(1...1_000_000), "round(this * at / (height + 1)) coins.")
    let at = try reader.optional("inverse_height_at", .whole(1...1_000_000_000), "See above.")
    let atoms = try reader.optional("atoms_per_coin", whole, "For that rule.")
    if let steps { return .steps(steps) }
    if let constant { return .constant(constant) }
    if let base, let at, let atoms { return .inverseHeight(base: base, at: at, atoms: atoms) }
    guard let initial else { return .unknown }
    if let eraBlocks, let numerator, let denominator {
      return .eras(
        initial: initial, blocks: eraBlocks, numerator: numerator, denominator: denominator)
    }
    guard let halving else { throw reader.problem("initial_atoms", "no rule for later blocks") }
    if let slow, let halves {
      return .slowStart(
        initial: initial, slowBlocks: slow, halvingBlocks: halving, spacingHalvesAt: halves)
    }
    return .halving(initial: initial, blocks: halving)
  }

  private static func step(_ reader: FieldReader) throws(JSONProblem) -> SubsidyStep {
    SubsidyStep(
      fromHeight: try reader.required("from_height", .whole(0...1_000_000_000), "On and after."),
      atoms: try reader.required("atoms", .whole(0...UInt64.max), "Of a block."),
      halvingBlocks: try reader.optional(
        "halving_blocks", .whole(1...1_000_000_000), "Halved by height over this."))
  }
}
