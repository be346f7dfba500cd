// A stand-in for the CUDA driver and NVRTC on machines without a card: the functions that CGPUShims asks for, over the kernel
// files in their host dialect. Launches run when they are asked for, on the calling thread; streams are in order by that.
//
// Compiled once a shape: the source is included, HW_SHAPE_SCRYPT tells which kernels it has. STANDIN_FAULT in the
// environment names a function that goes wrong: with the code in STANDIN_CODE, or it aborts, crashes or hangs where that is
// `abort`, `crash` or `hang`. STANDIN_RESULT spoils what launches find: `wrong` adds one to the first nonce, `skip` takes away
// what one lane of 32 found. Both begin with the launch of the STANDIN_HEADER-th header, where that is given; headers of earlier
// processes count where STANDIN_STATE names a file for them.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "hw_gpu.h"
thread_local hw_u32 hw_host_item;
#if defined(HW_SHAPE_KECCAK)
#include "keccak256.cl"
typedef keccak256_work shape_work;
#elif defined(HW_SHAPE_ETCHASH)
#include "etchash.cl"
typedef etchash_work shape_work;
#elif defined(HW_SHAPE_SCRYPT)
#include "sha256.cl"
#include "scrypt.cl"
typedef scrypt_work shape_work;
#else
#include "sha256.cl"
#include "sha256d.cl"
typedef sha256d_work shape_work;
#endif

#define EXPORT extern "C" __attribute__((visibility("default")))
typedef int result;

/// Headers that launches have had, the present one included, each once.
static unsigned headers;
static unsigned char seen[256][32];

static bool is_due() {
  const char *from = getenv("STANDIN_HEADER");
  return from == nullptr || headers >= static_cast<unsigned>(atoi(from));
}

/// A header is told by what the host derives from it.
static void count_header(const shape_work &work) {
  const char *state = getenv("STANDIN_STATE");
  if (headers == 0 && state != nullptr) {
    FILE *file = fopen(state, "rb");
    if (file != nullptr) {
      headers = static_cast<unsigned>(fread(seen, sizeof seen[0], 256, file));
      fclose(file);
    }
  }
  unsigned char own[32];
  memcpy(own, &work, sizeof own);
  for (unsigned i = 0; i < headers; i++)
    if (memcmp(seen[i], own, sizeof own) == 0) return;
  if (headers == 256) return;
  memcpy(seen[headers++], own, sizeof own);
  if (state == nullptr) return;
  FILE *file = fopen(state, "ab");
  if (file == nullptr) return;
  fwrite(own, sizeof own, 1, file);
  fclose(file);
}

static result outcome(const char *function) {
  const char *fault = getenv("STANDIN_FAULT"), *code = getenv("STANDIN_CODE");
  if (fault == nullptr || code == nullptr || strcmp(fault, function) != 0) return 0;
  if (!is_due()) return 0;
  if (strcmp(code, "abort") == 0) abort();
  if (strcmp(code, "crash") == 0) *reinterpret_cast<volatile int *>(0) = 0;
  while (strcmp(code, "hang") == 0) sleep(1);
  return atoi(code);
}

/// What a kernel found, spoiled if the environment says so.
static void spoil(hw_u32 *results, hw_u32 first) {
  const char *how = getenv("STANDIN_RESULT");
  if (how == nullptr || !is_due()) return;
  if (strcmp(how, "wrong") == 0 && results[0] > 0) results[1] += 1;
  if (strcmp(how, "skip") != 0) return;
  hw_u32 kept = 0;
  for (hw_u32 i = 0; i < results[0]; i++)
    if ((results[1 + i] - first) % 32 != 5) results[1 + kept++] = results[1 + i];
  results[0] = kept;
}

static double now() {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

EXPORT result cuInit(unsigned) { return outcome("cuInit"); }
EXPORT result cuDriverGetVersion(int *version) {
  *version = 13000;
  return 0;
}
EXPORT result cuDeviceGetCount(int *count) {
  *count = 1;
  return 0;
}
EXPORT result cuDeviceGet(int *device, int index) {
  *device = index;
  return 0;
}
EXPORT result cuDeviceGetName(char *name, int length, int) {
  snprintf(name, static_cast<size_t>(length), "stand-in");
  return 0;
}
EXPORT result cuDeviceGetPCIBusId(char *address, int length, int) {
  snprintf(address, static_cast<size_t>(length), "0000:41:00.0");
  return 0;
}
EXPORT result cuDeviceGetAttribute(int *value, int what, int) {
  *value = what == 1 ? 1024 : what == 16 ? 2 : what == 75 ? 9 : 0;
  return 0;
}
EXPORT result cuDeviceTotalMem_v2(size_t *bytes, int) {
  *bytes = size_t(1) << 30;
  return 0;
}
EXPORT result cuDevicePrimaryCtxRetain(void **context, int) {
  *context = reinterpret_cast<void *>(1);
  return outcome("cuDevicePrimaryCtxRetain");
}
EXPORT result cuDevicePrimaryCtxRelease_v2(int) { return 0; }
EXPORT result cuDevicePrimaryCtxSetFlags_v2(int, unsigned) { return 0; }
EXPORT result cuCtxSetCurrent(void *) { return 0; }
EXPORT result cuMemGetInfo_v2(size_t *available, size_t *total) {
  *available = *total = size_t(1) << 30;
  return 0;
}
EXPORT result cuModuleLoadDataEx(void **module, const void *, unsigned, int *, void **) {
  *module = reinterpret_cast<void *>(1);
  return outcome("cuModuleLoadDataEx");
}
EXPORT result cuModuleUnload(void *) { return 0; }
EXPORT result cuModuleGetFunction(void **function, void *, const char *name) {
  *function = const_cast<char *>(strdup(name));
  return outcome("cuModuleGetFunction");
}
EXPORT result cuFuncGetAttribute(int *value, int, void *) {
  *value = 0;
  return 0;
}
EXPORT result cuOccupancyMaxActiveBlocksPerMultiprocessor(int *groups, void *, int, size_t) {
  *groups = 1;
  return 0;
}
EXPORT result cuMemAlloc_v2(uint64_t *address, size_t bytes) {
  result r = outcome("cuMemAlloc");
  if (r == 0) *address = reinterpret_cast<uint64_t>(calloc(1, bytes));
  return r;
}
EXPORT result cuMemFree_v2(uint64_t address) {
  free(reinterpret_cast<void *>(address));
  return 0;
}
EXPORT result cuMemHostAlloc(void **memory, size_t bytes, unsigned) {
  *memory = calloc(1, bytes);
  return 0;
}
EXPORT result cuMemFreeHost(void *memory) {
  free(memory);
  return 0;
}
EXPORT result cuMemsetD32Async(uint64_t address, unsigned value, size_t count, void *) {
  for (size_t i = 0; i < count; i++) reinterpret_cast<uint32_t *>(address)[i] = value;
  return 0;
}
EXPORT result cuMemcpyDtoHAsync_v2(void *to, uint64_t from, size_t bytes, void *) {
  memcpy(to, reinterpret_cast<void *>(from), bytes);
  return 0;
}
EXPORT result cuMemcpyHtoDAsync_v2(uint64_t to, const void *from, size_t bytes, void *) {
  memcpy(reinterpret_cast<void *>(to), from, bytes);
  return outcome("cuMemcpyHtoDAsync");
}
EXPORT result cuStreamCreate(void **stream, unsigned) {
  *stream = reinterpret_cast<void *>(1);
  return 0;
}
EXPORT result cuStreamDestroy_v2(void *) { return 0; }
EXPORT result cuStreamSynchronize(void *) { return outcome("cuStreamSynchronize"); }
EXPORT result cuEventCreate(void **event, unsigned) {
  *event = calloc(1, sizeof(double));
  return 0;
}
EXPORT result cuEventDestroy_v2(void *event) {
  free(event);
  return 0;
}
EXPORT result cuEventRecord(void *event, void *) {
  *static_cast<double *>(event) = now();
  return 0;
}
EXPORT result cuEventQuery(void *) { return outcome("cuEventQuery"); }
EXPORT result cuEventElapsedTime(float *milliseconds, void *from, void *to) {
  *milliseconds = static_cast<float>((*static_cast<double *>(to) - *static_cast<double *>(from)) * 1e3);
  return 0;
}
EXPORT result cuGetErrorString(result code, const char **text) {
  *text = code == 2 ? "out of memory" : "stand-in error";
  return 0;
}

template <typename T> static T value(void *argument) { return *static_cast<T *>(argument); }

EXPORT result cuLaunchKernel(void *function, unsigned groups, unsigned, unsigned, unsigned group, unsigned,
                             unsigned, unsigned, void *, void **a, void **) {
  const char *name = static_cast<const char *>(function);
#if defined(HW_SHAPE_SCRYPT)
  if (strcmp(name, "hw_begin") == 0) count_header(value<shape_work>(a[0]));
#elif defined(HW_SHAPE_ETCHASH)
  if (strcmp(name, "hw_scan") == 0) count_header(value<shape_work>(a[0]));
#else
  count_header(value<shape_work>(a[0]));
#endif
  for (hw_u32 i = 0; i < groups * group; i++) {
    hw_host_item = i;
#if defined(HW_SHAPE_SCRYPT)
    if (strcmp(name, "hw_begin") == 0)
      hw_begin(value<shape_work>(a[0]), value<hw_u32>(a[1]), value<hw_u32>(a[2]), value<hw_u32 *>(a[3]));
    else if (strcmp(name, "hw_mix") == 0)
      hw_mix(value<hw_u32 *>(a[0]), value<hw_four *>(a[1]), value<hw_u32>(a[2]), value<hw_u32>(a[3]));
    else if (strcmp(name, "hw_end") == 0)
      hw_end(value<shape_work>(a[0]), value<hw_u32>(a[1]), value<hw_u32>(a[2]), value<hw_u32 *>(a[3]),
             value<hw_u32 *>(a[4]));
#elif defined(HW_SHAPE_ETCHASH)
    if (strcmp(name, "hw_dataset") == 0)
      hw_dataset(value<part *>(a[0]), value<part *>(a[1]), value<hw_u32>(a[2]), value<hw_u32>(a[3]),
                 value<hw_u32>(a[4]), value<hw_u32>(a[5]));
    else if (strcmp(name, "hw_sample") == 0)
      hw_sample(value<hw_u32 *>(a[0]), value<hw_u32>(a[1]), value<hw_u32 *>(a[2]));
    else if (strcmp(name, "hw_scan") == 0)
      hw_scan(value<shape_work>(a[0]), value<hw_u32>(a[1]), value<hw_u32>(a[2]), value<hw_u32 *>(a[3]),
              value<part *>(a[4]), value<hw_u32>(a[5]), value<hw_u32>(a[6]));
#else
    if (strcmp(name, "hw_scan") == 0)
      hw_scan(value<shape_work>(a[0]), value<hw_u32>(a[1]), value<hw_u32>(a[2]), value<hw_u32 *>(a[3]));
#endif
    else
      return 500;
  }
#if defined(HW_SHAPE_SCRYPT)
  if (strcmp(name, "hw_end") == 0) spoil(value<hw_u32 *>(a[4]), value<hw_u32>(a[1]));
#elif defined(HW_SHAPE_ETCHASH)
  if (strcmp(name, "hw_scan") == 0) spoil(value<hw_u32 *>(a[3]), value<hw_u32>(a[1]));
  // `dataset`: a word in the middle of what the last launch built is another.
  const char *how = getenv("STANDIN_RESULT");
  if (strcmp(name, "hw_dataset") == 0 && how != nullptr && strcmp(how, "dataset") == 0)
    for (hw_u32 i = 0; i < value<hw_u32>(a[5]); i++) value<part *>(a[1])[(value<hw_u32>(a[4]) + i) * 4].x ^= 1;
#else
  spoil(value<hw_u32 *>(a[3]), value<hw_u32>(a[1]));
#endif
  return outcome("cuLaunchKernel");
}

EXPORT int nvrtcCreateProgram(void **program, const char *source, const char *, int, const char *const *,
                              const char *const *) {
  *program = const_cast<char *>(source);
  return 0;
}
EXPORT int nvrtcCompileProgram(void *, int, const char *const *) { return outcome("nvrtcCompileProgram"); }
EXPORT int nvrtcDestroyProgram(void **) { return 0; }
EXPORT int nvrtcGetProgramLogSize(void *, size_t *length) {
  *length = 4;
  return 0;
}
EXPORT int nvrtcGetProgramLog(void *, char *log) {
  memcpy(log, "log", 4);
  return 0;
}
EXPORT int nvrtcGetCUBINSize(void *, size_t *length) {
  *length = 1;
  return 0;
}
EXPORT int nvrtcGetCUBIN(void *, char *image) {
  *image = 0;
  return 0;
}
EXPORT int nvrtcVersion(int *major, int *minor) {
  *major = 13;
  *minor = 0;
  return 0;
}
