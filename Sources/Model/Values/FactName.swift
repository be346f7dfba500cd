/// The name of a fact among others of its kind, as files spell it.
///
/// Open: files may carry names that this version does not know.
package protocol FactName: RawRepresentable, Hashable, Sendable where RawValue == String {
  init(rawValue: String)
}
