/// How days and months are counted.
package enum Calendar {
  /// Days of a month.
  package static let month = 30.4375
  package static let secondsPerDay = 86400.0

  /// The number of days whose middle lies inside so many months.
  package static func days(months: Double) -> Int {
    max(0, Int((months * month - 0.5).rounded(.up)))
  }
}
