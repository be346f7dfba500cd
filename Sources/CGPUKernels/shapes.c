#include <string.h>

#include "hw_gpu_kernels.h"

#define SHA256D "sha256d"
#define KECCAK256 "keccak256"
#define SCRYPT "scrypt-1024-1-1"
#define ETCHASH "etchash"
#define ETCHASH_TEST "etchash-test"

// The same kernels for both: an epoch is what their dataset is of.
#define ETCHASH_SHAPES(algorithm)                                                                  \
  {algorithm, "lanes8", hw_gpu_for_gpu, 1, 1, 0, "#define HW_LANES 8\n"},                          \
      {algorithm, "lanes4", hw_gpu_for_gpu, 1, 1, 0, "#define HW_LANES 4\n"},                      \
      {algorithm, "1", hw_gpu_for_gpu, 1, 1, 0, ""},                                               \
      {algorithm, "w16-1", hw_gpu_for_cpu, 1, 1, 0, "#define HW_VECTOR\n"},                        \
      {algorithm, "w16-4", hw_gpu_for_cpu, 4, 1, 0, "#define HW_VECTOR\n#define HW_HASHES 4\n"},

static const hw_gpu_shape shapes[] = {
    {SHA256D, "plain", hw_gpu_for_gpu, 1, 1, 0, ""},
    {SHA256D, "mul1", hw_gpu_for_gpu, 1, 1, 0, "#define HW_MULTIPLY 1\n"},
    {SHA256D, "mul", hw_gpu_for_gpu, 1, 1, 0, "#define HW_MULTIPLY 4\n"},
    {SHA256D, "late", hw_gpu_for_gpu, 1, 1, 0, "#define HW_LATE\n"},
    {SHA256D, "late-mul1", hw_gpu_for_gpu, 1, 1, 0, "#define HW_LATE\n#define HW_MULTIPLY 1\n"},
    {SHA256D, "late-mul2", hw_gpu_for_gpu, 1, 1, 0, "#define HW_LATE\n#define HW_MULTIPLY 2\n"},
    {SHA256D, "late-mul3", hw_gpu_for_gpu, 1, 1, 0, "#define HW_LATE\n#define HW_MULTIPLY 3\n"},
    {SHA256D, "late-mul", hw_gpu_for_gpu, 1, 1, 0, "#define HW_LATE\n#define HW_MULTIPLY 4\n"},
    {SHA256D, "w16", hw_gpu_for_cpu, 16, 1, 0, "#define HW_WIDTH 16\n"},
    {SHA256D, "w8", hw_gpu_for_cpu, 8, 1, 0, "#define HW_WIDTH 8\n"},
    {SHA256D, "w4", hw_gpu_for_cpu, 4, 1, 0, "#define HW_WIDTH 4\n"},

    {KECCAK256, "lanes", hw_gpu_for_gpu, 1, 1, 0, ""},
    {KECCAK256, "pairs", hw_gpu_for_gpu, 1, 1, 0, "#define HW_PAIRS\n"},
    {KECCAK256, "pairs-d", hw_gpu_for_gpu, 1, 1, 0, "#define HW_PAIRS\n#define HW_MATERIAL\n"},
    {KECCAK256, "pairs-rolled", hw_gpu_for_gpu, 1, 1, 0, "#define HW_PAIRS\n#define HW_ROLLED\n"},
    {KECCAK256, "pairs-mul1", hw_gpu_for_gpu, 1, 1, 0, "#define HW_PAIRS\n#define HW_MULTIPLY 1\n"},
    {KECCAK256, "pairs-mul8", hw_gpu_for_gpu, 1, 1, 0, "#define HW_PAIRS\n#define HW_MULTIPLY 8\n"},
    {KECCAK256, "w8", hw_gpu_for_cpu, 8, 1, 0, "#define HW_WIDTH 8\n#define HW_ROLLED\n"},
    {KECCAK256, "w8-d", hw_gpu_for_cpu, 8, 1, 0,
     "#define HW_WIDTH 8\n#define HW_ROLLED\n#define HW_MATERIAL\n"},
    {KECCAK256, "w4", hw_gpu_for_cpu, 4, 1, 0, "#define HW_WIDTH 4\n#define HW_ROLLED\n"},
    {KECCAK256, "w4-d", hw_gpu_for_cpu, 4, 1, 0,
     "#define HW_WIDTH 4\n#define HW_ROLLED\n#define HW_MATERIAL\n"},

    {SCRYPT, "1-gap1", hw_gpu_for_gpu, 1, 1, 1, ""},
    {SCRYPT, "1-gap2", hw_gpu_for_gpu, 1, 1, 2, "#define HW_GAP 2\n"},
    {SCRYPT, "1-gap3", hw_gpu_for_gpu, 1, 1, 3, "#define HW_GAP 3\n"},
    {SCRYPT, "1-gap4", hw_gpu_for_gpu, 1, 1, 4, "#define HW_GAP 4\n"},
    {SCRYPT, "lanes4-gap1", hw_gpu_for_gpu, 1, 4, 1, "#define HW_ITEMS 4\n"},
    {SCRYPT, "lanes4-gap2", hw_gpu_for_gpu, 1, 4, 2, "#define HW_ITEMS 4\n#define HW_GAP 2\n"},
    {SCRYPT, "lanes4-gap3", hw_gpu_for_gpu, 1, 4, 3, "#define HW_ITEMS 4\n#define HW_GAP 3\n"},
    {SCRYPT, "lanes4-gap4", hw_gpu_for_gpu, 1, 4, 4, "#define HW_ITEMS 4\n#define HW_GAP 4\n"},
    {SCRYPT, "1-own-gap1", hw_gpu_for_gpu, 1, 1, 1, "#define HW_OWN\n"},
    {SCRYPT, "lanes4-own-gap1", hw_gpu_for_gpu, 1, 4, 1, "#define HW_OWN\n#define HW_ITEMS 4\n"},
    {SCRYPT, "lanes4-own-gap2", hw_gpu_for_gpu, 1, 4, 2,
     "#define HW_OWN\n#define HW_ITEMS 4\n#define HW_GAP 2\n"},
    {SCRYPT, "w4-own-gap1", hw_gpu_for_cpu, 4, 1, 1, "#define HW_OWN\n#define HW_HASHES 4\n"},
    {SCRYPT, "w4-gap1", hw_gpu_for_cpu, 4, 1, 1, "#define HW_HASHES 4\n"},
    {SCRYPT, "w4-gap2", hw_gpu_for_cpu, 4, 1, 2, "#define HW_HASHES 4\n#define HW_GAP 2\n"},
    {SCRYPT, "w2-gap1", hw_gpu_for_cpu, 2, 1, 1, "#define HW_HASHES 2\n"},

    ETCHASH_SHAPES(ETCHASH) ETCHASH_SHAPES(ETCHASH_TEST)};

const hw_gpu_shape *hw_gpu_shapes(size_t *count) {
  *count = sizeof shapes / sizeof *shapes;
  return shapes;
}

bool hw_gpu_has_dataset(const hw_gpu_shape *shape) {
  return strcmp(shape->algorithm, ETCHASH) == 0 || strcmp(shape->algorithm, ETCHASH_TEST) == 0;
}

uint64_t hw_gpu_scratch_per_slot(const hw_gpu_shape *shape) {
  return shape->gap == 0 ? 0 : (uint64_t)((1024 + shape->gap - 1) / shape->gap) * 128;
}
