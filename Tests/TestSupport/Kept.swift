import LinuxSystem

/// Keeps fixtures of static helpers alive until the tests' process ends.
package final class Kept: Sendable {
  private let trees = Locked<[FixtureTree]>([])
  package init() {}
  package func keep(_ tree: FixtureTree) { trees.withLock { $0.append(tree) } }
}
