// Primitives of the device kernels: the one place that knows a compiler or a vendor. It stands before every kernel file.
//
// Dialects: CUDA C++ (NVRTC), OpenCL C 1.2 on NVIDIA, on AMD and elsewhere, and host C++ (for a stand-in driver).
// Defined by whoever builds a shape (ShapeCatalog of hw_gpu_kernels.h):
//   HW_WIDTH    hashes that one item computes side by side in a vector: 1 on GPUs, 4, 8 or 16 on CPU devices
//   HW_MULTIPLY what goes to the multiplier, 0 nothing: sha256d.cl and keccak256.cl say what more is at each level

#if defined(__CUDACC__)
#define HW_CUDA 1
#elif defined(__OPENCL_VERSION__) || defined(__OPENCL_C_VERSION__)
#define HW_OPENCL 1
#if defined(__NVPTX__) || defined(__NV_CL_C_VERSION)
#define HW_NVIDIA_OPENCL 1
#elif defined(__AMDGCN__)
#define HW_AMD_OPENCL 1
#endif
#else
#define HW_HOST 1
#endif

#ifndef HW_WIDTH
#define HW_WIDTH 1
#endif
#ifndef HW_MULTIPLY
#define HW_MULTIPLY 0
#endif

#define HW_JOIN2(a, b) a##b
#define HW_JOIN(a, b) HW_JOIN2(a, b)

// ---- Language ----
// HW_TABLE: constants read at literal places, which the compiler folds; HW_INDEXED_TABLE: at places it does not know.

#if defined(HW_CUDA)
typedef unsigned int hw_u32;
typedef unsigned long long hw_u64;
typedef uint4 hw_four;
#define HW_KERNEL extern "C" __global__
#define HW_GLOBAL
#define HW_TABLE static __device__ const
#define HW_INDEXED_TABLE static __constant__
#define HW_FUNCTION static __device__ __forceinline__
#define HW_UNROLL _Pragma("unroll")
#define HW_ROLL _Pragma("unroll 1")
#define hw_item() ((hw_u32)(blockIdx.x * blockDim.x + threadIdx.x))
#define hw_increment(p) atomicAdd(p, 1u)
#elif defined(HW_OPENCL)
typedef uint hw_u32;
typedef ulong hw_u64;
typedef uint4 hw_four;
#define HW_KERNEL __kernel
#define HW_GLOBAL __global
#define HW_TABLE __constant
#define HW_INDEXED_TABLE __constant
#define HW_FUNCTION static inline __attribute__((always_inline))
#define HW_UNROLL _Pragma("unroll")
#define HW_ROLL _Pragma("unroll 1")
#define hw_item() ((hw_u32)get_global_id(0))
#define hw_increment(p) atomic_inc(p)
#else
typedef unsigned int hw_u32;
typedef unsigned long long hw_u64;
struct hw_four {
  hw_u32 x, y, z, w;
};
#define HW_KERNEL extern "C"
#define HW_GLOBAL
#define HW_TABLE static const
#define HW_INDEXED_TABLE static const
#define HW_FUNCTION static inline
#define HW_UNROLL
#define HW_ROLL
// Which item runs on this thread: set by the stand-in driver.
extern thread_local hw_u32 hw_host_item;
#define hw_item() hw_host_item
#define hw_increment(p) __atomic_fetch_add(p, 1u, __ATOMIC_RELAXED)
#endif

#if defined(HW_CUDA)
#define HW_ASM asm
#define HW_ASM_VOLATILE asm volatile
#else
#define HW_ASM __asm
#define HW_ASM_VOLATILE __asm volatile
#endif

// ---- Words: 32 bits of each hash of an item ----

#if HW_WIDTH == 1
typedef hw_u32 word;
typedef hw_u64 wide;
#define hw_any(condition) (condition)
#else
typedef HW_JOIN(uint, HW_WIDTH) word;
typedef HW_JOIN(ulong, HW_WIDTH) wide;
#define hw_any(condition) any(condition)
#endif

// The number of each hash of an item within the item.
#if HW_WIDTH == 1
#define hw_lanes() ((word)0)
#elif HW_WIDTH == 4
#define hw_lanes() ((word)(0, 1, 2, 3))
#elif HW_WIDTH == 8
#define hw_lanes() ((word)(0, 1, 2, 3, 4, 5, 6, 7))
#elif HW_WIDTH == 16
#define hw_lanes() ((word)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15))
#endif

/// Rotation to the left by 1 to 31.
#if defined(HW_CUDA)
#define hw_rotate(x, n) __funnelshift_l(x, x, n)
#elif defined(HW_OPENCL)
#define hw_rotate(x, n) rotate((x), (word)(n))
#else
#define hw_rotate(x, n) ((x) << (n) | (x) >> (32 - (n)))
#endif

/// The upper word of `high:low` shifted to the left by 1 to 31.
#if defined(HW_CUDA)
#define hw_funnel(high, low, n) __funnelshift_l(low, high, n)
#elif defined(HW_AMD_OPENCL)
#define hw_funnel(high, low, n) __builtin_amdgcn_alignbit(high, low, 32 - (n))
#else
#define hw_funnel(high, low, n) ((high) << (n) | (low) >> (32 - (n)))
#endif

// Logic of three operands in one instruction. NVIDIA's is asked for by name: a compiler that sees the parts shares them
// between rounds and needs more. The truth table is that of a = 0xf0, b = 0xcc, c = 0xaa.
#if defined(HW_CUDA) || defined(HW_NVIDIA_OPENCL)
#define HW_LOGIC(name, table)                                                                      \
  HW_FUNCTION hw_u32 name(hw_u32 a, hw_u32 b, hw_u32 c) {                                          \
    hw_u32 r;                                                                                      \
    HW_ASM("lop3.b32 %0, %1, %2, %3, " #table ";" : "=r"(r) : "r"(a), "r"(b), "r"(c));             \
    return r;                                                                                      \
  }
HW_LOGIC(hw_choose, 0xca)
HW_LOGIC(hw_majority, 0xe8)
HW_LOGIC(hw_xor3, 0x96)
#elif defined(HW_AMD_OPENCL)
#define HW_LOGIC(name, instruction, x, y, z)                                                       \
  HW_FUNCTION hw_u32 name(hw_u32 a, hw_u32 b, hw_u32 c) {                                          \
    hw_u32 r;                                                                                      \
    HW_ASM(instruction " %0, %1, %2, %3" : "=v"(r) : "v"(x), "v"(y), "v"(z));                      \
    return r;                                                                                      \
  }
HW_LOGIC(hw_choose, "v_bfi_b32", a, b, c)
HW_LOGIC(hw_majority, "v_bfi_b32", a ^ c, b, a)
#if defined(__GFX10__) || defined(__GFX11__) || defined(__GFX12__)
HW_LOGIC(hw_xor3, "v_xor3_b32", a, b, c)
#else
#define hw_xor3(a, b, c) ((a) ^ (b) ^ (c))
#endif
#elif defined(HW_OPENCL)
#define hw_choose(e, f, g) bitselect(g, f, e)
#define hw_majority(a, b, c) bitselect(a, b, (a) ^ (c))
#define hw_xor3(a, b, c) ((a) ^ (b) ^ (c))
#else
#define hw_choose(e, f, g) (((e) & (f)) | (~(e) & (g)))
#define hw_majority(a, b, c) (((a) & (b)) | ((c) & ((a) | (b))))
#define hw_xor3(a, b, c) ((a) ^ (b) ^ (c))
#endif
// hw_choose(e, f, g): bits of f where e is set, of g elsewhere.

/// Bytes in the other order.
HW_FUNCTION word hw_swap(word x) {
#if defined(HW_CUDA)
  return __byte_perm(x, 0, 0x0123);
#else
  return (hw_rotate(x, 8) & 0x00ff00ffu) | (hw_rotate(x, 24) & 0xff00ff00u);
#endif
}

/// `x + y` on the multiplier, which idles while the logic pipe is full. `one` is 1, but the compiler does not know.
#if defined(HW_CUDA) || defined(HW_NVIDIA_OPENCL)
// By name, or a compiler would draw the factor out of a sum.
HW_FUNCTION hw_u32 hw_multiply_add(hw_u32 x, hw_u32 y, hw_u32 one) {
  hw_u32 r;
  HW_ASM("mad.lo.u32 %0, %1, %2, %3;" : "=r"(r) : "r"(x), "r"(one), "r"(y));
  return r;
}
#else
#define hw_multiply_add(x, y, one) ((x) * (one) + (y))
#endif

// ---- Results: a count, then nonces ----

/// Counts one candidate and stores it if there is room.
HW_FUNCTION void hw_append(HW_GLOBAL hw_u32 *results, hw_u32 capacity, hw_u32 nonce) {
  hw_u32 place = hw_increment(results);
  if (place < capacity) results[1 + place] = nonce;
}

/// Appends the nonce of each hash of an item whose top word is small enough and that lies within the launch.
HW_FUNCTION void hw_report(HW_GLOBAL hw_u32 *results, hw_u32 capacity, word top, hw_u32 limit,
                           hw_u32 first, hw_u32 index, hw_u32 count) {
#if HW_WIDTH == 1
  if (top <= limit && index < count) hw_append(results, capacity, first + index);
#else
  if (!any(top <= (word)(limit))) return;
  hw_u32 tops[HW_WIDTH];
  HW_JOIN(vstore, HW_WIDTH)(top, 0, tops);
  for (hw_u32 lane = 0; lane < HW_WIDTH; lane++)
    if (tops[lane] <= limit && index + lane < count)
      hw_append(results, capacity, first + index + lane);
#endif
}

// ---- Four neighbouring items that share one hash ----

// hw_lane_rotate(x, k): `x` of the item k places further among the four, k a literal of 1 to 3.
// hw_share(x, source, width): `x` of the item numbered `source` among `width` of them, 4 or 8; hw_group_lane(width) is an item's own
// number. Every item of the group must come here. Items number themselves from a multiple of four at the start of each group.
#if defined(HW_CUDA)
#define HW_EXCHANGE_DECLARE
#define HW_EXCHANGE_PARAMETER
#define HW_EXCHANGE_ARGUMENT
#define hw_lane() (threadIdx.x & 3u)
#define hw_lane_rotate(value, k) __shfl_sync(0xffffffffu, value, threadIdx.x + (k), 4)
#define hw_lane_first(value) __shfl_sync(0xffffffffu, value, 0, 4)
#define hw_group_lane(width) (threadIdx.x & ((width) - 1u))
#define hw_share(value, source, width) __shfl_sync(0xffffffffu, value, (int)(source), width)
#elif defined(HW_NVIDIA_OPENCL)
#define HW_EXCHANGE_DECLARE
#define HW_EXCHANGE_PARAMETER
#define HW_EXCHANGE_ARGUMENT
#define hw_lane() ((hw_u32)get_local_id(0) & 3u)
HW_FUNCTION hw_u32 hw_shuffle(hw_u32 x, hw_u32 source) {
  hw_u32 r;
  HW_ASM_VOLATILE("shfl.sync.idx.b32 %0, %1, %2, 0x1c1f, 0xffffffff;" : "=r"(r) : "r"(x),
                  "r"(source));
  return r;
}
#define hw_lane_rotate(x, k) hw_shuffle(x, (hw_lane() + (k)) & 3u)
#define hw_lane_first(x) hw_shuffle(x, 0u)
#define hw_group_lane(width) ((hw_u32)get_local_id(0) & ((width) - 1u))
HW_FUNCTION hw_u32 hw_share(hw_u32 x, hw_u32 source, hw_u32 width) {
  hw_u32 r;
  // What may not differ within a group of lanes, then what an index is cut to.
  HW_ASM_VOLATILE("shfl.sync.idx.b32 %0, %1, %2, %3, 0xffffffff;" : "=r"(r) : "r"(x), "r"(source),
                  "r"((32u - width) << 8 | 0x1fu));
  return r;
}
#elif defined(HW_AMD_OPENCL)
#define HW_EXCHANGE_DECLARE
#define HW_EXCHANGE_PARAMETER
#define HW_EXCHANGE_ARGUMENT
#define hw_lane() ((hw_u32)get_local_id(0) & 3u)
// quad_perm of data-parallel primitives: two bits name the source of each of the four.
#define hw_quad_permute(x, control)                                                                \
  ((hw_u32)__builtin_amdgcn_update_dpp(0, (int)(x), control, 0xf, 0xf, 1))
#define hw_lane_rotate(x, k) hw_quad_permute(x, (k) == 1 ? 0x39 : (k) == 2 ? 0x4e : 0x93)
#define hw_lane_first(x) hw_quad_permute(x, 0x00)
#define hw_group_lane(width) ((hw_u32)get_local_id(0) & ((width) - 1u))
// By the byte address of a lane, of which the wave takes what it has.
#define hw_share(x, source, width)                                                                 \
  ((hw_u32)__builtin_amdgcn_ds_bpermute(                                                           \
      (int)((((hw_u32)get_local_id(0) & ~((width) - 1u)) | (source)) << 2), (int)(x)))
#elif defined(HW_OPENCL)
// No lane exchange in OpenCL 1.2: through local memory.
#define HW_MAXIMUM_GROUP 256
#define HW_EXCHANGE_DECLARE __local hw_u32 hw_exchange[HW_MAXIMUM_GROUP];
#define HW_EXCHANGE_PARAMETER , __local hw_u32 *hw_exchange
#define HW_EXCHANGE_ARGUMENT , hw_exchange
#define hw_lane() ((hw_u32)get_local_id(0) & 3u)
HW_FUNCTION hw_u32 hw_exchange_from(hw_u32 x, hw_u32 source HW_EXCHANGE_PARAMETER) {
  hw_u32 self = (hw_u32)get_local_id(0);
  hw_exchange[self] = x;
  barrier(CLK_LOCAL_MEM_FENCE);
  hw_u32 r = hw_exchange[(self & ~3u) | source];
  barrier(CLK_LOCAL_MEM_FENCE);
  return r;
}
#define hw_lane_rotate(x, k) hw_exchange_from(x, (hw_lane() + (k)) & 3u HW_EXCHANGE_ARGUMENT)
#define hw_lane_first(x) hw_exchange_from(x, 0u HW_EXCHANGE_ARGUMENT)
#define hw_group_lane(width) ((hw_u32)get_local_id(0) & ((width) - 1u))
HW_FUNCTION hw_u32 hw_share_from(hw_u32 x, hw_u32 source, hw_u32 width HW_EXCHANGE_PARAMETER) {
  hw_u32 self = (hw_u32)get_local_id(0);
  hw_exchange[self] = x;
  barrier(CLK_LOCAL_MEM_FENCE);
  hw_u32 r = hw_exchange[(self & ~(width - 1u)) | source];
  barrier(CLK_LOCAL_MEM_FENCE);
  return r;
}
#define hw_share(x, source, width) hw_share_from(x, source, width HW_EXCHANGE_ARGUMENT)
#else
#define HW_EXCHANGE_DECLARE
#define HW_EXCHANGE_PARAMETER
#define HW_EXCHANGE_ARGUMENT
#endif
