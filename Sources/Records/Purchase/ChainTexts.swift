/// The files of `profiles/chains/`, made by `make chains`; a test holds them equal to the files.
enum ChainTexts {
  static let all: [(name: String, text: String)] = [
    (
      "bch.json",
      #"""
      {
        "algorithm": "sha256d",
        "atoms_per_coin": 100000000,
        "chain": "bch",
        "difficulty_one_nbits": "1d00ffff",
        "format": "hashwatt-chain",
        "header_check": "sha256d",
        "name": "Bitcoin Cash",
        "note": "Coins of SHA-256d reprice with Bitcoin: choosing between them adds little.",
        "pow_limit_nbits": "1d00ffff",
        "source": {
          "address": "https://gitlab.com/bitcoin-cash-node/bitcoin-cash-node",
          "date": "2026-11-20",
          "title": "Bitcoin Cash Node: chainparams.cpp, pow.cpp"
        },
        "spacing_s": 600,
        "subsidy": {
          "halving_blocks": 210000,
          "initial_atoms": 5000000000
        },
        "version": 1,
        "work_unit": "hash"
      }

      """#
    ),
    (
      "btc.json",
      #"""
      {
        "algorithm": "sha256d",
        "atoms_per_coin": 100000000,
        "chain": "btc",
        "difficulty_one_nbits": "1d00ffff",
        "format": "hashwatt-chain",
        "header_check": "sha256d",
        "known": {
          "height": 951658,
          "nbits": "1702068f",
          "time_unix_s": 1780112431
        },
        "name": "Bitcoin",
        "pow_limit_nbits": "1d00ffff",
        "retarget": {
          "interval_blocks": 2016,
          "timespan_s": 1209600
        },
        "source": {
          "address": "https://github.com/bitcoin/bitcoin",
          "date": "2026-11-20",
          "title": "Bitcoin Core: chainparams.cpp, pow.cpp, validation.cpp"
        },
        "spacing_s": 600,
        "subsidy": {
          "halving_blocks": 210000,
          "initial_atoms": 5000000000
        },
        "version": 1,
        "work_unit": "hash"
      }

      """#
    ),
    (
      "doge.json",
      #"""
      {
        "algorithm": "scrypt-1024-1-1",
        "atoms_per_coin": 100000000,
        "chain": "doge",
        "difficulty_one_nbits": "1d00ffff",
        "format": "hashwatt-chain",
        "header_check": "scrypt-1024-1-1",
        "merged_with": "ltc",
        "name": "Dogecoin",
        "note": "Merge-mined with Litecoin since block 371337. Before block 145000 the reward was random.",
        "pow_limit_nbits": "1e0fffff",
        "source": {
          "address": "https://github.com/dogecoin/dogecoin",
          "date": "2026-11-20",
          "title": "Dogecoin Core: dogecoin.cpp, chainparams.cpp"
        },
        "spacing_s": 60,
        "subsidy": {
          "steps": [
            {
              "atoms": 50000000000000,
              "from_height": 145000,
              "halving_blocks": 100000
            },
            {
              "atoms": 1000000000000,
              "from_height": 600000
            }
          ]
        },
        "version": 1,
        "work_unit": "hash"
      }

      """#
    ),
    (
      "etc.json",
      #"""
      {
        "algorithm": "etchash",
        "atoms_per_coin": 1000000000000000000,
        "chain": "etc",
        "format": "hashwatt-chain",
        "has_data_set": true,
        "header_check": "none",
        "least_difficulty": 131072,
        "name": "Ethereum Classic",
        "note": "The spacing follows from the uncles. Drafts that share out the base fee (ECIP-1111, 1112, 1120) are not active.",
        "same_functions": [
          "ethash"
        ],
        "source": {
          "address": "https://github.com/etclabscore/core-geth",
          "date": "2026-11-20",
          "title": "core-geth: rewards.go, difficulty.go; ECIP-1017, ECIP-1099"
        },
        "subsidy": {
          "denominator": 5,
          "era_blocks": 5000000,
          "initial_atoms": 5000000000000000000,
          "numerator": 4
        },
        "version": 1,
        "work_unit": "hash"
      }

      """#
    ),
    (
      "eth.json",
      #"""
      {
        "algorithm": "ethash",
        "atoms_per_coin": 1000000000000000000,
        "chain": "eth",
        "format": "hashwatt-chain",
        "header_check": "none",
        "least_difficulty": 131072,
        "market": {
          "not_minable_since": "2022-09-15",
          "note": "block 15537394 was the first without work"
        },
        "name": "Ethereum",
        "source": {
          "address": "https://github.com/ethereum/execution-specs",
          "date": "2026-11-20",
          "title": "Ethereum execution-specs, Besu documentation"
        },
        "spacing_s": 12,
        "subsidy": {},
        "version": 1,
        "work_unit": "hash"
      }

      """#
    ),
    (
      "ltc.json",
      #"""
      {
        "algorithm": "scrypt-1024-1-1",
        "atoms_per_coin": 100000000,
        "chain": "ltc",
        "difficulty_one_nbits": "1d00ffff",
        "format": "hashwatt-chain",
        "header_check": "scrypt-1024-1-1",
        "known": {
          "height": 2265985,
          "nbits": "1a010ccd",
          "time_unix_s": 1653023116
        },
        "name": "Litecoin",
        "pow_limit_nbits": "1e0fffff",
        "retarget": {
          "interval_blocks": 2016,
          "timespan_s": 302400
        },
        "source": {
          "address": "https://github.com/litecoin-project/litecoin",
          "date": "2026-11-20",
          "title": "Litecoin: chainparams.cpp, pow.cpp, chain.cpp"
        },
        "spacing_s": 150,
        "subsidy": {
          "halving_blocks": 840000,
          "initial_atoms": 5000000000
        },
        "version": 1,
        "work_unit": "hash"
      }

      """#
    ),
    (
      "max.json",
      #"""
      {
        "algorithm": "keccak256",
        "atoms_per_coin": 100000000,
        "chain": "max",
        "difficulty_one_nbits": "1d00ffff",
        "format": "hashwatt-chain",
        "header_check": "keccak256",
        "market": {
          "no_liquid_market": true,
          "note": "no market was found"
        },
        "name": "MaxCoin",
        "note": "No market was found. The reward and the limit of the target are not known here; give subsidy_coin.",
        "pow_limit_nbits": "207fffff",
        "source": {
          "address": "profiles/chains/max.json",
          "date": "2026-11-20",
          "title": "hashwatt's economics reference; the reward is not known here"
        },
        "spacing_s": 30,
        "subsidy": {},
        "version": 1,
        "work_unit": "hash"
      }

      """#
    ),
    (
      "smart.json",
      #"""
      {
        "algorithm": "keccak256",
        "atoms_per_coin": 100000000,
        "chain": "smart",
        "difficulty_one_nbits": "1d00ffff",
        "format": "hashwatt-chain",
        "header_check": "keccak256",
        "market": {
          "no_liquid_market": true,
          "note": "no market was found"
        },
        "miner_part": [
          {
            "denominator": 20,
            "from_height": 0,
            "numerator": 1
          }
        ],
        "name": "SmartCash",
        "note": "No market was found. The miner's 5 % was checked at height 200000 only.",
        "pow_limit_nbits": "1e0fffff",
        "source": {
          "address": "profiles/chains/smart.json",
          "date": "2026-11-20",
          "title": "hashwatt's economics reference: block 200000 checked, other heights not"
        },
        "spacing_s": 55,
        "subsidy": {
          "atoms_per_coin": 100000000,
          "inverse_height_at": 143500,
          "inverse_height_coins": 5000
        },
        "version": 1,
        "work_unit": "hash"
      }

      """#
    ),
    (
      "xmr.json",
      #"""
      {
        "algorithm": "randomx",
        "atoms_per_coin": 1000000000000,
        "chain": "xmr",
        "format": "hashwatt-chain",
        "header_check": "none",
        "least_difficulty": 1,
        "name": "Monero",
        "note": "Constant tail emission since June 2022; blocks above the median weight pay a penalty. Rates are of RandomX version 1.",
        "source": {
          "address": "https://github.com/monero-project/monero",
          "date": "2026-11-20",
          "title": "Monero: cryptonote_basic_impl.cpp, difficulty.cpp"
        },
        "spacing_s": 120,
        "subsidy": {
          "constant_atoms": 600000000000
        },
        "version": 1,
        "work_unit": "hash"
      }

      """#
    ),
    (
      "zec.json",
      #"""
      {
        "algorithm": "equihash-200-9",
        "atoms_per_coin": 100000000,
        "chain": "zec",
        "difficulty_one_nbits": "1f07ffff",
        "format": "hashwatt-chain",
        "header_check": "sha256d-with-solution",
        "miner_part": [
          {
            "denominator": 5,
            "from_height": 0,
            "numerator": 4
          },
          {
            "denominator": 1,
            "from_height": 4406400,
            "numerator": 1
          }
        ],
        "name": "Zcash",
        "note": "80 % of the subsidy is the miner's until block 4406400; nothing is in the code after that, so that half the subsidy is then paid whole, unless a new stream is voted.",
        "pow_limit_nbits": "1f07ffff",
        "source": {
          "address": "https://github.com/zcash/zcash",
          "date": "2026-11-20",
          "title": "zcashd: params.cpp, chainparams.cpp; zebra: mainnet.rs (August 2026)"
        },
        "spacing_s": 75,
        "subsidy": {
          "halving_blocks": 840000,
          "initial_atoms": 1250000000,
          "slow_start_blocks": 20000,
          "spacing_halves_at": 653600
        },
        "version": 1,
        "work_unit": "solution"
      }

      """#
    ),
  ]
}
