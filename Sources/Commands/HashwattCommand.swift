/// The program's entry, called by `main.swift`.
public enum HashwattCommand {
  /// Parses the command line, runs the command and exits the process with its code.
  public static func main() {}
}
