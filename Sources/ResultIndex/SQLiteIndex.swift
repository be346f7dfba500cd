internal import LinuxSystem
package import Model

/// An index in a file of SQLite beside the records.
package final class SQLiteIndex: RecordIndex {
  /// In the folder whose files are remembered.
  package static let fileName = ".hashwatt-index.sqlite"

  private let state: Locked<State>
  /// Which program's memory is used.
  private let program: String
  /// Whether whoever made the file is believed about verdicts.
  private let isOwn: Bool

  fileprivate struct State: ~Copyable {
    let file: IndexFile
    /// Nil where nothing can be remembered any more.
    var database: Database?
    var complaint: String?
  }

  private init(
    _ file: IndexFile, _ database: consuming Database, program: String, note: String?
  ) {
    self.program = program
    isOwn = file.isOwn
    state = Locked(State(file: file, database: database, complaint: note))
  }

  /// The index of a folder.
  ///
  /// It is opened for reading alone where the folder cannot be written; a damaged one, or one of another version, is thrown away and made
  /// anew.
  ///
  /// `program` tells this very program from every other: what another remembered is not seen. Where there is none, one is made only
  /// where that is wanted.
  ///
  /// - Returns: the index, or nil where there is none, and why it cannot be used.
  package static func open(
    _ folder: String, program: String, makes: Bool
  ) -> (index: SQLiteIndex?, note: String?) {
    guard let file = IndexFile(folder), file.exists || (makes && file.canWrite) else {
      return (nil, nil)
    }
    guard !file.exists || file.isTrusted else {
      return (nil, "\(file.shown): not used, for its owner is neither you nor the folder's")
    }
    do throws(DatabaseProblem) {
      return (SQLiteIndex(file, try file.open(), program: program, note: nil), nil)
    } catch {
      guard error.isDamage, file.canWrite else {
        // Busy for too long, or of a kind that cannot be opened here: files are read as if there were none.
        return (nil, error.isBusy ? nil : "\(file.shown): not used: \(error.message)")
      }
      return remade(file, program: program, "\(file.shown): \(error.message); \(thrownAway)")
    }
  }

  fileprivate static let thrownAway = "it is thrown away and made again"

  private static func remade(
    _ file: IndexFile, program: String, _ note: String
  ) -> (index: SQLiteIndex?, note: String?) {
    file.remove()
    do throws(DatabaseProblem) {
      return (SQLiteIndex(file, try file.open(), program: program, note: note), nil)
    } catch {
      return (nil, note)
    }
  }

  package func complaint() -> String? {
    state.withLock { state in
      defer { state.complaint = nil }
      return state.complaint
    }
  }

  /// What a step gives, or nothing where it cannot be done.
  private func attempt<Found: Sendable>(
    _ step: (borrowing Database) throws(DatabaseProblem) -> Found
  ) -> Found? {
    state.withLock { state in
      do throws(DatabaseProblem) {
        return try state.found(step)
      } catch {
        state.note(error)
        return nil
      }
    }
  }

  // MARK: - Records

  private static let columns =
    "name, size, modified, changed, inode, digest, reading, checksum, facts_checksum"

  package func records(withFacts: Bool) -> [String: IndexedRecord] {
    attempt { database throws(DatabaseProblem) in
      let columns = Self.columns + (withFacts ? ", facts" : "")
      let statement = try database.statement(
        "SELECT \(columns) FROM record WHERE program = ?1")
      try statement.bind(1, program)
      var found: [String: IndexedRecord] = [:]
      while try statement.step() {
        if let (name, record) = row(statement, withFacts) { found[name] = record }
      }
      return found
    } ?? [:]
  }

  package func record(_ name: String) -> IndexedRecord? {
    attempt { database throws(DatabaseProblem) in
      let statement = try database.statement(
        "SELECT \(Self.columns), facts FROM record WHERE program = ?1 AND name = ?2")
      try statement.bind(1, program)
      try statement.bind(2, name)
      return try statement.step() ? row(statement, true)?.record : nil
    } ?? nil
  }

  /// A row as it was kept; nil for one that was not.
  private func row(
    _ row: borrowing Statement, _ withFacts: Bool
  ) -> (name: String, record: IndexedRecord)? {
    let name = row.text(0)
    let identity = FileIdentity(
      size: row.integer(1), modified: row.integer(2), changed: row.integer(3),
      inode: UInt64(bitPattern: row.integer(4)))
    let facts = withFacts ? row.bytes(9) ?? [] : []
    let record = IndexedRecord(
      identity: identity, digest: row.bytes(5), reading: row.bytes(6) ?? [], facts: facts)
    guard row.integer(7) == checksum(name, record),
      !withFacts || row.integer(8) == Int64(Checksum.crc32(facts))
    else { return nil }
    return (name, record)
  }

  /// Of all that is read at once.
  private func checksum(_ name: String, _ record: IndexedRecord) -> Int64 {
    var head = Array(name.utf8) + [0] + Array(program.utf8) + [0] + (record.digest ?? [])
    let identity = record.identity
    for number in [identity.size, identity.modified, identity.changed] {
      for shift: Int64 in stride(from: 0, to: 64, by: 8) {
        head.append(UInt8(truncatingIfNeeded: number >> shift))
      }
    }
    for shift: UInt64 in stride(from: 0, to: 64, by: 8) {
      head.append(UInt8(truncatingIfNeeded: identity.inode >> shift))
    }
    return Int64(Checksum.crc32(record.reading, after: Checksum.crc32(head)))
  }

  package func remember(_ records: [String: IndexedRecord], forgetting names: [String]) {
    guard !records.isEmpty || !names.isEmpty else { return }
    write { database throws(DatabaseProblem) in
      let keep = try database.statement(
        "INSERT OR REPLACE INTO record (\(Self.columns), facts, program) "
          + "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")
      for (name, record) in records.sorted(by: { $0.key < $1.key }) {
        try keep.bind(1, name)
        try keep.bind(2, record.identity.size)
        try keep.bind(3, record.identity.modified)
        try keep.bind(4, record.identity.changed)
        try keep.bind(5, Int64(bitPattern: record.identity.inode))
        try keep.bind(6, record.digest)
        try keep.bind(7, record.reading)
        try keep.bind(8, checksum(name, record))
        try keep.bind(9, Int64(Checksum.crc32(record.facts)))
        try keep.bind(10, record.facts)
        try keep.bind(11, program)
        try keep.finish()
      }
      let forget = try database.statement("DELETE FROM record WHERE name = ?1")
      for name in names {
        try forget.bind(1, name)
        try forget.finish()
      }
    }
  }

  // MARK: - Verdicts

  package func verdict(of digest: [UInt8], _ demands: String) -> [UInt8]? {
    guard isOwn else { return nil }
    return attempt { database throws(DatabaseProblem) in
      let statement = try database.statement(
        "SELECT verdict, checksum FROM verdict WHERE digest = ?1 AND program = ?2 AND demands = ?3")
      try statement.bind(1, digest)
      try statement.bind(2, program)
      try statement.bind(3, demands)
      guard try statement.step(), let verdict = statement.bytes(0),
        statement.integer(1) == checksum(verdict, of: digest, demands)
      else { return nil }
      return verdict
    } ?? nil
  }

  private func checksum(_ verdict: [UInt8], of digest: [UInt8], _ demands: String) -> Int64 {
    let head = digest + Array(program.utf8) + [0] + Array(demands.utf8) + [0]
    return Int64(Checksum.crc32(verdict, after: Checksum.crc32(head)))
  }

  /// How long verdicts of other programs are kept, in seconds.
  private static let keptVerdicts: Int64 = 30 * 86400

  package func remember(_ verdict: [UInt8], of digest: [UInt8], _ demands: String) {
    guard isOwn else { return }
    let now = SystemRoot.wallTime() / 1_000_000_000
    write { database throws(DatabaseProblem) in
      let keep = try database.statement(
        "INSERT OR REPLACE INTO verdict (digest, program, demands, verdict, made, checksum) "
          + "VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
      try keep.bind(1, digest)
      try keep.bind(2, program)
      try keep.bind(3, demands)
      try keep.bind(4, verdict)
      try keep.bind(5, now)
      try keep.bind(6, checksum(verdict, of: digest, demands))
      try keep.finish()
      let forget = try database.statement(
        "DELETE FROM verdict WHERE program <> ?1 AND made < ?2")
      try forget.bind(1, program)
      try forget.bind(2, now - Self.keptVerdicts)
      try forget.finish()
    }
  }

  /// All of a step, or nothing of it.
  private func write(_ step: (borrowing Database) throws(DatabaseProblem) -> Void) {
    let canWrite = state.withLock { $0.file.canWrite }
    guard canWrite else { return }
    _ = attempt { database throws(DatabaseProblem) in
      try database.run("BEGIN IMMEDIATE")
      do throws(DatabaseProblem) {
        try step(database)
        try database.run("COMMIT")
      } catch {
        try? database.run("ROLLBACK")
        throw error
      }
    }
  }
}

extension SQLiteIndex.State {
  fileprivate borrowing func found<Found>(
    _ step: (borrowing Database) throws(DatabaseProblem) -> Found
  ) throws(DatabaseProblem) -> Found? {
    switch database {
    case .some(let database): try step(database)
    case nil: nil
    }
  }

  /// Takes a problem as one that costs time only; a damaged file is made anew at once.
  fileprivate mutating func note(_ problem: DatabaseProblem) {
    if problem.isBusy { return }
    guard problem.isDamage else {
      // Such as a full disk: what is there stays, and the next command tries again.
      complaint = complaint ?? "\(file.shown): not written: \(problem.message)"
      return
    }
    complaint = "\(file.shown): \(problem.message); \(SQLiteIndex.thrownAway)"
    database = nil
    guard file.canWrite else { return }
    file.remove()
    do throws(DatabaseProblem) {
      database = try file.open()
    } catch {
      // Then nothing is remembered.
    }
  }
}
