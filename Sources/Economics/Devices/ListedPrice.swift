package import Model

/// What a machine was offered for, by whom and when.
package struct ListedPrice: Hashable, Sendable {
  package let hardwareID: HardwareID
  package let price: Double
  package let currency: Currency
  package let date: String
  package let source: String

  package init(
    hardwareID: HardwareID, price: Double, currency: Currency, date: String, source: String
  ) {
    self.hardwareID = hardwareID
    self.price = price
    self.currency = currency
    self.date = date
    self.source = source
  }
}
