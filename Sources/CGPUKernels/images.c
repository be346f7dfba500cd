#include <string.h>

#include "hw_gpu_kernels.h"

// #embed came with C23; the package is C17 and the compiler has it as an extension.
#pragma clang diagnostic ignored "-Wc23-extensions"

typedef struct image {
  const char *algorithm, *name, *text;
} image;

// Made by Scripts/gpu-images.sh where a compiler for PTX is installed, and not in the repository: defines `images`, a list that
// ends with NULL.
#if __has_include("hw_gpu_images.h")
#include "hw_gpu_images.h"
#else
static const image images[] = {{NULL, NULL, NULL}};
#endif

static const char *find(const char *algorithm, const char *name) {
  for (const image *i = images; i->text != NULL; i++)
    if (strcmp(i->algorithm, algorithm) == 0 && strcmp(i->name, name) == 0) return i->text;
  return NULL;
}

const void *hw_gpu_image(const hw_gpu_shape *shape) { return find(shape->algorithm, shape->name); }

const void *hw_gpu_probe_image(void) { return find("probes", ""); }
