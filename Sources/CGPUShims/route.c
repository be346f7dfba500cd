#include "route.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct hw_gpu_library {
  const route *route;
};
struct hw_gpu_device {
  const route *route;
};
struct hw_gpu_program {
  const route *route;
};
struct hw_gpu_kernel {
  const route *route;
};
struct hw_gpu_buffer {
  const route *route;
};
struct hw_gpu_queue {
  const route *route;
};
struct hw_gpu_ticket {
  const route *route;
};

int hw_gpu_fail(hw_gpu_error *error, int code, const char *function, const char *text) {
  error->code = code;
  snprintf(error->function, sizeof error->function, "%s", function);
  snprintf(error->text, sizeof error->text, "%s", text);
  return -1;
}

const char *hw_gpu_error_function(const hw_gpu_error *error) { return error->function; }
const char *hw_gpu_error_text(const hw_gpu_error *error) { return error->text; }

int hw_gpu_symbol(void *library, const char *name, void *function, hw_gpu_error *error) {
  void *symbol = dlsym(library, name);
  if (symbol == NULL) return hw_gpu_fail(error, 0, name, "the library has no such function");
  memcpy(function, &symbol, sizeof symbol);
  return 0;
}

void *hw_gpu_load(const char *path, const char *variable, const char *const *names,
                  hw_gpu_error *error) {
  if (path == NULL) path = getenv(variable);
  if (path != NULL && path[0] != '\0') {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) hw_gpu_fail(error, 0, "dlopen", dlerror());
    return library;
  }
  for (; *names != NULL; names++) {
    void *library = dlopen(*names, RTLD_NOW | RTLD_LOCAL);
    if (library != NULL) return library;
  }
  hw_gpu_fail(error, 0, "dlopen", dlerror());
  return NULL;
}

hw_gpu_library *hw_gpu_open_library(int route, const char *path, hw_gpu_error *error) {
  return route == hw_gpu_cuda ? hw_cuda_open(path, error) : hw_opencl_open(route, path, error);
}

void hw_gpu_close_library(hw_gpu_library *library) { library->route->close_library(library); }
size_t hw_gpu_device_count(const hw_gpu_library *library) {
  return library->route->device_count(library);
}
int hw_gpu_describe(hw_gpu_library *library, size_t index, hw_gpu_facts *facts,
                    hw_gpu_error *error) {
  memset(facts, 0, sizeof *facts);
  if (index >= hw_gpu_device_count(library))
    return hw_gpu_fail(error, 0, "hw_gpu_describe", "there is no such device");
  return library->route->describe(library, index, facts, error);
}
int hw_gpu_can_compile(hw_gpu_library *library, hw_gpu_error *error) {
  return library->route->can_compile == NULL || library->route->can_compile(library, error);
}
hw_gpu_device *hw_gpu_open_device(hw_gpu_library *library, size_t index, hw_gpu_error *error) {
  if (index < hw_gpu_device_count(library))
    return library->route->open_device(library, index, error);
  hw_gpu_fail(error, 0, "hw_gpu_open_device", "there is no such device");
  return NULL;
}
void hw_gpu_close_device(hw_gpu_device *device) { device->route->close_device(device); }
uint64_t hw_gpu_free_memory(hw_gpu_device *device) { return device->route->free_memory(device); }
hw_gpu_program *hw_gpu_build_source(hw_gpu_device *device, const char *const *parts,
                                    size_t part_count, hw_gpu_error *error) {
  return device->route->build_source(device, parts, part_count, error);
}
hw_gpu_program *hw_gpu_build_image(hw_gpu_device *device, const void *image, hw_gpu_error *error) {
  return device->route->build_image(device, image, error);
}
void hw_gpu_release_program(hw_gpu_program *program) { program->route->release_program(program); }
hw_gpu_kernel *hw_gpu_find_kernel(hw_gpu_program *program, const char *name, hw_gpu_error *error) {
  return program->route->find_kernel(program, name, error);
}
void hw_gpu_release_kernel(hw_gpu_kernel *kernel) { kernel->route->release_kernel(kernel); }
void hw_gpu_kernel_usage(hw_gpu_kernel *kernel, uint32_t *registers, uint32_t *local_bytes) {
  kernel->route->kernel_usage(kernel, registers, local_bytes);
}
uint32_t hw_gpu_resident_groups(hw_gpu_kernel *kernel, uint32_t group) {
  return kernel->route->resident_groups(kernel, group);
}
hw_gpu_buffer *hw_gpu_allocate(hw_gpu_device *device, uint64_t bytes, hw_gpu_error *error) {
  return device->route->allocate(device, bytes, error);
}
void hw_gpu_free(hw_gpu_buffer *buffer) { buffer->route->free(buffer); }
int hw_gpu_write(hw_gpu_queue *queue, hw_gpu_buffer *buffer, const void *bytes, size_t size,
                 hw_gpu_error *error) {
  return queue->route->write(queue, buffer, bytes, size, error);
}
hw_gpu_queue *hw_gpu_open_queue(hw_gpu_device *device, hw_gpu_error *error) {
  return device->route->open_queue(device, error);
}
void hw_gpu_close_queue(hw_gpu_queue *queue) { queue->route->close_queue(queue); }
hw_gpu_ticket *hw_gpu_submit(hw_gpu_queue *queue, const hw_gpu_launch *launch,
                             hw_gpu_error *error) {
  return queue->route->submit(queue, launch, error);
}
int hw_gpu_poll(hw_gpu_ticket *ticket, hw_gpu_error *error) {
  return ticket->route->poll(ticket, error);
}
int hw_gpu_times(hw_gpu_ticket *ticket, uint64_t *start_ns, uint64_t *end_ns, hw_gpu_error *error) {
  return ticket->route->times(ticket, start_ns, end_ns, error);
}
void hw_gpu_release_ticket(hw_gpu_ticket *ticket) { ticket->route->release_ticket(ticket); }
int hw_gpu_finish(hw_gpu_queue *queue, hw_gpu_error *error) {
  return queue->route->finish(queue, error);
}
void *hw_gpu_host_allocate(hw_gpu_device *device, size_t bytes, hw_gpu_error *error) {
  return device->route->host_allocate(device, bytes, error);
}
void hw_gpu_host_free(hw_gpu_device *device, void *memory) {
  device->route->host_free(device, memory);
}
