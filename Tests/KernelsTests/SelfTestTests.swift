import Kernels
import Model
import Testing

struct SelfTestTests {
  @Test("every built-in kernel that this CPU can run passes the self-test", arguments: runnable())
  func builtIn(name: KernelName) throws {
    try KernelSelfTest.run(name.variant(), of: name.descriptor())
  }
}
