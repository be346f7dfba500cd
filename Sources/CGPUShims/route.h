#ifndef ROUTE_H
#define ROUTE_H

#include "hw_gpu_device.h"

/// What a route implements; `hw_gpu_device.h` says what each does. Every object below begins with a pointer to it.
typedef struct route {
  void (*close_library)(hw_gpu_library *);
  size_t (*device_count)(const hw_gpu_library *);
  int (*describe)(hw_gpu_library *, size_t, hw_gpu_facts *, hw_gpu_error *);
  int (*can_compile)(hw_gpu_library *, hw_gpu_error *);
  hw_gpu_device *(*open_device)(hw_gpu_library *, size_t, hw_gpu_error *);
  void (*close_device)(hw_gpu_device *);
  uint64_t (*free_memory)(hw_gpu_device *);
  hw_gpu_program *(*build_source)(hw_gpu_device *, const char *const *, size_t, hw_gpu_error *);
  hw_gpu_program *(*build_image)(hw_gpu_device *, const void *, hw_gpu_error *);
  void (*release_program)(hw_gpu_program *);
  hw_gpu_kernel *(*find_kernel)(hw_gpu_program *, const char *, hw_gpu_error *);
  void (*release_kernel)(hw_gpu_kernel *);
  void (*kernel_usage)(hw_gpu_kernel *, uint32_t *, uint32_t *);
  uint32_t (*resident_groups)(hw_gpu_kernel *, uint32_t);
  hw_gpu_buffer *(*allocate)(hw_gpu_device *, uint64_t, hw_gpu_error *);
  void (*free)(hw_gpu_buffer *);
  int (*write)(hw_gpu_queue *, hw_gpu_buffer *, const void *, size_t, hw_gpu_error *);
  hw_gpu_queue *(*open_queue)(hw_gpu_device *, hw_gpu_error *);
  void (*close_queue)(hw_gpu_queue *);
  hw_gpu_ticket *(*submit)(hw_gpu_queue *, const hw_gpu_launch *, hw_gpu_error *);
  int (*poll)(hw_gpu_ticket *, hw_gpu_error *);
  int (*times)(hw_gpu_ticket *, uint64_t *, uint64_t *, hw_gpu_error *);
  void (*release_ticket)(hw_gpu_ticket *);
  int (*finish)(hw_gpu_queue *, hw_gpu_error *);
  void *(*host_allocate)(hw_gpu_device *, size_t, hw_gpu_error *);
  void (*host_free)(hw_gpu_device *, void *);
} route;

hw_gpu_library *hw_opencl_open(int route, const char *path, hw_gpu_error *error);
hw_gpu_library *hw_cuda_open(const char *path, hw_gpu_error *error);

/// Fills an error; returns -1. A text that is too long is cut.
int hw_gpu_fail(hw_gpu_error *error, int code, const char *function, const char *text);

/// Finds a function; on failure the error names it.
int hw_gpu_symbol(void *library, const char *name, void *function, hw_gpu_error *error);

/// Opens the first library that is there: of `path`, else of the environment's `variable`, else of `names`, a list that ends
/// with NULL.
void *hw_gpu_load(const char *path, const char *variable, const char *const *names,
                  hw_gpu_error *error);

#endif
