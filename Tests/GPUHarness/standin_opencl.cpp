// A stand-in for OpenCL on machines without a card: the functions that CGPUShims asks for, as a loader has them, over the kernel
// file of sha256d and that of the probes in their host dialect. Launches run when they are asked for, on the calling thread.
//
// STANDIN_FAULT in the environment names a function that goes wrong: with the code in STANDIN_CODE, or it aborts, crashes or
// hangs where that is `abort`, `crash` or `hang`; `event` is the state of a launch, `probe` the launch of a probe.
// STANDIN_PLATFORMS and STANDIN_DEVICES say how many there are (1 unless told), STANDIN_LOG how many bytes a compiler has to say,
// and STANDIN_ADDRESS what the device tells of its place on the bus: `khronos` unless told, `nvidia`, `amd`, or `none`.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "hw_gpu.h"
thread_local hw_u32 hw_host_item;
#include "sha256.cl"
#include "sha256d.cl"
#include "probes.cl"

#define EXPORT extern "C" __attribute__((visibility("default")))
typedef int32_t cl_int;
typedef uint32_t cl_uint;
typedef uint64_t cl_ulong;

static cl_int outcome(const char *function) {
  const char *fault = getenv("STANDIN_FAULT"), *code = getenv("STANDIN_CODE");
  if (fault == nullptr || code == nullptr || strcmp(fault, function) != 0) return 0;
  if (strcmp(code, "abort") == 0) abort();
  if (strcmp(code, "crash") == 0) *reinterpret_cast<volatile int *>(0) = 0;
  while (strcmp(code, "hang") == 0) sleep(1);
  return atoi(code);
}

static cl_uint told(const char *name, cl_uint otherwise) {
  const char *text = getenv(name);
  return text == nullptr ? otherwise : static_cast<cl_uint>(atoi(text));
}

/// An answer of some bytes, as the functions that ask for something give it.
static cl_int answer(const void *bytes, size_t count, size_t room, void *value, size_t *length) {
  if (length != nullptr) *length = count;
  if (value == nullptr) return 0;
  if (room < count) return -30;
  memcpy(value, bytes, count);
  return 0;
}
static cl_int answer(const char *text, size_t room, void *value, size_t *length) {
  return answer(text, strlen(text) + 1, room, value, length);
}
template <typename T> static cl_int number(T n, size_t room, void *value, size_t *length) {
  return answer(&n, sizeof n, room, value, length);
}

static void *handle(uintptr_t n) { return reinterpret_cast<void *>(n); }
/// What cannot be made is no object and a status.
static void *made(const char *function, void *object, cl_int *status) {
  *status = outcome(function);
  return *status == 0 ? object : nullptr;
}

struct buffer {
  void *bytes;
};
struct kernel {
  std::string name;
  std::vector<unsigned char> arguments[4];
};
typedef void probe(hw_u32 *, hw_u32, hw_u32);
static const struct {
  const char *name;
  probe *run;
} probes[] = {
    {"probe_shift", probe_shift},
    {"probe_logic", probe_logic},
    {"probe_add", probe_add},
    {"probe_rotate_add", probe_rotate_add},
    {"probe_multiply", probe_multiply},
    {"probe_multiply_high", probe_multiply_high},
    {"probe_multiply_wide", probe_multiply_wide},
    {"probe_shift_and_multiply", probe_shift_and_multiply},
    // Items run one after the other here: they exchange nothing.
    {"probe_shuffle", probe_logic},
};
static probe *find_probe(const std::string &name) {
  for (const auto &candidate : probes)
    if (name == candidate.name) return candidate.run;
  return nullptr;
}
struct event {
  cl_ulong start, end;
};

static cl_ulong now() {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<cl_ulong>(t.tv_sec) * 1000000000u + static_cast<cl_ulong>(t.tv_nsec);
}

EXPORT cl_int clGetPlatformIDs(cl_uint room, void **platforms, cl_uint *count) {
  cl_int status = outcome("clGetPlatformIDs");
  *count = status == 0 ? told("STANDIN_PLATFORMS", 1) : 0;
  for (cl_uint i = 0; i < *count && i < room; i++) platforms[i] = handle(1 + i);
  return status;
}
EXPORT cl_int clGetPlatformInfo(void *, cl_uint, size_t room, void *value, size_t *length) {
  return answer("Stand-in Platform", room, value, length);
}
EXPORT cl_int clGetDeviceIDs(void *, cl_ulong, cl_uint room, void **devices, cl_uint *count) {
  cl_int status = outcome("clGetDeviceIDs");
  *count = status == 0 ? told("STANDIN_DEVICES", 1) : 0;
  for (cl_uint i = 0; i < *count && i < room; i++) devices[i] = handle(1 + i);
  return status;
}
EXPORT cl_int clGetDeviceInfo(void *, cl_uint what, size_t room, void *value, size_t *length) {
  const char *address = getenv("STANDIN_ADDRESS");
  const char *kind = address == nullptr ? "khronos" : address;
  struct {
    cl_uint domain, bus, device, function;
  } khronos = {0, 0x41, 0, 0};
  struct {
    cl_uint type;
    char unused[17], bus, device, function;
  } amd = {1, {}, 0x41, 0, 0};
  switch (what) {
  case 0x1000: return number<cl_ulong>(4, room, value, length);
  case 0x1002: return number<cl_uint>(2, room, value, length);
  case 0x1004: return number<size_t>(256, room, value, length);
  case 0x1010: return number<cl_ulong>(1u << 28, room, value, length);
  case 0x101f: return number<cl_ulong>(1u << 30, room, value, length);
  case 0x102b: {
    cl_int status = outcome("clGetDeviceInfo");
    return status != 0 ? status : answer("stand-in", room, value, length);
  }
  case 0x102d: return answer("1.0", room, value, length);
  case 0x102f: return answer("OpenCL 3.0 stand-in", room, value, length);
  case 0x410f:
    return strcmp(kind, "khronos") == 0 ? answer(&khronos, sizeof khronos, room, value, length) : -30;
  case 0x4008: return strcmp(kind, "nvidia") == 0 ? number<cl_uint>(0x41, room, value, length) : -30;
  case 0x4009: return strcmp(kind, "nvidia") == 0 ? number<cl_uint>(0, room, value, length) : -30;
  case 0x4037: return strcmp(kind, "amd") == 0 ? answer(&amd, sizeof amd, room, value, length) : -30;
  default: return -30;
  }
}
EXPORT void *clCreateContext(const intptr_t *, cl_uint, void *const *, void (*)(const char *, const void *, size_t, void *), void *,
                             cl_int *status) {
  return made("clCreateContext", handle(1), status);
}
EXPORT cl_int clReleaseContext(void *) { return 0; }
EXPORT void *clCreateCommandQueue(void *, void *, cl_ulong, cl_int *status) {
  return made("clCreateCommandQueue", handle(1), status);
}
EXPORT cl_int clReleaseCommandQueue(void *) { return 0; }
EXPORT void *clCreateBuffer(void *, cl_ulong, size_t bytes, void *, cl_int *status) {
  *status = outcome("clCreateBuffer");
  return *status == 0 ? new buffer{calloc(1, bytes)} : nullptr;
}
EXPORT cl_int clReleaseMemObject(void *memory) {
  buffer *own = static_cast<buffer *>(memory);
  free(own->bytes);
  delete own;
  return 0;
}
EXPORT void *clCreateProgramWithSource(void *, cl_uint, const char **, const size_t *, cl_int *status) {
  return made("clCreateProgramWithSource", handle(1), status);
}
EXPORT cl_int clReleaseProgram(void *) { return 0; }
EXPORT cl_int clBuildProgram(void *, cl_uint, void *const *, const char *, void (*)(void *, void *), void *) {
  return outcome("clBuildProgram");
}
EXPORT cl_int clGetProgramBuildInfo(void *, void *, cl_uint, size_t room, void *value, size_t *length) {
  std::vector<char> log(told("STANDIN_LOG", 4), 'x');
  const char *start = "error: line 1\n";
  for (size_t i = 0; i < log.size() && i < strlen(start); i++) log[i] = start[i];
  if (log.empty()) log.push_back(0);
  log.back() = 0;
  return answer(log.data(), log.size(), room, value, length);
}
EXPORT void *clCreateKernel(void *, const char *name, cl_int *status) {
  *status = outcome("clCreateKernel");
  if (*status == 0 && strcmp(name, "hw_scan") != 0 && strcmp(name, "probe_copy") != 0 && find_probe(name) == nullptr)
    *status = -46;
  return *status == 0 ? new kernel{name, {}} : nullptr;
}
EXPORT cl_int clReleaseKernel(void *object) {
  delete static_cast<kernel *>(object);
  return 0;
}
EXPORT cl_int clSetKernelArg(void *object, cl_uint place, size_t size, const void *bytes) {
  cl_int status = outcome("clSetKernelArg");
  if (status != 0) return status;
  if (place >= 4) return -49;
  const unsigned char *from = static_cast<const unsigned char *>(bytes);
  static_cast<kernel *>(object)->arguments[place].assign(from, from + size);
  return 0;
}
EXPORT cl_int clGetEventInfo(void *, cl_uint, size_t room, void *value, size_t *length) {
  cl_int status = outcome("clGetEventInfo");
  return status != 0 ? status : number<cl_int>(outcome("event"), room, value, length);
}
EXPORT cl_int clReleaseEvent(void *object) {
  delete static_cast<event *>(object);
  return 0;
}
EXPORT cl_int clGetEventProfilingInfo(void *object, cl_uint what, size_t room, void *value, size_t *length) {
  const event *own = static_cast<event *>(object);
  return number<cl_ulong>(what == 0x1282 ? own->start : own->end, room, value, length);
}
EXPORT cl_int clFlush(void *) { return outcome("clFlush"); }
EXPORT cl_int clFinish(void *) { return outcome("clFinish"); }
EXPORT cl_int clEnqueueReadBuffer(void *, void *memory, cl_uint, size_t from, size_t bytes, void *to, cl_uint, void *const *,
                                  void **done) {
  cl_int status = outcome("clEnqueueReadBuffer");
  if (status != 0) return status;
  memcpy(to, static_cast<char *>(static_cast<buffer *>(memory)->bytes) + from, bytes);
  if (done != nullptr) *done = new event{now(), now()};
  return 0;
}
EXPORT cl_int clEnqueueWriteBuffer(void *, void *memory, cl_uint, size_t to, size_t bytes, const void *from, cl_uint, void *const *,
                                   void **) {
  cl_int status = outcome("clEnqueueWriteBuffer");
  if (status != 0) return status;
  memcpy(static_cast<char *>(static_cast<buffer *>(memory)->bytes) + to, from, bytes);
  return 0;
}

template <typename T> static T value(const std::vector<unsigned char> &argument) {
  T result;
  memcpy(&result, argument.data(), sizeof result);
  return result;
}

EXPORT cl_int clEnqueueNDRangeKernel(void *, void *object, cl_uint, const size_t *, const size_t *items, const size_t *, cl_uint,
                                     void *const *, void **done) {
  const kernel *own = static_cast<kernel *>(object);
  event *times = new event{now(), 0};
  auto bytes = [own](int place) { return value<buffer *>(own->arguments[place])->bytes; };
  auto word_of = [own](int place) { return value<hw_u32>(own->arguments[place]); };
  for (hw_u32 i = 0; i < *items; i++) {
    hw_host_item = i;
    if (own->name == "hw_scan")
      hw_scan(value<sha256d_work>(own->arguments[0]), word_of(1), word_of(2), static_cast<hw_u32 *>(bytes(3)));
    else if (own->name == "probe_copy")
      probe_copy(static_cast<hw_four *>(bytes(0)), static_cast<hw_four *>(bytes(1)), word_of(2), word_of(3));
    else
      find_probe(own->name)(static_cast<hw_u32 *>(bytes(0)), word_of(1), word_of(2));
  }
  times->end = now();
  if (done != nullptr)
    *done = times;
  else
    delete times;
  cl_int status = own->name == "hw_scan" ? 0 : outcome("probe");
  return status != 0 ? status : outcome("clEnqueueNDRangeKernel");
}
