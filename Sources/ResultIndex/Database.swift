internal import CSQLite

/// Why SQLite could not do something.
struct DatabaseProblem: Error, Hashable {
  let code: CInt
  let message: String

  /// The file holds no database, or not the one that it should.
  var isDamage: Bool { code == SQLITE_CORRUPT || code == SQLITE_NOTADB }
  /// Another process is at work.
  var isBusy: Bool { code == SQLITE_BUSY || code == SQLITE_LOCKED }

  static let foreign = DatabaseProblem(code: SQLITE_NOTADB, message: "made by another program")
}

/// An open database of SQLite, used by one thread at a time.
///
/// Memory-safe as seen from outside: the handle is closed once and by its owner alone, and statements do not outlive the call
/// that makes them.
///
/// Sendable although it is not checked: SQLite was told that a handle of its is used by one thread at a time, and `Locked` sees to that.
@safe struct Database: ~Copyable, @unchecked Sendable {
  private let handle: OpaquePointer

  enum Access {
    case writing
    case reading
    /// Of a file that nobody writes, in a folder where nothing can be made beside it.
    case immutable
  }

  /// How long another process is waited for, in milliseconds: a cache is worth no more.
  private static let patience: CInt = 500
  /// More than any row has, and little enough to read from strangers.
  private static let longestValue: CInt = 16 << 20

  /// Opens a file, or makes one where it may write; links are not followed.
  static func open(_ path: String, _ access: Access) throws(DatabaseProblem) -> Database {
    let flags =
      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_URI
      | (access == .writing ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY)
    let address = "file:\(escaped(path))" + (access == .immutable ? "?immutable=1" : "")
    var opened: OpaquePointer?
    let code = unsafe sqlite3_open_v2(address, &opened, flags, nil)
    guard code == SQLITE_OK, let opened = unsafe opened else {
      let text = unsafe String(cString: sqlite3_errstr(code))
      _ = unsafe sqlite3_close_v2(opened)
      throw DatabaseProblem(code: code & 0xff, message: text)
    }
    _ = unsafe sqlite3_busy_timeout(opened, patience)
    _ = unsafe sqlite3_limit(opened, SQLITE_LIMIT_LENGTH, longestValue)
    let database = unsafe Database(opened)
    // A file of strangers runs nothing.
    try database.run("PRAGMA trusted_schema = OFF")
    return database
  }

  @unsafe private init(_ handle: OpaquePointer) { unsafe self.handle = handle }

  deinit { _ = unsafe sqlite3_close_v2(handle) }

  /// A path inside an address: what has a meaning there is written as its bytes.
  private static func escaped(_ path: String) -> String {
    let hex = Array("0123456789abcdef")
    return path.utf8.reduce(into: "") { text, byte in
      let isPlain = byte > 0x20 && byte < 0x7f && !"%?#".utf8.contains(byte)
      text +=
        isPlain
        ? String(Unicode.Scalar(byte)) : "%\(hex[Int(byte >> 4)])\(hex[Int(byte & 15)])"
    }
  }

  /// Runs statements that give nothing.
  func run(_ sql: String) throws(DatabaseProblem) {
    let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
    if code != SQLITE_OK { throw problem(code) }
  }

  /// The one number that a statement gives.
  func number(_ sql: String) throws(DatabaseProblem) -> Int64 {
    let statement = try statement(sql)
    return try statement.step() ? statement.integer(0) : 0
  }

  func statement(_ sql: String) throws(DatabaseProblem) -> Statement {
    var prepared: OpaquePointer?
    let code = unsafe sqlite3_prepare_v2(handle, sql, -1, &prepared, nil)
    guard code == SQLITE_OK, let prepared = unsafe prepared else { throw problem(code) }
    return unsafe Statement(prepared)
  }

  private func problem(_ code: CInt) -> DatabaseProblem {
    DatabaseProblem(code: code & 0xff, message: unsafe String(cString: sqlite3_errmsg(handle)))
  }
}

/// A statement with its values and its rows.
@safe struct Statement: ~Copyable {
  private let handle: OpaquePointer

  @unsafe fileprivate init(_ handle: OpaquePointer) { unsafe self.handle = handle }

  deinit { _ = unsafe sqlite3_finalize(handle) }

  /// SQLite copies what it is given: a swift value may move at any time.
  private static var copies: sqlite3_destructor_type {
    unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
  }

  func bind(_ place: CInt, _ value: Int64) throws(DatabaseProblem) {
    try check(unsafe sqlite3_bind_int64(handle, place, value))
  }

  func bind(_ place: CInt, _ text: String) throws(DatabaseProblem) {
    try check(unsafe sqlite3_bind_text(handle, place, text, -1, Self.copies))
  }

  func bind(_ place: CInt, _ bytes: [UInt8]?) throws(DatabaseProblem) {
    guard let bytes else { return try check(unsafe sqlite3_bind_null(handle, place)) }
    let code = unsafe bytes.withUnsafeBytes { buffer in
      unsafe sqlite3_bind_blob64(
        handle, place, buffer.baseAddress, UInt64(buffer.count), Self.copies)
    }
    try check(code)
  }

  /// Whether there is a row, or another one.
  func step() throws(DatabaseProblem) -> Bool {
    let code = unsafe sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    if code == SQLITE_DONE { return false }
    throw problem(code)
  }

  /// Runs it to its end, and makes it ready for other values.
  func finish() throws(DatabaseProblem) {
    while try step() {}
    _ = unsafe sqlite3_reset(handle)
  }

  func integer(_ column: CInt) -> Int64 { unsafe sqlite3_column_int64(handle, column) }

  func text(_ column: CInt) -> String {
    guard let text = unsafe sqlite3_column_text(handle, column) else { return "" }
    return unsafe String(cString: text)
  }

  /// Nil for NULL.
  func bytes(_ column: CInt) -> [UInt8]? {
    guard unsafe sqlite3_column_type(handle, column) != SQLITE_NULL else { return nil }
    let start = unsafe sqlite3_column_blob(handle, column)
    let count = Int(unsafe sqlite3_column_bytes(handle, column))
    return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count))
  }

  private func check(_ code: CInt) throws(DatabaseProblem) {
    if code != SQLITE_OK { throw problem(code) }
  }

  private func problem(_ code: CInt) -> DatabaseProblem {
    let text = unsafe String(cString: sqlite3_errmsg(sqlite3_db_handle(handle)))
    return DatabaseProblem(code: code & 0xff, message: text)
  }
}
