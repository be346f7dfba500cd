#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "route.h"

// The CUDA driver's interface as NVIDIA documents it: what is used here of it. Functions whose arguments changed over time
// are asked for by the name of the version declared here ("_v2").
typedef int cu_result;
typedef int cu_device;
typedef uint64_t cu_address;

enum {
  cu_not_ready = 600,
  attribute_maximum_group = 1,
  attribute_multiprocessors = 16,
  attribute_watchdog = 17,
  attribute_major = 75,
  attribute_minor = 76,
  function_local_bytes = 3,
  function_registers = 4,
  jit_error_log = 5,
  jit_error_log_size = 6,
  schedule_blocking = 4,
  event_blocking = 1,
  stream_non_blocking = 1,
};

typedef struct functions {
  cu_result (*init)(unsigned);
  cu_result (*driver_version)(int *);
  cu_result (*device_count)(int *);
  cu_result (*get_device)(cu_device *, int);
  cu_result (*device_name)(char *, int, cu_device);
  cu_result (*device_address)(char *, int, cu_device);
  cu_result (*attribute)(int *, int, cu_device);
  cu_result (*device_memory)(size_t *, cu_device);
  cu_result (*retain_context)(void **, cu_device);
  cu_result (*release_context)(cu_device);
  cu_result (*context_flags)(cu_device, unsigned);
  cu_result (*set_context)(void *);
  cu_result (*memory_info)(size_t *, size_t *);
  cu_result (*load_module)(void **, const void *, unsigned, int *, void **);
  cu_result (*unload_module)(void *);
  cu_result (*find_function)(void **, void *, const char *);
  cu_result (*function_attribute)(int *, int, void *);
  cu_result (*resident)(int *, void *, int, size_t);
  cu_result (*allocate)(cu_address *, size_t);
  cu_result (*free)(cu_address);
  cu_result (*host_allocate)(void **, size_t, unsigned);
  cu_result (*host_free)(void *);
  cu_result (*set_words)(cu_address, unsigned, size_t, void *);
  cu_result (*copy_to_host)(void *, cu_address, size_t, void *);
  cu_result (*copy_to_device)(cu_address, const void *, size_t, void *);
  cu_result (*create_stream)(void **, unsigned);
  cu_result (*destroy_stream)(void *);
  cu_result (*synchronize)(void *);
  cu_result (*create_event)(void **, unsigned);
  cu_result (*destroy_event)(void *);
  cu_result (*record_event)(void *, void *);
  cu_result (*query_event)(void *);
  cu_result (*elapsed)(float *, void *, void *);
  cu_result (*launch)(void *, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned,
                      void *, void **, void **);
  cu_result (*error_text)(cu_result, const char **);
} functions;

static const struct {
  const char *name;
  size_t offset;
} table[] = {
    {"cuInit", offsetof(functions, init)},
    {"cuDriverGetVersion", offsetof(functions, driver_version)},
    {"cuDeviceGetCount", offsetof(functions, device_count)},
    {"cuDeviceGet", offsetof(functions, get_device)},
    {"cuDeviceGetName", offsetof(functions, device_name)},
    {"cuDeviceGetPCIBusId", offsetof(functions, device_address)},
    {"cuDeviceGetAttribute", offsetof(functions, attribute)},
    {"cuDeviceTotalMem_v2", offsetof(functions, device_memory)},
    {"cuDevicePrimaryCtxRetain", offsetof(functions, retain_context)},
    {"cuDevicePrimaryCtxRelease_v2", offsetof(functions, release_context)},
    {"cuDevicePrimaryCtxSetFlags_v2", offsetof(functions, context_flags)},
    {"cuCtxSetCurrent", offsetof(functions, set_context)},
    {"cuMemGetInfo_v2", offsetof(functions, memory_info)},
    {"cuModuleLoadDataEx", offsetof(functions, load_module)},
    {"cuModuleUnload", offsetof(functions, unload_module)},
    {"cuModuleGetFunction", offsetof(functions, find_function)},
    {"cuFuncGetAttribute", offsetof(functions, function_attribute)},
    {"cuOccupancyMaxActiveBlocksPerMultiprocessor", offsetof(functions, resident)},
    {"cuMemAlloc_v2", offsetof(functions, allocate)},
    {"cuMemFree_v2", offsetof(functions, free)},
    {"cuMemHostAlloc", offsetof(functions, host_allocate)},
    {"cuMemFreeHost", offsetof(functions, host_free)},
    {"cuMemsetD32Async", offsetof(functions, set_words)},
    {"cuMemcpyDtoHAsync_v2", offsetof(functions, copy_to_host)},
    {"cuMemcpyHtoDAsync_v2", offsetof(functions, copy_to_device)},
    {"cuStreamCreate", offsetof(functions, create_stream)},
    {"cuStreamDestroy_v2", offsetof(functions, destroy_stream)},
    {"cuStreamSynchronize", offsetof(functions, synchronize)},
    {"cuEventCreate", offsetof(functions, create_event)},
    {"cuEventDestroy_v2", offsetof(functions, destroy_event)},
    {"cuEventRecord", offsetof(functions, record_event)},
    {"cuEventQuery", offsetof(functions, query_event)},
    {"cuEventElapsedTime", offsetof(functions, elapsed)},
    {"cuLaunchKernel", offsetof(functions, launch)},
    {"cuGetErrorString", offsetof(functions, error_text)},
};

/// NVRTC, which compiles CUDA C++; needed only where a program comes as source.
typedef struct compiler {
  void *library;
  int (*create)(void **, const char *, const char *, int, const char *const *, const char *const *);
  int (*compile)(void *, int, const char *const *);
  int (*destroy)(void **);
  int (*log_size)(void *, size_t *);
  int (*log)(void *, char *);
  int (*image_size)(void *, size_t *);
  int (*image)(void *, char *);
  int (*version)(int *, int *);
} compiler;

static const struct {
  const char *name;
  size_t offset;
} compiler_table[] = {
    {"nvrtcCreateProgram", offsetof(compiler, create)},
    {"nvrtcCompileProgram", offsetof(compiler, compile)},
    {"nvrtcDestroyProgram", offsetof(compiler, destroy)},
    {"nvrtcGetProgramLogSize", offsetof(compiler, log_size)},
    {"nvrtcGetProgramLog", offsetof(compiler, log)},
    {"nvrtcGetCUBINSize", offsetof(compiler, image_size)},
    {"nvrtcGetCUBIN", offsetof(compiler, image)},
    {"nvrtcVersion", offsetof(compiler, version)},
};

struct hw_gpu_library {
  const route *route;
  functions cu;
  compiler nvrtc;
  size_t count;
};
struct hw_gpu_device {
  const route *route;
  hw_gpu_library *library;
  cu_device device;
  void *context;
  /// What the times of launches are counted from.
  void *origin;
  char architecture[16];
};
struct hw_gpu_program {
  const route *route;
  hw_gpu_device *device;
  void *module;
};
struct hw_gpu_kernel {
  const route *route;
  hw_gpu_device *device;
  void *function;
};
struct hw_gpu_buffer {
  const route *route;
  hw_gpu_device *device;
  cu_address address;
};
struct hw_gpu_queue {
  const route *route;
  hw_gpu_device *device;
  void *stream;
};
struct hw_gpu_ticket {
  const route *route;
  hw_gpu_device *device;
  void *first, *last, *fence;
};

static const route cuda_route;

static void *make(size_t size, hw_gpu_error *error) {
  const route **made = calloc(1, size);
  if (made == NULL)
    hw_gpu_fail(error, 0, "calloc", "out of memory");
  else
    *made = &cuda_route;
  return made;
}

static int fail(const functions *cu, cu_result status, const char *function, hw_gpu_error *error) {
  const char *text = NULL;
  if (cu->error_text(status, &text) != 0 || text == NULL) text = "unknown error";
  return hw_gpu_fail(error, status, function, text);
}

/// A context belongs to a thread; whichever calls makes it its own.
static int enter(hw_gpu_device *device, hw_gpu_error *error) {
  cu_result status = device->library->cu.set_context(device->context);
  return status == 0 ? 0 : fail(&device->library->cu, status, "cuCtxSetCurrent", error);
}

static void cuda_close_library(hw_gpu_library *library) {
  // Not dlclose: the driver keeps threads.
  free(library);
}

hw_gpu_library *hw_cuda_open(const char *path, hw_gpu_error *error) {
  static const char *const names[] = {"libcuda.so.1", NULL};
  void *loaded = hw_gpu_load(path, "HASHWATT_CUDA_LIBRARY", names, error);
  if (loaded == NULL) return NULL;
  hw_gpu_library *library = make(sizeof *library, error);
  if (library == NULL) return NULL;
  for (size_t i = 0; i < sizeof table / sizeof *table; i++)
    if (hw_gpu_symbol(loaded, table[i].name, (char *)&library->cu + table[i].offset, error) != 0) {
      free(library);
      return NULL;
    }
  int count = 0;
  const char *function = "cuInit";
  cu_result status = library->cu.init(0);
  if (status == 0) {
    function = "cuDeviceGetCount";
    status = library->cu.device_count(&count);
  }
  if (status == 0 && count > 0) {
    library->count = (size_t)count;
    return library;
  }
  if (status == 0)
    hw_gpu_fail(error, 0, function, "the driver has no device");
  else
    fail(&library->cu, status, function, error);
  free(library);
  return NULL;
}

static size_t cuda_device_count(const hw_gpu_library *library) { return library->count; }

static int attribute(const functions *cu, cu_device device, int what) {
  int value = 0;
  return cu->attribute(&value, what, device) == 0 ? value : 0;
}

static int cuda_describe(hw_gpu_library *library, size_t index, hw_gpu_facts *facts,
                         hw_gpu_error *error) {
  const functions *cu = &library->cu;
  cu_device device = 0;
  cu_result status = cu->get_device(&device, (int)index);
  if (status != 0) return fail(cu, status, "cuDeviceGet", error);
  status = cu->device_name(facts->name, sizeof facts->name, device);
  if (status != 0) return fail(cu, status, "cuDeviceGetName", error);
  snprintf(facts->platform, sizeof facts->platform, "CUDA");
  int version = 0;
  if (cu->driver_version(&version) == 0)
    snprintf(facts->version, sizeof facts->version, "CUDA %d.%d", version / 1000,
             version % 1000 / 10);
  cu->device_address(facts->pci, sizeof facts->pci, device);
  size_t bytes = 0;
  if (cu->device_memory(&bytes, device) == 0) facts->memory = facts->largest_buffer = bytes;
  facts->compute_units = (uint32_t)attribute(cu, device, attribute_multiprocessors);
  facts->maximum_group = (uint32_t)attribute(cu, device, attribute_maximum_group);
  int watchdog = 0;
  facts->has_watchdog = cu->attribute(&watchdog, attribute_watchdog, device) == 0 ? watchdog : -1;
  snprintf(facts->architecture, sizeof facts->architecture, "sm_%d%d",
           attribute(cu, device, attribute_major), attribute(cu, device, attribute_minor));
  return 0;
}

static hw_gpu_device *cuda_open_device(hw_gpu_library *library, size_t index, hw_gpu_error *error) {
  const functions *cu = &library->cu;
  hw_gpu_device *device = make(sizeof *device, error);
  if (device == NULL) return NULL;
  device->library = library;
  const char *function = "cuDeviceGet";
  cu_result status = cu->get_device(&device->device, (int)index);
  if (status == 0) {
    // Fails where somebody else has the context already, who then decides how to wait.
    cu->context_flags(device->device, schedule_blocking);
    function = "cuDevicePrimaryCtxRetain";
    status = cu->retain_context(&device->context, device->device);
  }
  if (status != 0) {
    fail(cu, status, function, error);
    free(device);
    return NULL;
  }
  snprintf(device->architecture, sizeof device->architecture, "sm_%d%d",
           attribute(cu, device->device, attribute_major),
           attribute(cu, device->device, attribute_minor));
  function = "cuCtxSetCurrent";
  status = cu->set_context(device->context);
  if (status == 0) {
    function = "cuEventCreate";
    status = cu->create_event(&device->origin, 0);
  }
  if (status == 0) {
    function = "cuEventRecord";
    status = cu->record_event(device->origin, NULL);
  }
  if (status == 0) status = cu->synchronize(NULL);
  if (status == 0) return device;
  fail(cu, status, function, error);
  cu->release_context(device->device);
  free(device);
  return NULL;
}

static void cuda_close_device(hw_gpu_device *device) {
  const functions *cu = &device->library->cu;
  if (cu->set_context(device->context) == 0) cu->destroy_event(device->origin);
  cu->release_context(device->device);
  free(device);
}

static uint64_t cuda_free_memory(hw_gpu_device *device) {
  size_t available = 0, total = 0;
  hw_gpu_error ignored;
  if (enter(device, &ignored) != 0) return 0;
  return device->library->cu.memory_info(&available, &total) == 0 ? available : 0;
}

static int open_compiler(compiler *nvrtc, hw_gpu_error *error) {
  static const char *const names[] = {"libnvrtc.so", "libnvrtc.so.13", "libnvrtc.so.12",
                                      "libnvrtc.so.11.2", NULL};
  if (nvrtc->library != NULL) return 0;
  void *library = hw_gpu_load(NULL, "HASHWATT_NVRTC_LIBRARY", names, error);
  if (library == NULL) return -1;
  for (size_t i = 0; i < sizeof compiler_table / sizeof *compiler_table; i++)
    if (hw_gpu_symbol(library, compiler_table[i].name, (char *)nvrtc + compiler_table[i].offset,
                      error) != 0)
      return -1;
  nvrtc->library = library;
  return 0;
}

static int cuda_can_compile(hw_gpu_library *library, hw_gpu_error *error) {
  return open_compiler(&library->nvrtc, error) == 0;
}

/// The texts as one.
static char *join(const char *const *parts, size_t part_count, hw_gpu_error *error) {
  size_t length = 1;
  for (size_t i = 0; i < part_count; i++) length += strlen(parts[i]);
  char *whole = malloc(length), *end = whole;
  if (whole == NULL) {
    hw_gpu_fail(error, 0, "malloc", "out of memory");
    return NULL;
  }
  for (size_t i = 0; i < part_count; i++) end = stpcpy(end, parts[i]);
  *end = '\0';
  return whole;
}

/// Compiles to machine code of this architecture: what the driver gets has no version that it could refuse.
static char *compile(compiler *nvrtc, const char *source, const char *architecture,
                     hw_gpu_error *error) {
  char target[32];
  snprintf(target, sizeof target, "--gpu-architecture=%s", architecture);
  const char *const options[] = {target, "--std=c++17"};
  void *program = NULL;
  char *image = NULL;
  int status = nvrtc->create(&program, source, "kernel.cu", 0, NULL, NULL);
  if (status != 0) {
    hw_gpu_fail(error, status, "nvrtcCreateProgram", "");
    return NULL;
  }
  size_t length = 0;
  status = nvrtc->compile(program, 2, options);
  if (status != 0) {
    hw_gpu_fail(error, status, "nvrtcCompileProgram", "");
    char *log = nvrtc->log_size(program, &length) == 0 ? calloc(1, length + 1) : NULL;
    if (log != NULL && nvrtc->log(program, log) == 0)
      hw_gpu_fail(error, status, "nvrtcCompileProgram", log);
    free(log);
  } else {
    status = nvrtc->image_size(program, &length);
    if (status == 0 && length > 0) image = malloc(length);
    if (image == NULL || nvrtc->image(program, image) != 0) {
      hw_gpu_fail(error, status, "nvrtcGetCUBIN", "");
      free(image);
      image = NULL;
    }
  }
  nvrtc->destroy(&program);
  return image;
}

static hw_gpu_program *cuda_build_image(hw_gpu_device *device, const void *image,
                                        hw_gpu_error *error) {
  if (enter(device, error) != 0) return NULL;
  hw_gpu_program *program = make(sizeof *program, error);
  if (program == NULL) return NULL;
  program->device = device;
  char log[2048] = "";
  int options[] = {jit_error_log, jit_error_log_size};
  void *values[] = {log, (void *)(uintptr_t)sizeof log};
  cu_result status = device->library->cu.load_module(&program->module, image, 2, options, values);
  if (status == 0) return program;
  fail(&device->library->cu, status, "cuModuleLoadDataEx", error);
  log[sizeof log - 1] = '\0';
  if (log[0] != '\0') hw_gpu_fail(error, status, "cuModuleLoadDataEx", log);
  free(program);
  return NULL;
}

static hw_gpu_program *cuda_build_source(hw_gpu_device *device, const char *const *parts,
                                         size_t part_count, hw_gpu_error *error) {
  if (open_compiler(&device->library->nvrtc, error) != 0) return NULL;
  char *source = join(parts, part_count, error);
  if (source == NULL) return NULL;
  char *image = compile(&device->library->nvrtc, source, device->architecture, error);
  free(source);
  if (image == NULL) return NULL;
  hw_gpu_program *program = cuda_build_image(device, image, error);
  free(image);
  return program;
}

static void cuda_release_program(hw_gpu_program *program) {
  hw_gpu_error ignored;
  if (enter(program->device, &ignored) == 0)
    program->device->library->cu.unload_module(program->module);
  free(program);
}

static hw_gpu_kernel *cuda_find_kernel(hw_gpu_program *program, const char *name,
                                       hw_gpu_error *error) {
  if (enter(program->device, error) != 0) return NULL;
  hw_gpu_kernel *kernel = make(sizeof *kernel, error);
  if (kernel == NULL) return NULL;
  kernel->device = program->device;
  cu_result status =
      program->device->library->cu.find_function(&kernel->function, program->module, name);
  if (status == 0) return kernel;
  fail(&program->device->library->cu, status, "cuModuleGetFunction", error);
  free(kernel);
  return NULL;
}

static void cuda_release_kernel(hw_gpu_kernel *kernel) { free(kernel); }

static void cuda_kernel_usage(hw_gpu_kernel *kernel, uint32_t *registers, uint32_t *local_bytes) {
  const functions *cu = &kernel->device->library->cu;
  int value = 0;
  *registers = 0;
  *local_bytes = 0;
  if (cu->function_attribute(&value, function_registers, kernel->function) == 0)
    *registers = (uint32_t)value;
  if (cu->function_attribute(&value, function_local_bytes, kernel->function) == 0)
    *local_bytes = (uint32_t)value;
}

static uint32_t cuda_resident_groups(hw_gpu_kernel *kernel, uint32_t group) {
  hw_gpu_error ignored;
  int groups = 0;
  if (enter(kernel->device, &ignored) != 0) return 0;
  cu_result status = kernel->device->library->cu.resident(&groups, kernel->function, (int)group, 0);
  return status == 0 && groups > 0 ? (uint32_t)groups : 0;
}

static hw_gpu_buffer *cuda_allocate(hw_gpu_device *device, uint64_t bytes, hw_gpu_error *error) {
  if (enter(device, error) != 0) return NULL;
  hw_gpu_buffer *buffer = make(sizeof *buffer, error);
  if (buffer == NULL) return NULL;
  buffer->device = device;
  cu_result status = device->library->cu.allocate(&buffer->address, bytes);
  if (status == 0) return buffer;
  fail(&device->library->cu, status, "cuMemAlloc", error);
  free(buffer);
  return NULL;
}

static void cuda_free(hw_gpu_buffer *buffer) {
  hw_gpu_error ignored;
  if (enter(buffer->device, &ignored) == 0) buffer->device->library->cu.free(buffer->address);
  free(buffer);
}

static hw_gpu_queue *cuda_open_queue(hw_gpu_device *device, hw_gpu_error *error) {
  if (enter(device, error) != 0) return NULL;
  hw_gpu_queue *queue = make(sizeof *queue, error);
  if (queue == NULL) return NULL;
  queue->device = device;
  cu_result status = device->library->cu.create_stream(&queue->stream, stream_non_blocking);
  if (status == 0) return queue;
  fail(&device->library->cu, status, "cuStreamCreate", error);
  free(queue);
  return NULL;
}

static void cuda_close_queue(hw_gpu_queue *queue) {
  hw_gpu_error ignored;
  if (enter(queue->device, &ignored) == 0) queue->device->library->cu.destroy_stream(queue->stream);
  free(queue);
}

static int cuda_write(hw_gpu_queue *queue, hw_gpu_buffer *buffer, const void *bytes, size_t size,
                      hw_gpu_error *error) {
  if (enter(queue->device, error) != 0) return -1;
  const functions *cu = &queue->device->library->cu;
  // In the stream's order: what follows in it must not overtake the copy.
  cu_result status = cu->copy_to_device(buffer->address, bytes, size, queue->stream);
  if (status != 0) return fail(cu, status, "cuMemcpyHtoDAsync", error);
  status = cu->synchronize(queue->stream);
  return status == 0 ? 0 : fail(cu, status, "cuStreamSynchronize", error);
}

static void cuda_release_ticket(hw_gpu_ticket *ticket) {
  const functions *cu = &ticket->device->library->cu;
  hw_gpu_error ignored;
  if (enter(ticket->device, &ignored) == 0) {
    if (ticket->first != NULL) cu->destroy_event(ticket->first);
    if (ticket->last != NULL) cu->destroy_event(ticket->last);
    if (ticket->fence != NULL) cu->destroy_event(ticket->fence);
  }
  free(ticket);
}

enum { maximum_arguments = 8 };

static cu_result run_step(const functions *cu, const hw_gpu_step *step, void *stream) {
  void *values[maximum_arguments];
  size_t count =
      step->argument_count < maximum_arguments ? step->argument_count : maximum_arguments;
  for (size_t i = 0; i < count; i++) {
    const hw_gpu_argument *argument = &step->arguments[i];
    // The driver reads the arguments before it returns.
    values[i] = argument->buffer != NULL ? (void *)&argument->buffer->address
                                         : (void *)(uintptr_t)argument->bytes;
  }
  unsigned groups = (unsigned)((step->items + step->group - 1) / step->group);
  return cu->launch(step->kernel->function, groups, 1, 1, step->group, 1, 1, 0, stream, values,
                    NULL);
}

static hw_gpu_ticket *cuda_submit(hw_gpu_queue *queue, const hw_gpu_launch *launch,
                                  hw_gpu_error *error) {
  if (enter(queue->device, error) != 0) return NULL;
  const functions *cu = &queue->device->library->cu;
  hw_gpu_ticket *ticket = make(sizeof *ticket, error);
  if (ticket == NULL) return NULL;
  ticket->device = queue->device;
  const char *function = "cuEventCreate";
  cu_result status = cu->create_event(&ticket->first, 0);
  if (status == 0) status = cu->create_event(&ticket->last, 0);
  if (status == 0) status = cu->create_event(&ticket->fence, event_blocking);
  if (status == 0) {
    function = "cuMemsetD32Async";
    status = cu->set_words(launch->results->address, 0, 1, queue->stream);
  }
  if (status == 0) status = cu->record_event(ticket->first, queue->stream);
  for (size_t i = 0; status == 0 && i < launch->step_count; i++) {
    function = "cuLaunchKernel";
    status = run_step(cu, &launch->steps[i], queue->stream);
  }
  if (status == 0) status = cu->record_event(ticket->last, queue->stream);
  if (status == 0) {
    function = "cuMemcpyDtoHAsync";
    status = cu->copy_to_host(launch->host_results, launch->results->address, launch->result_bytes,
                              queue->stream);
  }
  if (status == 0) {
    function = "cuEventRecord";
    status = cu->record_event(ticket->fence, queue->stream);
  }
  if (status == 0) return ticket;
  fail(cu, status, function, error);
  cuda_release_ticket(ticket);
  return NULL;
}

static int cuda_poll(hw_gpu_ticket *ticket, hw_gpu_error *error) {
  if (enter(ticket->device, error) != 0) return -1;
  cu_result status = ticket->device->library->cu.query_event(ticket->fence);
  if (status == 0) return 1;
  if (status == cu_not_ready) return 0;
  return fail(&ticket->device->library->cu, status, "cuEventQuery", error);
}

static int cuda_times(hw_gpu_ticket *ticket, uint64_t *start_ns, uint64_t *end_ns,
                      hw_gpu_error *error) {
  if (enter(ticket->device, error) != 0) return -1;
  const functions *cu = &ticket->device->library->cu;
  float start = 0, length = 0;
  cu_result status = cu->elapsed(&start, ticket->device->origin, ticket->first);
  if (status == 0) status = cu->elapsed(&length, ticket->first, ticket->last);
  if (status != 0) return fail(cu, status, "cuEventElapsedTime", error);
  *start_ns = (uint64_t)((double)start * 1e6);
  *end_ns = *start_ns + (uint64_t)((double)length * 1e6);
  return 0;
}

static int cuda_finish(hw_gpu_queue *queue, hw_gpu_error *error) {
  if (enter(queue->device, error) != 0) return -1;
  cu_result status = queue->device->library->cu.synchronize(queue->stream);
  return status == 0 ? 0 : fail(&queue->device->library->cu, status, "cuStreamSynchronize", error);
}

static void *cuda_host_allocate(hw_gpu_device *device, size_t bytes, hw_gpu_error *error) {
  if (enter(device, error) != 0) return NULL;
  void *memory = NULL;
  cu_result status = device->library->cu.host_allocate(&memory, bytes, 0);
  if (status != 0) {
    fail(&device->library->cu, status, "cuMemHostAlloc", error);
    return NULL;
  }
  memset(memory, 0, bytes);
  return memory;
}

static void cuda_host_free(hw_gpu_device *device, void *memory) {
  hw_gpu_error ignored;
  if (enter(device, &ignored) == 0) device->library->cu.host_free(memory);
}

static const route cuda_route = {
    .close_library = cuda_close_library,
    .device_count = cuda_device_count,
    .describe = cuda_describe,
    .can_compile = cuda_can_compile,
    .open_device = cuda_open_device,
    .close_device = cuda_close_device,
    .free_memory = cuda_free_memory,
    .build_source = cuda_build_source,
    .build_image = cuda_build_image,
    .release_program = cuda_release_program,
    .find_kernel = cuda_find_kernel,
    .release_kernel = cuda_release_kernel,
    .kernel_usage = cuda_kernel_usage,
    .resident_groups = cuda_resident_groups,
    .allocate = cuda_allocate,
    .free = cuda_free,
    .write = cuda_write,
    .open_queue = cuda_open_queue,
    .close_queue = cuda_close_queue,
    .submit = cuda_submit,
    .poll = cuda_poll,
    .times = cuda_times,
    .release_ticket = cuda_release_ticket,
    .finish = cuda_finish,
    .host_allocate = cuda_host_allocate,
    .host_free = cuda_host_free,
};
