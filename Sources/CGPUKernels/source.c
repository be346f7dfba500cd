#include <string.h>

#include "hw_gpu_kernels.h"

// #embed came with C23; the package is C17 and the compiler has it as an extension.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const char primitives[] = {
#embed "hw_gpu.h"
    , 0};
static const char sha256[] = {
#embed "sha256.cl"
    , 0};
static const char sha256d[] = {
#embed "sha256d.cl"
    , 0};
static const char keccak256[] = {
#embed "keccak256.cl"
    , 0};
static const char scrypt[] = {
#embed "scrypt.cl"
    , 0};
static const char etchash[] = {
#embed "etchash.cl"
    , 0};
static const char probes[] = {
#embed "probes.cl"
    , 0};

size_t hw_gpu_source(const hw_gpu_shape *shape, const char **parts) {
  size_t count = 0;
  parts[count++] = shape->definitions;
  parts[count++] = primitives;
  if (strcmp(shape->algorithm, "keccak256") == 0) {
    parts[count++] = keccak256;
  } else if (hw_gpu_has_dataset(shape)) {
    parts[count++] = etchash;
  } else {
    parts[count++] = sha256;
    parts[count++] = strcmp(shape->algorithm, "sha256d") == 0 ? sha256d : scrypt;
  }
  return count;
}

size_t hw_gpu_probe_source(uint32_t width, const char **parts) {
  parts[0] = width == 16  ? "#define HW_WIDTH 16\n"
             : width == 8 ? "#define HW_WIDTH 8\n"
             : width == 4 ? "#define HW_WIDTH 4\n"
                          : "";
  parts[1] = primitives;
  parts[2] = probes;
  return 3;
}
