#include "hw_scan.h"

hw_status hw_scan_begin(const hw_scan_request *request, hw_scan_result *result,
                        uint64_t scratch_size, uint32_t scratch_alignment) {
  if (result->struct_size < sizeof *result || request->struct_size < sizeof *request)
    return HW_BAD_REQUEST;
  result->reserved = 0;
  result->found = 0;
  result->attempts = 0;
  result->units = 0;
  if (request->count > UINT64_C(1) << 32) return HW_BAD_REQUEST;
  if (request->work == NULL || request->target == NULL) return HW_BAD_REQUEST;
  if (request->work_size != HW_HEADER_SIZE || request->record_size != sizeof(uint32_t))
    return HW_BAD_REQUEST;
  if (request->records == NULL && request->capacity != 0) return HW_BAD_REQUEST;
  if (scratch_size != 0) {
    if (request->scratch == NULL || request->scratch_size < scratch_size) return HW_BAD_REQUEST;
    if ((uintptr_t)request->scratch % scratch_alignment != 0) return HW_BAD_REQUEST;
  }
  result->attempts = request->count;
  result->units = request->count;
  return HW_OK;
}

void hw_scan_report(const hw_scan_request *request, hw_scan_result *result, uint32_t nonce) {
  // Beyond the capacity there is no record to point to; with none, not even an array.
  if (result->found < request->capacity)
    hw_store_le32((uint8_t *)request->records + sizeof nonce * result->found, nonce);
  result->found++;
}

bool hw_meets_target(const uint8_t *hash, const uint8_t *target) {
  for (unsigned i = HW_TARGET_SIZE; i-- > 0;)
    if (hash[i] != target[i]) return hash[i] < target[i];
  return true;
}
