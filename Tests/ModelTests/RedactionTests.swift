import Model
import Testing

/// Results are made to be published.
@Suite struct RedactionTests {
  @Test(arguments: [
    ("redfish:https://u:secret@host/path", "redfish:https://host/path"),
    ("shelly:u:secret@192.0.2.7/1", "shelly:192.0.2.7/1"),
    ("tasmota:192.0.2.7/x?user=u&password=secret", "tasmota:192.0.2.7/x?user=...&password=..."),
    ("redfish:https://host/a?secret", "redfish:https://host/a?..."),
    ("redfish:https://u:p@secret@host", "redfish:https://host"),
    ("https://u:secret@host/x", "https://host/x"),
    ("shelly:u:secret@h=1:https://example.org/x", "shelly:h=1:https://example.org/x"),
    ("redfish:u:sec/ret@host/x", "redfish:host/x"),
    ("--meter=shelly:u:secret@host", "--meter=shelly:host"),
    ("shelly:192.0.2.7=1:https://example.org/x", "shelly:192.0.2.7=1:https://example.org/x"),
    ("powercap:package-0", "powercap:package-0"), ("csv:/data/a@b.csv", "csv:/data/a@b.csv"),
    ("manual:65", "manual:65"), ("sha256d", "sha256d"),
  ])
  func addressesLoseTheirSecrets(text: String, shown: String) {
    #expect(Redaction.word(text) == shown)
  }

  @Test func commandsKeepTheirProgramsNameAndADigest() {
    let one = Redaction.word("exec:/usr/bin/curl -H 'Authorization: secret' http://h/")
    let other = Redaction.word("exec:/usr/bin/curl -H 'Authorization: other' http://h/")
    #expect(one.hasPrefix("exec:curl#"))
    #expect(other.hasPrefix("exec:curl#"))
    #expect(one != other)
    #expect(!Redaction.word("exec:TOKEN=secret read-meter").contains("secret"))
    #expect(!Redaction.word("exec:'sec ret'/meter").contains("sec"))
    #expect(Redaction.word("exec:").hasPrefix("exec:command#"))
  }
}
