import Commands
import Model
import Testing

struct CoinWordsTests {
  @Test("a coin leads to its algorithm, and what cannot be mined is said")
  func words() throws {
    let remedies = CoinWords.remedies([.sha256d, .randomx])
    #expect(remedies["btc"] == "the proof of work of Bitcoin is 'sha256d'")
    #expect(remedies["monero"] == "the proof of work of Monero is 'randomx'")
    for word in ["ethash", "eth", "ethereum"] {
      #expect(remedies[word] == "Ethereum cannot be mined since 2022-09-15")
    }
    for word in ["etchash", "ethereum classic"] {
      #expect(
        remedies[word]
          == "etchash, the proof of work of Ethereum Classic, is none of sha256d, randomx")
    }
    #expect(remedies["sha256d"] == nil && remedies["randomx"] == nil)
  }
}
