// An algorithm that exists in tests only, of a shape that is prepared: the value is four FNV-1a sums (Fowler, Noll, Vo) over a
// state that follows from a key of 32 bytes, and the 44 bytes of the work, whose nonce lies at byte 12.

#include "hw_kernel.h"

enum { KEY = 32, WORK = 44, NONCE = 12, PARTS_DONE = KEY, STATE = KEY + 1 };

static hw_status prepare(const hw_prepare_request *request) {
  uint8_t *state = request->state;
  if (request->struct_size < sizeof *request || request->key_size != KEY ||
      request->state_size != STATE)
    return HW_BAD_REQUEST;
  for (uint32_t i = request->part; i < KEY; i += request->parts) state[i] = request->key[i] ^ 0x5c;
  __atomic_fetch_add(&state[PARTS_DONE], 1, __ATOMIC_RELAXED);
  return HW_OK;
}

/// How many states were given back.
uint32_t keyed_released;

static void release(void *state) {
  (void)state;
  __atomic_fetch_add(&keyed_released, 1, __ATOMIC_RELAXED);
}

static hw_status scan(const hw_scan_request *request, hw_scan_result *result) {
  const uint8_t *state = request->state;
  if (request->work_size != WORK || request->record_size != 4 || state == NULL ||
      state[PARTS_DONE] == 0)
    return HW_BAD_REQUEST;
  uint8_t work[WORK];
  for (int i = 0; i < WORK; i++) work[i] = request->work[i];
  result->found = result->attempts = 0;
  while (result->attempts < request->count && !hw_is_stopped(request->stop)) {
    uint32_t nonce = request->first_nonce + (uint32_t)result->attempts;
    for (int i = 0; i < 4; i++) work[NONCE + i] = (uint8_t)(nonce >> (8 * i));
    uint8_t value[32];
    for (uint64_t part = 0; part < 4; part++) {
      uint64_t sum = UINT64_C(0xcbf29ce484222325) + part;
      for (int i = 0; i < KEY; i++) sum = (sum ^ state[i]) * UINT64_C(0x100000001b3);
      for (int i = 0; i < WORK; i++) sum = (sum ^ work[i]) * UINT64_C(0x100000001b3);
      for (int i = 0; i < 8; i++) value[8 * part + i] = (uint8_t)(sum >> (8 * i));
    }
    int meets = 1;
    for (int i = 31; i >= 0; i--)
      if (value[i] != request->target[i]) {
        meets = value[i] < request->target[i];
        break;
      }
    if (meets) {
      uint8_t *record = (uint8_t *)request->records + 4 * result->found;
      if (result->found < request->capacity)
        for (int i = 0; i < 4; i++) record[i] = (uint8_t)(nonce >> (8 * i));
      result->found++;
    }
    result->attempts++;
  }
  result->units = result->attempts;
  return HW_OK;
}

#ifndef SHARING
#define SHARING HW_SHARED_BY_ALL
#endif

static const hw_kernel kernels[] = {{
    .struct_size = sizeof(hw_kernel),
    .abi_version = HW_KERNEL_ABI_VERSION,
    .algorithm = "keyed-test",
    .name = "c",
    .lanes = 1,
    .scan = scan,
    .state_sharing = SHARING,
    .state_size = STATE,
#ifndef NO_PREPARE
    .prepare = prepare,
#endif
    .release = release,
}};

static const hw_plugin plugin = {
    .struct_size = sizeof(hw_plugin),
    .abi_version = HW_KERNEL_ABI_VERSION,
    .kernel_count = 1,
    .kernels = kernels,
};

const hw_plugin *hw_plugin_entry(void) { return &plugin; }
