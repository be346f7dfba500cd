/// Runs a judgement over `0..<count`, perhaps on several threads; the least index that is judged false, or nil.
///
/// - Throws: whatever ends the work early, such as the user.
package typealias Judge = (_ count: Int, _ isTrue: @escaping @Sendable (Int) -> Bool) throws -> Int?
