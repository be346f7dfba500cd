#include "hw_randomx.h"

#include <dlfcn.h>
#include <fenv.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#if __has_feature(address_sanitizer)
#include <sanitizer/lsan_interface.h>
#endif

/// The flags of randomx.h.
enum {
  flag_large_pages = 1,
  flag_full_memory = 4,
  flag_jit = 8,
  flag_secure = 16,
  flag_version_2 = 128,
};

/// Bytes of a dataset's item, and items that are built between two looks at the stop word: some 20 ms.
enum { item_size = 64, items_at_once = 16384 };
/// The longest key that RandomX takes.
enum { longest_key = 60 };
/// More machines than one process has CPUs, twice.
enum { most_machines = 4096 };

/// The functions of one library.
typedef struct library {
  int is_loaded;
  int (*get_flags)(void);
  void *(*alloc_cache)(int flags);
  void (*init_cache)(void *cache, const void *key, size_t size);
  void (*release_cache)(void *cache);
  void *(*alloc_dataset)(int flags);
  unsigned long (*item_count)(void);
  void (*init_dataset)(void *dataset, void *cache, unsigned long first, unsigned long count);
  void *(*dataset_memory)(void *dataset);
  void (*release_dataset)(void *dataset);
  void *(*create_vm)(int flags, void *cache, void *dataset);
  void (*destroy_vm)(void *machine);
  void (*hash)(void *machine, const void *input, size_t size, void *hash);
  void (*first)(void *machine, const void *input, size_t size);
  void (*next)(void *machine, const void *input, size_t size, void *hash);
  void (*last)(void *machine, void *hash);
  /// NULL where the library is older than it.
  void (*commitment)(const void *input, size_t size, const void *hash, void *commitment);
} library;

static library libraries[2];

// MARK: Loading

static int find(void *handle, const char *name, void **function, char *problem, size_t size) {
  *function = dlsym(handle, name);
  if (*function != NULL) return 0;
  snprintf(problem, size, "it has no function '%s'", name);
  return -1;
}

int hw_randomx_load(hw_randomx_slot slot, const char *file, char *problem, size_t size) {
  library *loaded = &libraries[slot];
  if (loaded->is_loaded) return 0;
  void *handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL) {
    const char *text = dlerror();
    snprintf(problem, size, "it cannot be loaded: %s", text != NULL ? text : "no reason is given");
    return -1;
  }
  const struct {
    const char *name;
    void **function;
  } wanted[] = {
      {"randomx_get_flags", (void **)&loaded->get_flags},
      {"randomx_alloc_cache", (void **)&loaded->alloc_cache},
      {"randomx_init_cache", (void **)&loaded->init_cache},
      {"randomx_release_cache", (void **)&loaded->release_cache},
      {"randomx_alloc_dataset", (void **)&loaded->alloc_dataset},
      {"randomx_dataset_item_count", (void **)&loaded->item_count},
      {"randomx_init_dataset", (void **)&loaded->init_dataset},
      {"randomx_get_dataset_memory", (void **)&loaded->dataset_memory},
      {"randomx_release_dataset", (void **)&loaded->release_dataset},
      {"randomx_create_vm", (void **)&loaded->create_vm},
      {"randomx_destroy_vm", (void **)&loaded->destroy_vm},
      {"randomx_calculate_hash", (void **)&loaded->hash},
      {"randomx_calculate_hash_first", (void **)&loaded->first},
      {"randomx_calculate_hash_next", (void **)&loaded->next},
      {"randomx_calculate_hash_last", (void **)&loaded->last},
  };
  for (size_t index = 0; index < sizeof wanted / sizeof wanted[0]; index++) {
    if (find(handle, wanted[index].name, wanted[index].function, problem, size) != 0) return -1;
  }
  loaded->commitment = dlsym(handle, "randomx_calculate_commitment");
  // Kernels count on these sizes: a build for another coin has others.
  uint64_t bytes = (uint64_t)loaded->item_count() * item_size;
  if (bytes != HW_RANDOMX_DATASET_SIZE) {
    snprintf(problem, size, "its dataset has %llu bytes where RandomX has %llu",
             (unsigned long long)bytes, (unsigned long long)HW_RANDOMX_DATASET_SIZE);
    return -1;
  }
  loaded->is_loaded = 1;
  return 0;
}

int hw_randomx_has_commitments(hw_randomx_slot slot) {
  return libraries[slot].is_loaded && libraries[slot].commitment != NULL;
}

int hw_randomx_file(hw_randomx_slot slot, char *path, size_t size) {
  Dl_info information;
  const library *loaded = &libraries[slot];
  if (!loaded->is_loaded || dladdr((void *)loaded->hash, &information) == 0) return 0;
  size_t length = strlen(information.dli_fname);
  if (length >= size) return 0;
  memcpy(path, information.dli_fname, length + 1);
  return 1;
}

// MARK: States

/// A virtual machine of the library, made by the first call that needs it on a CPU and kept for the next one there.
typedef struct machine {
  /// 1 while a call uses it, or makes it. Calls write this word and no other once the machine is made.
  uint32_t is_busy;
  int32_t cpu;
  int32_t flags;
  void *vm;
} machine;

/// How far a state is.
enum phase { phase_new = 0, phase_begun = 1, phase_cached = 2, phase_failed = 3 };

typedef struct state {
  const library *library;
  hw_randomx_memory memory;
  void *cache;
  void *dataset;
  /// What is passed to the library for machines of this state.
  int32_t flags;
  int32_t is_granted;
  int32_t is_advised;
  uint32_t phase;
  uint32_t next_chunk;
  uint32_t parts_done;
  uint32_t machine_count;
  machine machines[most_machines];
} state;

/// A state lies in mapped memory, which the sanitizer's search for leaks does not look into by itself.
static void let_search(const state *state, int is_begin) {
#if __has_feature(address_sanitizer)
  if (is_begin)
    __lsan_register_root_region(state, sizeof *state);
  else
    __lsan_unregister_root_region(state, sizeof *state);
#else
  (void)state, (void)is_begin;
#endif
}

static void pause_briefly(void) {
  struct timespec time = {.tv_nsec = 1000000};
  nanosleep(&time, NULL);
}

/// Asks for huge pages for memory of the library, or against them; 0 where the system takes it.
static int advise(void *start, uint64_t size, int advice) {
  long page = sysconf(_SC_PAGESIZE);
  if (page <= 0) return -1;
  uintptr_t first = (uintptr_t)start & ~((uintptr_t)page - 1);
  return madvise((void *)first, size + ((uintptr_t)start - first), advice);
}

/// Whether the reserved pool has this many bytes left. The library is asked for a cache there only if so: refused, it
/// forgets the compiler that it had made for it (1.1.10, alloc_cache).
static int is_in_pool(uint64_t size) {
  int kind = MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB;
  void *place = mmap(NULL, size, PROT_READ | PROT_WRITE, kind, -1, 0);
  if (place == MAP_FAILED) return 0;
  munmap(place, size);
  return 1;
}

/// Takes the memory and fills the cache; one part does it while the others wait.
static enum phase begin(state *state, const library *library, hw_randomx_memory memory,
                        const uint8_t *key, size_t size) {
  state->library = library;
  state->memory = memory;
  state->flags = library->get_flags() & ~flag_large_pages;
  // Pages of a stranger's compiled programs are writable or executable, never both.
  if (library == &libraries[HW_RANDOMX_NAMED]) state->flags |= flag_secure;
  int pool = memory == HW_RANDOMX_ORDINARY ? 0 : flag_large_pages;
  if (memory != HW_RANDOMX_CACHE) {
    // The reserved pool, where it is large enough; else pages for which the kernel is asked.
    if (pool) state->dataset = library->alloc_dataset(state->flags | pool);
    state->is_granted = state->dataset != NULL;
    if (state->dataset == NULL) {
      state->dataset = library->alloc_dataset(state->flags);
      if (state->dataset == NULL) return phase_failed;
      int advice = memory == HW_RANDOMX_HUGE ? MADV_HUGEPAGE : MADV_NOHUGEPAGE;
      int is_taken =
          advise(library->dataset_memory(state->dataset), HW_RANDOMX_DATASET_SIZE, advice) == 0;
      state->is_advised = memory == HW_RANDOMX_HUGE && is_taken;
    }
  }
  if (pool && is_in_pool(HW_RANDOMX_CACHE_SIZE))
    state->cache = library->alloc_cache(state->flags | pool);
  if (memory == HW_RANDOMX_CACHE) state->is_granted = state->cache != NULL;
  if (state->cache == NULL) state->cache = library->alloc_cache(state->flags);
  if (state->cache == NULL) return phase_failed;
  library->init_cache(state->cache, key, size);
  return phase_cached;
}

static hw_status prepare(const hw_prepare_request *request, hw_randomx_slot slot,
                         hw_randomx_memory memory) {
  const library *library = &libraries[slot];
  if (request->struct_size < sizeof *request || request->state_size < sizeof(state) ||
      request->key_size == 0 || request->key_size > longest_key || request->parts == 0)
    return HW_BAD_REQUEST;
  if (!library->is_loaded) return HW_LIBRARY_FAILED;
  state *state = request->state;
  uint32_t expected = phase_new;
  if (__atomic_compare_exchange_n(&state->phase, &expected, phase_begun, 0, __ATOMIC_ACQ_REL,
                                  __ATOMIC_ACQUIRE)) {
    let_search(state, 1);
    enum phase reached = begin(state, library, memory, request->key, request->key_size);
    __atomic_store_n(&state->phase, reached, __ATOMIC_RELEASE);
  }
  uint32_t phase;
  while ((phase = __atomic_load_n(&state->phase, __ATOMIC_ACQUIRE)) == phase_begun) {
    if (hw_is_stopped(request->stop)) return HW_OK;
    pause_briefly();
  }
  if (phase == phase_failed) return HW_LIBRARY_FAILED;
  if (memory == HW_RANDOMX_CACHE) return HW_OK;
  unsigned long items = library->item_count();
  while (!hw_is_stopped(request->stop)) {
    uint32_t chunk = __atomic_fetch_add(&state->next_chunk, 1, __ATOMIC_RELAXED);
    unsigned long first = (unsigned long)chunk * items_at_once;
    if (first >= items) break;
    unsigned long left = items - first;
    library->init_dataset(state->dataset, state->cache, first,
                          left < items_at_once ? left : items_at_once);
  }
  // The dataset is all that is needed from now on.
  if (__atomic_add_fetch(&state->parts_done, 1, __ATOMIC_ACQ_REL) == request->parts) {
    library->release_cache(state->cache);
    state->cache = NULL;
  }
  return HW_OK;
}

static void release(void *memory) {
  state *state = memory;
  if (state->library == NULL) return;
  let_search(state, 0);
  for (uint32_t index = 0; index < state->machine_count && index < most_machines; index++) {
    if (state->machines[index].vm != NULL) state->library->destroy_vm(state->machines[index].vm);
  }
  if (state->dataset != NULL) state->library->release_dataset(state->dataset);
  if (state->cache != NULL) state->library->release_cache(state->cache);
}

hw_randomx_place hw_randomx_place_of(const void *memory) {
  const state *state = memory;
  hw_randomx_place place = {.is_granted = state->is_granted, .is_advised = state->is_advised};
  if (state->dataset != NULL) {
    place.address = (uintptr_t)state->library->dataset_memory(state->dataset);
    place.size = HW_RANDOMX_DATASET_SIZE;
  }
  return place;
}

// MARK: Machines

static int is_claimed(machine *machine) {
  uint32_t expected = 0;
  return __atomic_load_n(&machine->is_busy, __ATOMIC_RELAXED) == 0 &&
         __atomic_compare_exchange_n(&machine->is_busy, &expected, 1, 0, __ATOMIC_ACQUIRE,
                                     __ATOMIC_RELAXED);
}

static void give_back(machine *machine) {
  __atomic_store_n(&machine->is_busy, 0, __ATOMIC_RELEASE);
}

/// Any machine with these flags, waited for where all are in use; NULL where there is none.
static machine *claim_any(state *state, int flags) {
  for (int are_there = 1; are_there; pause_briefly()) {
    are_there = 0;
    uint32_t count = __atomic_load_n(&state->machine_count, __ATOMIC_ACQUIRE);
    for (uint32_t index = 0; index < count && index < most_machines; index++) {
      machine *machine = &state->machines[index];
      if (!is_claimed(machine)) {
        // In use, or being made: perhaps with these flags.
        are_there = 1;
        continue;
      }
      if (machine->vm != NULL && machine->flags == flags) return machine;
      give_back(machine);
    }
  }
  return NULL;
}

/// A machine with these flags that no other call uses: one that was made on this CPU, else a new one; NULL where the
/// library makes none.
static machine *claim(state *state, int flags) {
  int cpu = sched_getcpu();
  uint32_t count = __atomic_load_n(&state->machine_count, __ATOMIC_ACQUIRE);
  for (uint32_t index = 0; index < count && index < most_machines; index++) {
    machine *machine = &state->machines[index];
    if (__atomic_load_n(&machine->cpu, __ATOMIC_RELAXED) != cpu || !is_claimed(machine)) continue;
    // A machine that could not be made keeps its place without one.
    if (machine->vm != NULL && machine->flags == flags && machine->cpu == cpu) return machine;
    give_back(machine);
  }
  uint32_t place = __atomic_fetch_add(&state->machine_count, 1, __ATOMIC_ACQ_REL);
  if (place >= most_machines) {
    __atomic_store_n(&state->machine_count, most_machines, __ATOMIC_RELEASE);
    return claim_any(state, flags);
  }
  machine *made = &state->machines[place];
  // Nobody else can hold it for longer than a look.
  while (!is_claimed(made)) pause_briefly();
  if (state->is_granted) {
    made->vm = state->library->create_vm(flags | flag_large_pages, state->cache, state->dataset);
  }
  if (made->vm == NULL) made->vm = state->library->create_vm(flags, state->cache, state->dataset);
  made->flags = flags;
  __atomic_store_n(&made->cpu, made->vm != NULL ? cpu : -1, __ATOMIC_RELAXED);
  if (made->vm != NULL) return made;
  give_back(made);
  return claim_any(state, flags);
}

static int machine_flags(const state *state, hw_randomx_version version, int is_compiled) {
  int flags = is_compiled ? state->flags | flag_jit : state->flags & ~flag_jit;
  if (version == HW_RANDOMX_V2) flags |= flag_version_2;
  return state->memory == HW_RANDOMX_CACHE ? flags : flags | flag_full_memory;
}

/// Turns a hash into what a target is compared with.
static void commit(const state *state, hw_randomx_version version, const void *input, size_t size,
                   uint8_t *hash) {
  if (version != HW_RANDOMX_V2) return;
  uint8_t commitment[HW_RANDOMX_HASH_SIZE];
  state->library->commitment(input, size, hash, commitment);
  memcpy(hash, commitment, sizeof commitment);
}

int hw_randomx_hash(void *memory, hw_randomx_version version, int is_compiled, const void *input,
                    size_t size, uint8_t *hash) {
  state *state = memory;
  if (version == HW_RANDOMX_V2 && state->library->commitment == NULL) return -1;
  machine *machine = claim(state, machine_flags(state, version, is_compiled));
  if (machine == NULL) return -1;
  fenv_t environment;
  fegetenv(&environment);
  state->library->hash(machine->vm, input, size, hash);
  fesetenv(&environment);
  commit(state, version, input, size, hash);
  give_back(machine);
  return 0;
}

// MARK: Scanning

/// Whether `hash <= target`, both little-endian 256-bit integers.
static int meets(const uint8_t *hash, const uint8_t *target) {
  for (int index = HW_TARGET_SIZE - 1; index >= 0; index--) {
    if (hash[index] != target[index]) return hash[index] < target[index];
  }
  return 1;
}

static void put_nonce(uint8_t *work, uint32_t nonce) {
  for (int index = 0; index < 4; index++)
    work[HW_RANDOMX_NONCE_OFFSET + index] = (uint8_t)(nonce >> (8 * index));
}

static void take(const hw_scan_request *request, hw_scan_result *result, uint32_t nonce,
                 const uint8_t *hash) {
  if (!meets(hash, request->target)) return;
  if (result->found < request->capacity) {
    uint8_t *record = (uint8_t *)request->records + 4 * result->found;
    for (int index = 0; index < 4; index++) record[index] = (uint8_t)(nonce >> (8 * index));
  }
  result->found++;
}

/// The calls of a scan overlap: the next hash begins, by filling the scratchpad, while the present one ends by reading
/// it.
static hw_status scan(const hw_scan_request *request, hw_scan_result *result,
                      hw_randomx_version version, int is_compiled) {
  if (request->struct_size < sizeof *request || result->struct_size < sizeof *result ||
      request->count > UINT64_C(1) << 32 || request->work_size != HW_RANDOMX_WORK_SIZE ||
      request->record_size != 4 || request->state == NULL)
    return HW_BAD_REQUEST;
  result->found = result->attempts = result->units = 0;
  if (request->count == 0) return HW_OK;
  // Machines are claimed by calls, one each; what was prepared is only read.
  state *state = (struct state *)(uintptr_t)request->state;
  if (version == HW_RANDOMX_V2 && state->library->commitment == NULL) return HW_LIBRARY_FAILED;
  machine *machine = claim(state, machine_flags(state, version, is_compiled));
  if (machine == NULL) return HW_LIBRARY_FAILED;
  uint8_t work[HW_RANDOMX_WORK_SIZE], hash[HW_RANDOMX_HASH_SIZE];
  memcpy(work, request->work, sizeof work);
  // A program of RandomX changes the rounding of floating-point numbers, which is the caller's.
  fenv_t environment;
  fegetenv(&environment);
  uint32_t nonce = request->first_nonce;
  uint64_t done = 0;
  put_nonce(work, nonce);
  state->library->first(machine->vm, work, sizeof work);
  while (done + 1 < request->count && !hw_is_stopped(request->stop)) {
    put_nonce(work, nonce + 1);
    state->library->next(machine->vm, work, sizeof work, hash);
    // The hash is of the nonce before.
    if (version == HW_RANDOMX_V2) put_nonce(work, nonce);
    commit(state, version, work, sizeof work, hash);
    take(request, result, nonce++, hash);
    done++;
  }
  state->library->last(machine->vm, hash);
  fesetenv(&environment);
  put_nonce(work, nonce);
  commit(state, version, work, sizeof work, hash);
  take(request, result, nonce, hash);
  done++;
  result->attempts = result->units = done;
  give_back(machine);
  return HW_OK;
}

// MARK: Kernels

#define SCAN(version)                                                                              \
  static hw_status scan_compiled_##version(const hw_scan_request *request,                         \
                                           hw_scan_result *result) {                               \
    return scan(request, result, version, 1);                                                      \
  }                                                                                                \
  static hw_status scan_interpreted_##version(const hw_scan_request *request,                      \
                                              hw_scan_result *result) {                            \
    return scan(request, result, version, 0);                                                      \
  }
SCAN(HW_RANDOMX_V1)
SCAN(HW_RANDOMX_V2)

#define PREPARE(slot, memory)                                                                      \
  static hw_status prepare_##slot##_##memory(const hw_prepare_request *request) {                  \
    return prepare(request, slot, memory);                                                         \
  }
PREPARE(HW_RANDOMX_SYSTEM, HW_RANDOMX_HUGE)
PREPARE(HW_RANDOMX_SYSTEM, HW_RANDOMX_ORDINARY)
PREPARE(HW_RANDOMX_SYSTEM, HW_RANDOMX_CACHE)
PREPARE(HW_RANDOMX_NAMED, HW_RANDOMX_HUGE)
PREPARE(HW_RANDOMX_NAMED, HW_RANDOMX_ORDINARY)
PREPARE(HW_RANDOMX_NAMED, HW_RANDOMX_CACHE)

// Calls of some hashes, so that most of them overlap: a call of one costs 5 % of the rate.
#define KERNEL(slot, of, kernel, count, function, memory)                                          \
  {                                                                                                \
      .struct_size = sizeof(hw_kernel),                                                            \
      .abi_version = HW_KERNEL_ABI_VERSION,                                                        \
      .algorithm = (of),                                                                           \
      .name = (kernel),                                                                            \
      .lanes = (count),                                                                            \
      .scan = (function),                                                                          \
      .state_sharing = HW_SHARED_BY_ALL,                                                           \
      .state_size = sizeof(state),                                                                 \
      .state_alignment = 64,                                                                       \
      .prepare = prepare_##slot##_##memory,                                                        \
      .release = release,                                                                          \
  }
#define KERNELS(slot, version, of)                                                                 \
  {KERNEL(slot, of, "librandomx-jit", 4, scan_compiled_##version, HW_RANDOMX_HUGE),                \
   KERNEL(slot, of, "librandomx-jit-4k", 4, scan_compiled_##version, HW_RANDOMX_ORDINARY),         \
   KERNEL(slot, of, "librandomx-interpreter", 1, scan_interpreted_##version, HW_RANDOMX_HUGE),     \
   KERNEL(slot, of, "librandomx-light-jit", 1, scan_compiled_##version, HW_RANDOMX_CACHE)}
enum { kernel_count = 4 };
static const hw_kernel kernels[2][2][kernel_count] = {
    {KERNELS(HW_RANDOMX_SYSTEM, HW_RANDOMX_V1, "randomx"),
     KERNELS(HW_RANDOMX_SYSTEM, HW_RANDOMX_V2, "randomx-v2")},
    {KERNELS(HW_RANDOMX_NAMED, HW_RANDOMX_V1, "randomx"),
     KERNELS(HW_RANDOMX_NAMED, HW_RANDOMX_V2, "randomx-v2")},
};

const hw_kernel *hw_randomx_kernels(hw_randomx_slot slot, hw_randomx_version version,
                                    size_t *count) {
  *count = kernel_count;
  return kernels[slot][version == HW_RANDOMX_V2];
}

hw_randomx_memory hw_randomx_memory_of(size_t index) {
  static const hw_randomx_memory memories[kernel_count] = {HW_RANDOMX_HUGE, HW_RANDOMX_ORDINARY,
                                                           HW_RANDOMX_HUGE, HW_RANDOMX_CACHE};
  return memories[index < kernel_count ? index : 0];
}
