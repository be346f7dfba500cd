// The OpenCL loader of this machine, apart from one launch: the one of the FAULT_HEADER-th header runs a kernel that does wrong
// what FAULT names, on the same device.
//
//   crash   writes far outside its buffer
//   trap    executes what no processor can
//   hang    never ends; it is a function of ours that the device runs, which sleeps: the processor is left to other tests
//   memory  is no kernel: more memory is asked for than there is, and the device's answer is passed on
//
// Linked with the loader, so that every function which is not here is found there. FAULT_STATE names a file in which headers of
// earlier processes count.

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXPORT extern "C" __attribute__((visibility("default")))
typedef int32_t cl_int;
typedef uint32_t cl_uint;
typedef uint64_t cl_ulong;

template <typename F> static F real(const char *name) {
  F function = reinterpret_cast<F>(dlsym(RTLD_NEXT, name));
  if (function == nullptr) {
    fprintf(stderr, "faulty_opencl: no %s\n", name);
    _exit(3);
  }
  return function;
}

static unsigned headers;
static unsigned char seen[256][32];

/// A header is told by what the host derives from it, the first argument of a kernel that scans.
static void count_header(const void *work) {
  const char *state = getenv("FAULT_STATE");
  if (headers == 0 && state != nullptr) {
    FILE *file = fopen(state, "rb");
    if (file != nullptr) {
      headers = static_cast<unsigned>(fread(seen, sizeof seen[0], 256, file));
      fclose(file);
    }
  }
  for (unsigned i = 0; i < headers; i++)
    if (memcmp(seen[i], work, sizeof seen[0]) == 0) return;
  if (headers == 256) return;
  memcpy(seen[headers++], work, sizeof seen[0]);
  if (state == nullptr) return;
  FILE *file = fopen(state, "ab");
  if (file == nullptr) return;
  fwrite(work, sizeof seen[0], 1, file);
  fclose(file);
}

EXPORT cl_int clSetKernelArg(void *kernel, cl_uint place, size_t size, const void *bytes) {
  static auto next = real<cl_int (*)(void *, cl_uint, size_t, const void *)>("clSetKernelArg");
  if (place == 0 && size >= 64 && bytes != nullptr) count_header(bytes);
  return next(kernel, place, size, bytes);
}

static const char source[] =
    "__kernel void crash(__global volatile uint *out) { out[(size_t)1 << 40] = 1; }\n"
    "__kernel void trap(__global volatile uint *out) { __builtin_trap(); }\n";

static void never_end(void *) {
  for (;;) sleep(1);
}

typedef cl_int enqueue_native(void *, void (*)(void *), void *, size_t, cl_uint, void *const *, const void **, cl_uint, void *const *,
                              void **);
typedef cl_int enqueue(void *, void *, cl_uint, const size_t *, const size_t *, const size_t *, cl_uint, void *const *, void **);

static cl_int do_wrong(const char *fault, void *queue, enqueue *next, void **done) {
  if (strcmp(fault, "hang") == 0)
    return real<enqueue_native *>("clEnqueueNativeKernel")(queue, never_end, nullptr, 0, 0, nullptr, nullptr, 0, nullptr, done);
  void *context = nullptr, *device = nullptr;
  auto ask = real<cl_int (*)(void *, cl_uint, size_t, void *, size_t *)>("clGetCommandQueueInfo");
  ask(queue, 0x1090, sizeof context, &context, nullptr);
  ask(queue, 0x1091, sizeof device, &device, nullptr);
  cl_int status = 0;
  auto allocate = real<void *(*)(void *, cl_ulong, size_t, void *, cl_int *)>("clCreateBuffer");
  if (strcmp(fault, "memory") == 0) {
    allocate(context, 1, static_cast<size_t>(1) << 50, nullptr, &status);
    return status;
  }
  const char *text = source;
  void *program = real<void *(*)(void *, cl_uint, const char **, const size_t *, cl_int *)>("clCreateProgramWithSource")(
      context, 1, &text, nullptr, &status);
  if (status == 0)
    status = real<cl_int (*)(void *, cl_uint, void *const *, const char *, void (*)(void *, void *), void *)>("clBuildProgram")(
        program, 1, &device, "", nullptr, nullptr);
  void *kernel = status != 0 ? nullptr : real<void *(*)(void *, const char *, cl_int *)>("clCreateKernel")(program, fault, &status);
  void *out = status != 0 ? nullptr : allocate(context, 1, 4096, nullptr, &status);
  if (status != 0) return status;
  real<cl_int (*)(void *, cl_uint, size_t, const void *)>("clSetKernelArg")(kernel, 0, sizeof out, &out);
  size_t one = 1;
  return next(queue, kernel, 1, nullptr, &one, &one, 0, nullptr, done);
}

EXPORT cl_int clEnqueueNDRangeKernel(void *queue, void *kernel, cl_uint dimensions, const size_t *from, const size_t *items,
                                     const size_t *group, cl_uint count, void *const *after, void **done) {
  static auto next = real<enqueue *>("clEnqueueNDRangeKernel");
  const char *fault = getenv("FAULT"), *header = getenv("FAULT_HEADER");
  if (fault != nullptr && header != nullptr && headers >= static_cast<unsigned>(atoi(header)))
    return do_wrong(fault, queue, next, done);
  return next(queue, kernel, dimensions, from, items, group, count, after, done);
}
