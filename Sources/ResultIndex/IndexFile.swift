internal import LinuxSystem

/// Where an index lies, and what may be done with it.
struct IndexFile: Sendable {
  /// As the folder was named.
  let shown: String
  /// With every link followed.
  private let folder: String
  private var path: String { "\(folder)/\(SQLiteIndex.fileName)" }

  /// Told apart from every other kind of database by the file itself: "hwix".
  private static let kind: Int64 = 0x6877_6978
  /// Of the tables below; what has another is made anew.
  private static let version: Int64 = 1

  private static let tables = [
    """
    CREATE TABLE record (name TEXT PRIMARY KEY NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL, \
    changed INTEGER NOT NULL, inode INTEGER NOT NULL, program TEXT NOT NULL, digest BLOB, reading BLOB NOT NULL, \
    checksum INTEGER NOT NULL, facts_checksum INTEGER NOT NULL, facts BLOB NOT NULL)
    """,
    """
    CREATE TABLE verdict (digest BLOB NOT NULL, program TEXT NOT NULL, demands TEXT NOT NULL, verdict BLOB NOT NULL, \
    made INTEGER NOT NULL, checksum INTEGER NOT NULL, PRIMARY KEY (digest, program, demands)) WITHOUT ROWID
    """,
  ]

  /// Nil for a folder that is not there.
  init?(_ folder: String) {
    guard let real = try? SystemRoot.live.realPath(folder) else { return nil }
    self.folder = real
    shown = "\(folder)/\(SQLiteIndex.fileName)"
  }

  var exists: Bool { SystemRoot.live.exists(path) }
  var isOwn: Bool { SystemRoot.live.isOwn(path) }
  var isTrusted: Bool { isOwn || SystemRoot.live.isOwn(path, byOwnerOf: folder) }

  var canWrite: Bool {
    SystemRoot.live.isWritable(folder) && (!exists || SystemRoot.live.isWritable(path))
  }

  func remove() {
    // Most of them are not there.
    for ending in ["", "-wal", "-shm", "-journal"] { try? AtomicFile.remove(path + ending) }
  }

  /// Opens the file and makes sure that it is an index of this version.
  func open() throws(DatabaseProblem) -> Database {
    guard canWrite else {
      do {
        return try checked(Database.open(path, .reading))
      } catch {
        // Beside a file that processes share something must lie, which cannot be made here; but nobody is writing it then.
        guard !error.isDamage, !SystemRoot.live.exists(path + "-wal") else { throw error }
        return try checked(Database.open(path, .immutable))
      }
    }
    let database = try Database.open(path, .writing)
    if try database.number("PRAGMA application_id") == 0,
      try database.number("SELECT count(*) FROM sqlite_schema") == 0
    {
      try make(database)
    }
    // Readers and a writer at once, by memory that they share: not where they may be on several machines.
    let mode = SystemRoot.live.isShared(folder) ? "DELETE" : "WAL"
    try database.run("PRAGMA journal_mode = \(mode); PRAGMA synchronous = NORMAL")
    return try checked(database)
  }

  private func make(_ database: borrowing Database) throws(DatabaseProblem) {
    try database.run("BEGIN IMMEDIATE")
    // Another process may have been here first.
    if try database.number("SELECT count(*) FROM sqlite_schema") == 0 {
      for table in Self.tables { try database.run(table) }
      try database.run(
        "PRAGMA application_id = \(Self.kind); PRAGMA user_version = \(Self.version)")
    }
    try database.run("COMMIT")
  }

  /// The database, if its tables are the ones that are known, with nothing beside them that could act.
  private func checked(_ database: consuming Database) throws(DatabaseProblem) -> Database {
    guard try database.number("PRAGMA application_id") == Self.kind else { throw .foreign }
    let version = try database.number("PRAGMA user_version")
    guard version == Self.version else {
      throw DatabaseProblem(
        code: DatabaseProblem.foreign.code,
        message: "of version \(version), and this hashwatt has \(Self.version)")
    }
    let statement = try database.statement(
      "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
    var found: [String] = []
    while found.count <= Self.tables.count, try statement.step() { found.append(statement.text(0)) }
    guard found == Self.tables else { throw .foreign }
    return database
  }
}
