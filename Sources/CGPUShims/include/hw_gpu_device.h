#ifndef HW_GPU_DEVICE_H
#define HW_GPU_DEVICE_H

/// Devices that run kernels, over two routes: OpenCL and the CUDA driver. Both libraries are loaded at run time, because most
/// machines have none, and are declared here, because their headers are their vendors'. In C because every call goes through a
/// function pointer that was found at run time.
///
/// Functions return 0 or fill an error. A device and what belongs to it may be used by one thread at a time; different queues
/// of a device by different threads, if each has its own kernels.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

typedef struct hw_gpu_library hw_gpu_library;
typedef struct hw_gpu_device hw_gpu_device;
typedef struct hw_gpu_program hw_gpu_program;
typedef struct hw_gpu_kernel hw_gpu_kernel;
typedef struct hw_gpu_buffer hw_gpu_buffer;
typedef struct hw_gpu_queue hw_gpu_queue;
typedef struct hw_gpu_ticket hw_gpu_ticket;

/// What failed: the library's own code (0 if it is none of the library's), the function, and a text that may be a compiler's log.
typedef struct hw_gpu_error {
  int code;
  char function[48];
  char text[4096];
} hw_gpu_error;

/// The texts of an error, for callers that cannot take a struct of this size apart.
const char *hw_gpu_error_function(const hw_gpu_error *error);
const char *hw_gpu_error_text(const hw_gpu_error *error);

/// How a library was found.
enum { hw_gpu_opencl = 1, hw_gpu_opencl_vendor = 2, hw_gpu_cuda = 3 };

/// Opens a route. `path` is a file or a name that the loader finds; NULL takes the environment's
/// (HASHWATT_OPENCL_LIBRARY, HASHWATT_CUDA_LIBRARY), then the usual name. `hw_gpu_opencl` is the loader that finds the vendors'
/// libraries; `hw_gpu_opencl_vendor` is one vendor's library by itself, which needs neither loader nor ICD file.
hw_gpu_library *_Nullable hw_gpu_open_library(int route, const char *_Nullable path,
                                              hw_gpu_error *error);
/// Only after everything that came from it is released.
void hw_gpu_close_library(hw_gpu_library *library);

/// Number of devices, all platforms together.
size_t hw_gpu_device_count(const hw_gpu_library *library);

/// What a device says of itself. Texts end with a zero byte; an empty text or a 0 is "not told".
typedef struct hw_gpu_facts {
  char name[128];
  char platform[128];
  /// Version of OpenCL, or of CUDA that the driver knows.
  char version[128];
  char driver[128];
  /// "0000:41:00.0"; empty if the route cannot tell.
  char pci[32];
  int is_cpu;
  uint32_t compute_units;
  uint32_t maximum_group;
  uint64_t memory;
  uint64_t largest_buffer;
  /// "sm_90"; CUDA only.
  char architecture[16];
  /// Whether launches are ended after some seconds: 1 yes, 0 no, -1 not told.
  int has_watchdog;
} hw_gpu_facts;

int hw_gpu_describe(hw_gpu_library *library, size_t index, hw_gpu_facts *facts,
                    hw_gpu_error *error);

/// Whether the route can build a program from source: OpenCL always, CUDA where NVRTC is found. 1 yes, 0 no with an error.
int hw_gpu_can_compile(hw_gpu_library *library, hw_gpu_error *error);

/// Takes a device into use.
hw_gpu_device *_Nullable hw_gpu_open_device(hw_gpu_library *library, size_t index,
                                            hw_gpu_error *error);
void hw_gpu_close_device(hw_gpu_device *device);
/// Bytes that are free now; `hw_gpu_facts.memory` where the route cannot tell.
uint64_t hw_gpu_free_memory(hw_gpu_device *device);

/// Builds a program from the texts of a source. On the CUDA route by NVRTC, which HASHWATT_NVRTC_LIBRARY may name.
hw_gpu_program *_Nullable hw_gpu_build_source(hw_gpu_device *device,
                                              const char *_Nonnull const *_Nonnull parts,
                                              size_t part_count, hw_gpu_error *error);
/// Loads a program that was compiled before: PTX, ending with a zero byte, or a cubin. CUDA route only.
hw_gpu_program *_Nullable hw_gpu_build_image(hw_gpu_device *device, const void *image,
                                             hw_gpu_error *error);
void hw_gpu_release_program(hw_gpu_program *program);

/// A kernel of a program. Registers and bytes of local memory of each item are 0 where the route cannot tell.
hw_gpu_kernel *_Nullable hw_gpu_find_kernel(hw_gpu_program *program, const char *name,
                                            hw_gpu_error *error);
void hw_gpu_release_kernel(hw_gpu_kernel *kernel);
void hw_gpu_kernel_usage(hw_gpu_kernel *kernel, uint32_t *registers, uint32_t *local_bytes);
/// Groups of `group` items that one compute unit keeps resident; 0 where the route cannot tell.
uint32_t hw_gpu_resident_groups(hw_gpu_kernel *kernel, uint32_t group);

hw_gpu_buffer *_Nullable hw_gpu_allocate(hw_gpu_device *device, uint64_t bytes,
                                         hw_gpu_error *error);
void hw_gpu_free(hw_gpu_buffer *buffer);
/// Fills the beginning of a buffer; returns once `bytes` may be changed.
int hw_gpu_write(hw_gpu_queue *queue, hw_gpu_buffer *buffer, const void *bytes, size_t size,
                 hw_gpu_error *error);

hw_gpu_queue *_Nullable hw_gpu_open_queue(hw_gpu_device *device, hw_gpu_error *error);
void hw_gpu_close_queue(hw_gpu_queue *queue);

/// One argument of a kernel: bytes by value, or a buffer.
typedef struct hw_gpu_argument {
  const void *_Nullable bytes;
  size_t size;
  hw_gpu_buffer *_Nullable buffer;
} hw_gpu_argument;

typedef struct hw_gpu_step {
  hw_gpu_kernel *kernel;
  const hw_gpu_argument *arguments;
  size_t argument_count;
  /// Rounded up to whole groups.
  uint64_t items;
  uint32_t group;
} hw_gpu_step;

/// Kernels one after the other, between clearing the first word of a buffer and copying its first `result_bytes` to
/// `host_results`, which must stay until the ticket is done.
typedef struct hw_gpu_launch {
  const hw_gpu_step *steps;
  size_t step_count;
  hw_gpu_buffer *results;
  size_t result_bytes;
  void *host_results;
} hw_gpu_launch;

/// Puts a launch into a queue and starts it as soon as those before it are done.
hw_gpu_ticket *_Nullable hw_gpu_submit(hw_gpu_queue *queue, const hw_gpu_launch *launch,
                                       hw_gpu_error *error);
/// 1 when the launch is done and its results are copied, 0 while it is not, -1 with an error.
int hw_gpu_poll(hw_gpu_ticket *ticket, hw_gpu_error *error);
/// When the first kernel started and the last ended, in nanoseconds of the device's clock, of a launch that is done.
int hw_gpu_times(hw_gpu_ticket *ticket, uint64_t *start_ns, uint64_t *end_ns, hw_gpu_error *error);
void hw_gpu_release_ticket(hw_gpu_ticket *ticket);
/// Waits until a queue is empty.
int hw_gpu_finish(hw_gpu_queue *queue, hw_gpu_error *error);

/// Host memory for results, which the device can copy to on its own.
void *_Nullable hw_gpu_host_allocate(hw_gpu_device *device, size_t bytes, hw_gpu_error *error);
void hw_gpu_host_free(hw_gpu_device *device, void *memory);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif

#endif
