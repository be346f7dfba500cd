internal import CGPUShims
internal import Model

/// What a driver's function answered when it failed.
internal struct DriverError: Error, Hashable {
  /// The library's own code; 0 where it is none of the library's.
  let code: Int
  let function: String
  /// What the library says besides; a compiler's log is cut to its first lines.
  let text: String
  let isCUDA: Bool

  /// One line for people: what failed, and what it means.
  var line: String {
    let meaning = meaning ?? (text.isEmpty ? "code \(code)" : Self.oneLine(text))
    return code == 0 || self.meaning == nil
      ? "\(function): \(meaning)" : "\(function): \(meaning) (code \(code))"
  }

  var remedy: String? {
    switch (isCUDA, code) {
    case (true, 2), (false, -4), (false, -5), (false, -61):
      "end what else uses the card's memory"
    case (true, 702): "end the display on this card, or use another one"
    case (true, 222), (true, 218): "install a newer driver"
    case (false, -1001): "install an OpenCL driver, such as pocl-opencl-icd for the processor"
    default: nil
    }
  }

  /// The codes that a person can do something about.
  private var meaning: String? {
    if isCUDA {
      return switch code {
      case 2: "out of memory"
      case 3: "the driver is being unloaded"
      case 100: "no device"
      case 101: "no such device"
      case 209: "the kernel is not made for this card"
      case 218: "the driver refuses the carried kernel"
      case 222: "the carried kernel is of a newer PTX than the driver knows"
      case 700: "the kernel touched memory that is not its own"
      case 702: "the driver ended a launch that took too long"
      case 719: "the kernel failed"
      case 802, 803: "the driver and its library do not fit together"
      case 999: "the device is lost, or the driver failed without a reason"
      default: nil
      }
    }
    return switch code {
    case -1: "no device"
    case -4, -61: "out of memory"
    case -5: "out of resources"
    case -6: "out of the host's memory"
    case -36: "the device is lost"
    case -14: "a launch before it failed"
    case -1001: "no platform"
    case -54: "the group is too large for this kernel"
    default: nil
    }
  }

  /// A compiler may say a megabyte.
  static func oneLine(_ text: String) -> String {
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return String(words.prefix(300))
  }
}

/// Room for an error that C code fills.
@safe internal final class DriverErrorRoom {
  let pointer: UnsafeMutablePointer<hw_gpu_error>

  init() {
    unsafe pointer = .allocate(capacity: 1)
    unsafe pointer.initialize(to: hw_gpu_error())
  }

  deinit { unsafe pointer.deallocate() }

  func error(isCUDA: Bool) -> DriverError {
    unsafe DriverError(
      code: Int(pointer.pointee.code),
      function: String(cString: hw_gpu_error_function(pointer)),
      text: String(cString: hw_gpu_error_text(pointer)), isCUDA: isCUDA)
  }
}
