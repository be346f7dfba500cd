#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "route.h"

// OpenCL 1.2 as the Khronos specification lays it out: what is used here of it.
typedef int32_t cl_int;
typedef uint32_t cl_uint;
typedef uint64_t cl_ulong;

enum {
  device_type_cpu = 1 << 1,
  device_type_all_but_custom = 0xf,
  build_log = 0x1183,
  event_status = 0x11d3,
  profiling_start = 0x1282,
  profiling_end = 0x1283,
  platform_name = 0x0902,
  device_type = 0x1000,
  device_compute_units = 0x1002,
  device_group_size = 0x1004,
  device_buffer_size = 0x1010,
  device_memory = 0x101f,
  device_name = 0x102b,
  driver_version = 0x102d,
  device_version = 0x102f,
  // cl_khr_pci_bus_info, cl_nv_device_attribute_query, cl_amd_device_attribute_query
  device_pci_khr = 0x410f,
  device_watchdog_nv = 0x4005,
  device_bus_nv = 0x4008,
  device_slot_nv = 0x4009,
  device_domain_nv = 0x400a,
  device_topology_amd = 0x4037,
  build_program_failure = -11,
};

/// The functions, each with its place in the table that every installable driver's objects begin with (cl_khr_icd).
typedef struct functions {
  cl_int (*get_platforms)(cl_uint, void **, cl_uint *);
  cl_int (*get_platform_info)(void *, cl_uint, size_t, void *, size_t *);
  cl_int (*get_devices)(void *, cl_ulong, cl_uint, void **, cl_uint *);
  cl_int (*get_device_info)(void *, cl_uint, size_t, void *, size_t *);
  void *(*create_context)(const intptr_t *, cl_uint, void *const *,
                          void (*)(const char *, const void *, size_t, void *), void *, cl_int *);
  cl_int (*release_context)(void *);
  void *(*create_queue)(void *, void *, cl_ulong, cl_int *);
  cl_int (*release_queue)(void *);
  void *(*create_buffer)(void *, cl_ulong, size_t, void *, cl_int *);
  cl_int (*release_buffer)(void *);
  void *(*create_program)(void *, cl_uint, const char **, const size_t *, cl_int *);
  cl_int (*release_program)(void *);
  cl_int (*build_program)(void *, cl_uint, void *const *, const char *, void (*)(void *, void *),
                          void *);
  cl_int (*get_build_info)(void *, void *, cl_uint, size_t, void *, size_t *);
  void *(*create_kernel)(void *, const char *, cl_int *);
  cl_int (*release_kernel)(void *);
  cl_int (*set_argument)(void *, cl_uint, size_t, const void *);
  cl_int (*get_event_info)(void *, cl_uint, size_t, void *, size_t *);
  cl_int (*release_event)(void *);
  cl_int (*get_profiling)(void *, cl_uint, size_t, void *, size_t *);
  cl_int (*flush)(void *);
  cl_int (*finish)(void *);
  cl_int (*read)(void *, void *, cl_uint, size_t, size_t, void *, cl_uint, void *const *, void **);
  cl_int (*write)(void *, void *, cl_uint, size_t, size_t, const void *, cl_uint, void *const *,
                  void **);
  cl_int (*run)(void *, void *, cl_uint, const size_t *, const size_t *, const size_t *, cl_uint,
                void *const *, void **);
} functions;

static const struct {
  const char *name;
  size_t offset;
  unsigned place;
} table[] = {
    {"clGetPlatformIDs", offsetof(functions, get_platforms), 0},
    {"clGetPlatformInfo", offsetof(functions, get_platform_info), 1},
    {"clGetDeviceIDs", offsetof(functions, get_devices), 2},
    {"clGetDeviceInfo", offsetof(functions, get_device_info), 3},
    {"clCreateContext", offsetof(functions, create_context), 4},
    {"clReleaseContext", offsetof(functions, release_context), 7},
    {"clCreateCommandQueue", offsetof(functions, create_queue), 9},
    {"clReleaseCommandQueue", offsetof(functions, release_queue), 11},
    {"clCreateBuffer", offsetof(functions, create_buffer), 14},
    {"clReleaseMemObject", offsetof(functions, release_buffer), 18},
    {"clCreateProgramWithSource", offsetof(functions, create_program), 26},
    {"clReleaseProgram", offsetof(functions, release_program), 29},
    {"clBuildProgram", offsetof(functions, build_program), 30},
    {"clGetProgramBuildInfo", offsetof(functions, get_build_info), 33},
    {"clCreateKernel", offsetof(functions, create_kernel), 34},
    {"clReleaseKernel", offsetof(functions, release_kernel), 37},
    {"clSetKernelArg", offsetof(functions, set_argument), 38},
    {"clGetEventInfo", offsetof(functions, get_event_info), 42},
    {"clReleaseEvent", offsetof(functions, release_event), 44},
    {"clGetEventProfilingInfo", offsetof(functions, get_profiling), 45},
    {"clFlush", offsetof(functions, flush), 46},
    {"clFinish", offsetof(functions, finish), 47},
    {"clEnqueueReadBuffer", offsetof(functions, read), 48},
    {"clEnqueueWriteBuffer", offsetof(functions, write), 49},
    {"clEnqueueNDRangeKernel", offsetof(functions, run), 59},
};

enum { maximum_platforms = 16, maximum_devices = 64 };

typedef struct found_device {
  void *id, *platform;
} found_device;

struct hw_gpu_library {
  const route *route;
  void *library;
  functions cl;
  found_device devices[maximum_devices];
  size_t device_count;
};
struct hw_gpu_device {
  const route *route;
  hw_gpu_library *library;
  found_device found;
  void *context;
};
struct hw_gpu_program {
  const route *route;
  hw_gpu_device *device;
  void *program;
};
struct hw_gpu_kernel {
  const route *route;
  hw_gpu_device *device;
  void *kernel;
};
struct hw_gpu_buffer {
  const route *route;
  hw_gpu_device *device;
  void *memory;
};
struct hw_gpu_queue {
  const route *route;
  hw_gpu_device *device;
  void *queue;
};
struct hw_gpu_ticket {
  const route *route;
  hw_gpu_device *device;
  void *first, *last, *fence;
};

static const route opencl_route;

/// Allocates one of the structs above.
static void *make(size_t size, hw_gpu_error *error) {
  const route **made = calloc(1, size);
  if (made == NULL)
    hw_gpu_fail(error, 0, "calloc", "out of memory");
  else
    *made = &opencl_route;
  return made;
}

/// Adds the devices of all platforms. With a single vendor's library the functions come from its platforms' table.
static int find_devices(hw_gpu_library *library, void **platforms, cl_uint count,
                        hw_gpu_error *error) {
  for (cl_uint i = 0; i < count; i++) {
    void *ids[maximum_devices];
    cl_uint found = 0;
    // A platform without devices is none of our business.
    if (library->cl.get_devices(platforms[i], device_type_all_but_custom, maximum_devices, ids,
                                &found) != 0)
      continue;
    for (cl_uint k = 0; k < found && k < maximum_devices; k++)
      if (library->device_count < maximum_devices)
        library->devices[library->device_count++] = (found_device){ids[k], platforms[i]};
  }
  if (library->device_count > 0) return 0;
  return hw_gpu_fail(error, 0, "clGetDeviceIDs", "no platform has a device");
}

static void opencl_close_library(hw_gpu_library *library) {
  // Not dlclose: drivers keep threads that outlive their last object.
  free(library);
}

hw_gpu_library *hw_opencl_open(int kind, const char *path, hw_gpu_error *error) {
  static const char *const loaders[] = {"libOpenCL.so.1", NULL};
  static const char *const vendors[] = {"libnvidia-opencl.so.1", "libamdocl64.so", "libigdrcl.so",
                                        "libpocl.so.2", NULL};
  int is_vendor = kind == hw_gpu_opencl_vendor;
  void *loaded =
      hw_gpu_load(path, is_vendor ? "HASHWATT_OPENCL_VENDOR_LIBRARY" : "HASHWATT_OPENCL_LIBRARY",
                  is_vendor ? vendors : loaders, error);
  if (loaded == NULL) return NULL;
  hw_gpu_library *library = make(sizeof *library, error);
  if (library == NULL) return NULL;
  library->library = loaded;

  void *platforms[maximum_platforms];
  cl_uint count = 0;
  cl_int status = 0;
  if (is_vendor) {
    void *(*extension)(const char *) = NULL;
    cl_int (*get_platforms)(cl_uint, void **, cl_uint *) = NULL;
    if (hw_gpu_symbol(loaded, "clGetExtensionFunctionAddress", &extension, error) != 0) goto failed;
    void *address = extension("clIcdGetPlatformIDsKHR");
    if (address == NULL) {
      hw_gpu_fail(error, 0, "clIcdGetPlatformIDsKHR", "the library has no such function");
      goto failed;
    }
    memcpy(&get_platforms, &address, sizeof address);
    status = get_platforms(maximum_platforms, platforms, &count);
    if (status == 0 && count > 0) {
      void *const *functions_of_platform = *(void **)platforms[0];
      for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        memcpy((char *)&library->cl + table[i].offset, &functions_of_platform[table[i].place],
               sizeof(void *));
    }
  } else {
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
      if (hw_gpu_symbol(loaded, table[i].name, (char *)&library->cl + table[i].offset, error) != 0)
        goto failed;
    status = library->cl.get_platforms(maximum_platforms, platforms, &count);
  }
  if (status != 0 || count == 0) {
    hw_gpu_fail(error, status, "clGetPlatformIDs", "no OpenCL platform");
    goto failed;
  }
  if (count > maximum_platforms) count = maximum_platforms;
  if (find_devices(library, platforms, count, error) == 0) return library;
failed:
  free(library);
  return NULL;
}

static size_t opencl_device_count(const hw_gpu_library *library) { return library->device_count; }

/// A number that a device tells, or 0.
static uint64_t number(const functions *cl, void *device, cl_uint what, size_t size) {
  uint64_t value = 0;
  return cl->get_device_info(device, what, size, &value, NULL) == 0 ? value : 0;
}

static void describe_address(const functions *cl, void *id, hw_gpu_facts *facts) {
  struct {
    cl_uint domain, bus, device, function;
  } khronos;
  struct {
    cl_uint type;
    char unused[17], bus, device, function;
  } amd;
  cl_uint bus, slot, domain;
  if (cl->get_device_info(id, device_pci_khr, sizeof khronos, &khronos, NULL) == 0)
    snprintf(facts->pci, sizeof facts->pci, "%04x:%02x:%02x.%x", khronos.domain, khronos.bus,
             khronos.device, khronos.function);
  else if (cl->get_device_info(id, device_bus_nv, sizeof bus, &bus, NULL) == 0 &&
           cl->get_device_info(id, device_slot_nv, sizeof slot, &slot, NULL) == 0) {
    if (cl->get_device_info(id, device_domain_nv, sizeof domain, &domain, NULL) != 0) domain = 0;
    snprintf(facts->pci, sizeof facts->pci, "%04x:%02x:%02x.%x", domain, bus, slot >> 3, slot & 7);
  } else if (cl->get_device_info(id, device_topology_amd, sizeof amd, &amd, NULL) == 0)
    snprintf(facts->pci, sizeof facts->pci, "0000:%02x:%02x.%x", (unsigned char)amd.bus,
             (unsigned char)amd.device, (unsigned char)amd.function);
}

static int opencl_describe(hw_gpu_library *library, size_t index, hw_gpu_facts *facts,
                           hw_gpu_error *error) {
  const functions *cl = &library->cl;
  found_device found = library->devices[index];
  cl_int status = cl->get_device_info(found.id, device_name, sizeof facts->name, facts->name, NULL);
  if (status != 0) return hw_gpu_fail(error, status, "clGetDeviceInfo", "the device has no name");
  cl->get_platform_info(found.platform, platform_name, sizeof facts->platform, facts->platform,
                        NULL);
  cl->get_device_info(found.id, device_version, sizeof facts->version, facts->version, NULL);
  cl->get_device_info(found.id, driver_version, sizeof facts->driver, facts->driver, NULL);
  facts->is_cpu = (number(cl, found.id, device_type, 8) & device_type_cpu) != 0;
  facts->compute_units = (uint32_t)number(cl, found.id, device_compute_units, 4);
  facts->maximum_group = (uint32_t)number(cl, found.id, device_group_size, sizeof(size_t));
  facts->memory = number(cl, found.id, device_memory, 8);
  facts->largest_buffer = number(cl, found.id, device_buffer_size, 8);
  cl_uint watchdog = 0;
  facts->has_watchdog =
      cl->get_device_info(found.id, device_watchdog_nv, sizeof watchdog, &watchdog, NULL) == 0
          ? watchdog != 0
          : -1;
  if (!facts->is_cpu) describe_address(cl, found.id, facts);
  return 0;
}

static hw_gpu_device *opencl_open_device(hw_gpu_library *library, size_t index,
                                         hw_gpu_error *error) {
  hw_gpu_device *device = make(sizeof *device, error);
  if (device == NULL) return NULL;
  device->library = library;
  device->found = library->devices[index];
  const intptr_t properties[] = {0x1084, (intptr_t)device->found.platform, 0};
  cl_int status = 0;
  device->context =
      library->cl.create_context(properties, 1, &device->found.id, NULL, NULL, &status);
  if (status == 0) return device;
  hw_gpu_fail(error, status, "clCreateContext", "the device cannot be used");
  free(device);
  return NULL;
}

static void opencl_close_device(hw_gpu_device *device) {
  device->library->cl.release_context(device->context);
  free(device);
}

static uint64_t opencl_free_memory(hw_gpu_device *device) {
  return number(&device->library->cl, device->found.id, device_memory, 8);
}

static hw_gpu_program *opencl_build_source(hw_gpu_device *device, const char *const *parts,
                                           size_t part_count, hw_gpu_error *error) {
  const functions *cl = &device->library->cl;
  hw_gpu_program *program = make(sizeof *program, error);
  if (program == NULL) return NULL;
  program->device = device;
  const char *texts[16];
  if (part_count > sizeof texts / sizeof *texts) part_count = sizeof texts / sizeof *texts;
  memcpy(texts, parts, part_count * sizeof *texts);
  cl_int status = 0;
  program->program = cl->create_program(device->context, (cl_uint)part_count, texts, NULL, &status);
  if (status != 0) {
    hw_gpu_fail(error, status, "clCreateProgramWithSource", "");
    free(program);
    return NULL;
  }
  status = cl->build_program(program->program, 1, &device->found.id, "-cl-std=CL1.2", NULL, NULL);
  if (status == 0) return program;
  hw_gpu_fail(error, status, "clBuildProgram", "");
  // A log may be of any length; its beginning tells most.
  size_t length = 0;
  cl->get_build_info(program->program, device->found.id, build_log, 0, NULL, &length);
  char *log = length > 0 && length < ((size_t)1 << 28) ? calloc(1, length + 1) : NULL;
  if (log != NULL &&
      cl->get_build_info(program->program, device->found.id, build_log, length, log, NULL) == 0)
    hw_gpu_fail(error, status, "clBuildProgram", log);
  free(log);
  cl->release_program(program->program);
  free(program);
  return NULL;
}

static hw_gpu_program *opencl_build_image(hw_gpu_device *device, const void *image,
                                          hw_gpu_error *error) {
  (void)device, (void)image;
  hw_gpu_fail(error, 0, "hw_gpu_build_image", "OpenCL takes sources only");
  return NULL;
}

static void opencl_release_program(hw_gpu_program *program) {
  program->device->library->cl.release_program(program->program);
  free(program);
}

static hw_gpu_kernel *opencl_find_kernel(hw_gpu_program *program, const char *name,
                                         hw_gpu_error *error) {
  hw_gpu_kernel *kernel = make(sizeof *kernel, error);
  if (kernel == NULL) return NULL;
  kernel->device = program->device;
  cl_int status = 0;
  kernel->kernel = program->device->library->cl.create_kernel(program->program, name, &status);
  if (status == 0) return kernel;
  hw_gpu_fail(error, status, "clCreateKernel", name);
  free(kernel);
  return NULL;
}

static void opencl_release_kernel(hw_gpu_kernel *kernel) {
  kernel->device->library->cl.release_kernel(kernel->kernel);
  free(kernel);
}

static void opencl_kernel_usage(hw_gpu_kernel *kernel, uint32_t *registers, uint32_t *local_bytes) {
  (void)kernel;
  *registers = 0;
  *local_bytes = 0;
}

static uint32_t opencl_resident_groups(hw_gpu_kernel *kernel, uint32_t group) {
  (void)kernel, (void)group;
  return 0;
}

static hw_gpu_buffer *opencl_allocate(hw_gpu_device *device, uint64_t bytes, hw_gpu_error *error) {
  hw_gpu_buffer *buffer = make(sizeof *buffer, error);
  if (buffer == NULL) return NULL;
  buffer->device = device;
  cl_int status = 0;
  buffer->memory = device->library->cl.create_buffer(device->context, 1, bytes, NULL, &status);
  if (status == 0) return buffer;
  hw_gpu_fail(error, status, "clCreateBuffer", "the device has no room for the buffer");
  free(buffer);
  return NULL;
}

static void opencl_free(hw_gpu_buffer *buffer) {
  buffer->device->library->cl.release_buffer(buffer->memory);
  free(buffer);
}

static int opencl_write(hw_gpu_queue *queue, hw_gpu_buffer *buffer, const void *bytes, size_t size,
                        hw_gpu_error *error) {
  // Blocking.
  cl_int status = queue->device->library->cl.write(queue->queue, buffer->memory, 1, 0, size, bytes,
                                                   0, NULL, NULL);
  return status == 0 ? 0 : hw_gpu_fail(error, status, "clEnqueueWriteBuffer", "");
}

static hw_gpu_queue *opencl_open_queue(hw_gpu_device *device, hw_gpu_error *error) {
  hw_gpu_queue *queue = make(sizeof *queue, error);
  if (queue == NULL) return NULL;
  queue->device = device;
  cl_int status = 0;
  // In order, with profiling.
  queue->queue = device->library->cl.create_queue(device->context, device->found.id, 2, &status);
  if (status == 0) return queue;
  hw_gpu_fail(error, status, "clCreateCommandQueue", "");
  free(queue);
  return NULL;
}

static void opencl_close_queue(hw_gpu_queue *queue) {
  queue->device->library->cl.release_queue(queue->queue);
  free(queue);
}

static void opencl_release_ticket(hw_gpu_ticket *ticket) {
  const functions *cl = &ticket->device->library->cl;
  if (ticket->last != NULL && ticket->last != ticket->first) cl->release_event(ticket->last);
  if (ticket->first != NULL) cl->release_event(ticket->first);
  if (ticket->fence != NULL) cl->release_event(ticket->fence);
  free(ticket);
}

static hw_gpu_ticket *opencl_submit(hw_gpu_queue *queue, const hw_gpu_launch *launch,
                                    hw_gpu_error *error) {
  static const uint32_t zero = 0;
  const functions *cl = &queue->device->library->cl;
  hw_gpu_ticket *ticket = make(sizeof *ticket, error);
  if (ticket == NULL) return NULL;
  ticket->device = queue->device;
  const char *function = "clEnqueueWriteBuffer";
  cl_int status =
      cl->write(queue->queue, launch->results->memory, 0, 0, sizeof zero, &zero, 0, NULL, NULL);
  for (size_t i = 0; status == 0 && i < launch->step_count; i++) {
    const hw_gpu_step *step = &launch->steps[i];
    function = "clSetKernelArg";
    for (size_t k = 0; status == 0 && k < step->argument_count; k++) {
      const hw_gpu_argument *argument = &step->arguments[k];
      status =
          argument->buffer != NULL
              ? cl->set_argument(step->kernel->kernel, (cl_uint)k, sizeof(void *),
                                 &argument->buffer->memory)
              : cl->set_argument(step->kernel->kernel, (cl_uint)k, argument->size, argument->bytes);
    }
    if (status != 0) break;
    function = "clEnqueueNDRangeKernel";
    size_t group = step->group, items = (step->items + group - 1) / group * group;
    void **event = i == 0 ? &ticket->first : i + 1 == launch->step_count ? &ticket->last : NULL;
    status = cl->run(queue->queue, step->kernel->kernel, 1, NULL, &items, &group, 0, NULL, event);
  }
  if (ticket->last == NULL) ticket->last = ticket->first;
  if (status == 0) {
    function = "clEnqueueReadBuffer";
    status = cl->read(queue->queue, launch->results->memory, 0, 0, launch->result_bytes,
                      launch->host_results, 0, NULL, &ticket->fence);
  }
  if (status == 0) {
    function = "clFlush";
    status = cl->flush(queue->queue);
  }
  if (status == 0) return ticket;
  hw_gpu_fail(error, status, function, "the launch could not be queued");
  opencl_release_ticket(ticket);
  return NULL;
}

static int opencl_poll(hw_gpu_ticket *ticket, hw_gpu_error *error) {
  cl_int state = 0;
  cl_int status = ticket->device->library->cl.get_event_info(ticket->fence, event_status,
                                                             sizeof state, &state, NULL);
  if (status != 0) return hw_gpu_fail(error, status, "clGetEventInfo", "");
  if (state < 0) return hw_gpu_fail(error, state, "clEnqueueNDRangeKernel", "the launch failed");
  return state == 0;
}

static int opencl_times(hw_gpu_ticket *ticket, uint64_t *start_ns, uint64_t *end_ns,
                        hw_gpu_error *error) {
  const functions *cl = &ticket->device->library->cl;
  cl_ulong start = 0, end = 0;
  cl_int status = cl->get_profiling(ticket->first, profiling_start, sizeof start, &start, NULL);
  if (status == 0) status = cl->get_profiling(ticket->last, profiling_end, sizeof end, &end, NULL);
  if (status != 0) return hw_gpu_fail(error, status, "clGetEventProfilingInfo", "");
  *start_ns = start;
  *end_ns = end;
  return 0;
}

static int opencl_finish(hw_gpu_queue *queue, hw_gpu_error *error) {
  cl_int status = queue->device->library->cl.finish(queue->queue);
  return status == 0 ? 0 : hw_gpu_fail(error, status, "clFinish", "");
}

static void *opencl_host_allocate(hw_gpu_device *device, size_t bytes, hw_gpu_error *error) {
  (void)device;
  void *memory = calloc(1, bytes);
  if (memory == NULL) hw_gpu_fail(error, 0, "calloc", "out of memory");
  return memory;
}

static void opencl_host_free(hw_gpu_device *device, void *memory) {
  (void)device;
  free(memory);
}

static const route opencl_route = {
    .close_library = opencl_close_library,
    .device_count = opencl_device_count,
    .describe = opencl_describe,
    .open_device = opencl_open_device,
    .close_device = opencl_close_device,
    .free_memory = opencl_free_memory,
    .build_source = opencl_build_source,
    .build_image = opencl_build_image,
    .release_program = opencl_release_program,
    .find_kernel = opencl_find_kernel,
    .release_kernel = opencl_release_kernel,
    .kernel_usage = opencl_kernel_usage,
    .resident_groups = opencl_resident_groups,
    .allocate = opencl_allocate,
    .free = opencl_free,
    .write = opencl_write,
    .open_queue = opencl_open_queue,
    .close_queue = opencl_close_queue,
    .submit = opencl_submit,
    .poll = opencl_poll,
    .times = opencl_times,
    .release_ticket = opencl_release_ticket,
    .finish = opencl_finish,
    .host_allocate = opencl_host_allocate,
    .host_free = opencl_host_free,
};
