/// Dates of the proleptic Gregorian calendar in UTC.
package enum UTCText {
  /// `2026-11-21T01:02:03` of seconds since 1970.
  package static func dateAndTime(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded(.down))
    let days = Int((Double(whole) / 86_400).rounded(.down))
    let rest = whole - days * 86_400
    let time = [rest / 3600, rest / 60 % 60, rest % 60].map(padded).joined(separator: ":")
    return "\(date(days: days))T\(time)"
  }

  /// `20261121T010203Z` of seconds since 1970, for names of files.
  package static func stamp(_ seconds: Double) -> String {
    dateAndTime(seconds).filter { $0 != "-" && $0 != ":" } + "Z"
  }

  /// `2026-11-21` of seconds since 1970.
  package static func date(_ seconds: Double) -> String {
    date(days: Int((seconds / 86_400).rounded(.down)))
  }

  /// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`: years begin in March, so that
  /// the leap day is a year's last.
  private static func date(days: Int) -> String {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return "\(year)-\(padded(month))-\(padded(day))"
  }

  private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
