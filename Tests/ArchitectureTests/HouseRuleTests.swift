import Testing

/// Rules of the house that a formatter does not know.
struct HouseRuleTests {
  @Test("nothing in the sources can end the process by surprise")
  func noTraps() throws {
    let forbidden = [
      "fatalError(", "try!", "as!", "nonisolated(unsafe)", "unsafeFlags", "TO" + "DO",
    ]
    for file in try SourceTree.files(below: "Sources", endingIn: [".swift", ".c", ".h"]) {
      let text = try SourceTree.text(file)
      for word in forbidden {
        #expect(!text.contains(word), "\(file) contains \(word)")
      }
    }
  }

  @Test("no text writes the unit of a figure of work by hand: the unit is the algorithm's")
  func unitsOfWork() throws {
    for file in try SourceTree.files(below: "Sources", endingIn: [".swift"]) {
      let text = try SourceTree.text(file)
      for literal in ["\"H/s\"", "\"H/J\"", "\"Sol/s\"", "\"Sol/J\"", "_hps\"", "hashes_per_"] {
        #expect(!text.contains(literal), "\(file) contains \(literal)")
      }
    }
  }

  @Test("an unchecked Sendable has its proof beside it")
  func uncheckedSendable() throws {
    for file in try SourceTree.files(below: "Sources", endingIn: [".swift"]) {
      let lines = try SourceTree.text(file).split(separator: "\n", omittingEmptySubsequences: false)
      for (index, line) in lines.enumerated() where line.contains("@unchecked Sendable") {
        let before = lines[max(0, index - 8)..<index]
        #expect(before.contains { $0.contains("//") }, "\(file):\(index + 1)")
      }
    }
  }

  @Test("no path of the machine that something was written on is in the project")
  func noMachinePaths() throws {
    let suspects = ["/ho" + "me/", "/wo" + "rk/", "/ro" + "ot/", "/Us" + "ers/", "/.py" + "env"]
    let endings = [
      ".swift", ".c", ".h", ".md", ".json", ".sh", ".txt", ".html", ".yml", ".xml", "Makefile",
      ".csv", ".tex",
    ]
    for file in try SourceTree.files(below: "", endingIn: endings) {
      let text = try SourceTree.text(file)
      for suspect in suspects {
        #expect(!text.contains(suspect), "\(file) contains \(suspect)")
      }
    }
  }

  @Test("every environment variable that is read is documented")
  func environmentVariables() throws {
    let page = try SourceTree.text("Documentation/EnvironmentVariables.md")
    for folder in ["Sources", "Tests", "Scripts"] {
      for file in try SourceTree.files(below: folder, endingIn: [".swift", ".c", ".sh"]) {
        let words = try SourceTree.text(file)
          .split { !($0.isLetter && $0.isASCII) && !$0.isNumber && $0 != "_" }
        for word in Set(words) where word.hasPrefix("HASHWATT_") && !word.hasSuffix("_") {
          #expect(page.contains("`\(word)`"), "\(file) reads \(word)")
        }
      }
    }
  }
}
