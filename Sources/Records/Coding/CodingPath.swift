internal import JSON

/// The path of coding keys as a person writes it: `samples[3].hashes`.
func pathText(_ path: [any CodingKey]) -> String {
  path.reduce(into: "") { text, key in
    if let index = key.intValue {
      text += "[\(index)]"
    } else {
      text += (text.isEmpty ? "" : ".") + key.stringValue
    }
  }
}

/// A key made while coding: an index of a list, or a name that is data.
struct PlainKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(index: Int) {
    stringValue = "\(index)"
    intValue = index
  }

  init(stringValue: String) {
    self.stringValue = stringValue
    intValue = nil
  }

  init?(intValue: Int) { self.init(index: intValue) }
}

extension JSONDocument {
  /// The way to a value from the whole, for Swift's coders.
  func path(to node: Int) -> [any CodingKey] {
    var path: [any CodingKey] = []
    var place = 0
    while place != node {
      if kind(place) == .object {
        guard let member = members(place).last(where: { $0.value <= node }) else { return path }
        path.append(PlainKey(stringValue: text(member.key)))
        place = member.value
      } else {
        guard let (index, element) = elements(place).enumerated().last(where: { $1 <= node })
        else { return path }
        path.append(PlainKey(index: index))
        place = element
      }
    }
    return path
  }
}
