// Proves and measures every shape on one route to a device: probes, all shapes, group sizes, long windows with the board's
// energy. Writes OUT/ROUTE.json and OUT/ROUTE.nvml.csv, and what it did, line by line, to standard output.
//
// usage: measure ROUTE OUT [--images FOLDER] [--device N] [--algorithm NAME] [--shape NAME] [--window SECONDS]
//                [--budget SECONDS] [--prove-only | --measure-only] [--shapes-only] [--all-shapes] [--no-probes]
//                [--compare ROUNDS --groups N,N...]
//        measure list     prints every shape for GPUs: ALGORITHM|SHAPE|DEFINITIONS, with \n for the ends of lines
//   NAME      one shape or several, with commas
//   --compare windows of --window seconds: each shape in turn at each group size, ROUNDS times over, instead of the rest
//   ROUTE   opencl, opencl-vendor, nvrtc or ptx (needs --images: FOLDER/ALGORITHM-SHAPE.ptx)
// Exit code: 0 all proven, 1 a check failed, 2 usage, 3 the route has no device.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hw_gpu_probes.h"
#include "prove.h"
#include "window.h"

typedef struct options {
  const char *route, *out, *images, *algorithm, *shape, *groups;
  unsigned compare;
  size_t device;
  double window, budget;
  bool prove_only, measure_only, shapes_only, all_shapes, no_probes, brief, unchecked;
} options;

/// A shape and the best that was found for it.
typedef struct candidate {
  const hw_gpu_shape *shape;
  hw_gpu_session session;
  bool is_proven;
  uint32_t group, slots;
  uint64_t launch;
  double rate;
} candidate;

enum { maximum_shapes = 64 };

static options opt = {.window = 4, .budget = 120};
static hw_gpu_device *device;
static hw_gpu_facts facts;
static nvml_log *board;
static FILE *json;
static double started;
static unsigned passed, failed;
static bool is_first_record = true;

static double elapsed(void) { return seconds_now() - started; }
static bool in_budget(double share) { return elapsed() < opt.budget * share; }

static void put_text(const char *key, const char *value) {
  fprintf(json, "\"%s\": \"", key);
  for (; *value != '\0'; value++) {
    if (*value == '"' || *value == '\\') fputc('\\', json);
    if ((unsigned char)*value >= 0x20) fputc(*value, json);
  }
  fputs("\", ", json);
}

static void begin_record(const char *kind) {
  fprintf(json, "%s    {", is_first_record ? "" : ",\n");
  is_first_record = false;
  put_text("kind", kind);
}
static void end_record(void) {
  fprintf(json, "\"elapsed_s\": %.3f}", elapsed());
  fflush(json);
}

/// Whether a list with commas, or no list, has this name.
static bool is_listed(const char *list, const char *name) {
  size_t length = strlen(name);
  for (; list != NULL; list = strchr(list, ',') == NULL ? "" : strchr(list, ',') + 1) {
    if (strncmp(list, name, length) == 0 && (list[length] == ',' || list[length] == '\0'))
      return true;
    if (*list == '\0') return false;
  }
  return true;
}

static bool is_wanted(const hw_gpu_shape *shape) {
  // hashwatt itself proves and measures what works on a dataset: the epoch's cache is made there.
  if (hw_gpu_has_dataset(shape)) return false;
  if (!opt.all_shapes && (shape->devices & (facts.is_cpu ? hw_gpu_for_cpu : hw_gpu_for_gpu)) == 0)
    return false;
  if (opt.algorithm != NULL && strcmp(opt.algorithm, shape->algorithm) != 0) return false;
  return is_listed(opt.shape, shape->name);
}

static char *read_file(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return NULL;
  char *bytes = NULL;
  if (fseek(file, 0, SEEK_END) == 0) {
    long length = ftell(file);
    rewind(file);
    bytes = length > 0 ? calloc(1, (size_t)length + 1) : NULL;
    if (bytes != NULL && fread(bytes, 1, (size_t)length, file) != (size_t)length) {
      free(bytes);
      bytes = NULL;
    }
  }
  fclose(file);
  return bytes;
}

/// Nonces of the smallest whole launch: full groups on every unit.
static uint64_t launch_unit(const candidate *c) {
  if (c->shape->gap != 0) return c->slots;
  uint64_t units = facts.compute_units == 0 ? 1 : facts.compute_units;
  return units * c->group * c->shape->item_hashes * 8;
}

static uint64_t largest_launch(const candidate *c) {
  // Between scrypt's kernels: at most 2 GiB a queue.
  return c->shape->gap != 0 ? (UINT64_C(2) << 30) / (hw_gpu_state_words * 4) : UINT64_C(1) << 31;
}

/// As many hashes of scrypt in work as `wanted` and memory allow, a whole number of groups.
static uint32_t allowed_slots(const candidate *c, uint64_t wanted) {
  uint64_t room = hw_gpu_free_memory(device) * 4 / 5 / hw_gpu_session_queues;
  uint64_t buffer = facts.largest_buffer == 0 ? room : facts.largest_buffer;
  uint64_t most = (room < buffer ? room : buffer) / hw_gpu_scratch_per_slot(c->shape);
  uint64_t step = (uint64_t)c->group * c->shape->item_hashes / c->shape->items_per_hash;
  if (wanted > most) wanted = most;
  wanted = wanted / step * step;
  return (uint32_t)(wanted < step ? step : wanted);
}

/// Prepares the buffers and finds the launch that takes 20 ms.
static bool arrange(candidate *c, uint32_t group, uint64_t slots, hw_gpu_error *error) {
  c->group = group;
  if (c->shape->gap != 0) {
    hw_gpu_session_release(&c->session);
    c->slots = allowed_slots(c, slots);
    if (!hw_gpu_session_reserve(&c->session, c->slots, c->slots, group, error)) return false;
    // From the length of one pass over the slots: whole passes.
    uint64_t launch = window_calibrate(&c->session, c->slots, 1e-9, c->slots, error);
    double start = seconds_now();
    const uint32_t *results;
    if (launch == 0 || !hw_gpu_session_scan(&c->session, 0, c->slots, &results, error))
      return false;
    double pass = seconds_now() - start;
    uint64_t passes = (uint64_t)(0.018 / pass + 0.5);
    if (passes < 1) passes = 1;
    while (passes > 1 && passes * c->slots > largest_launch(c)) passes--;
    c->launch = passes * c->slots;
    hw_gpu_session_release(&c->session);
    return hw_gpu_session_reserve(&c->session, c->launch, c->slots, group, error);
  }
  if (!hw_gpu_session_reserve(&c->session, largest_launch(c), 0, group, error)) return false;
  c->launch = window_calibrate(&c->session, launch_unit(c), 0.018, largest_launch(c), error);
  return c->launch != 0;
}

static void put_candidate(const candidate *c) {
  put_text("algorithm", c->shape->algorithm);
  put_text("shape", c->shape->name);
  fprintf(
      json,
      "\"group\": %u, \"slots\": %u, \"launch\": %llu, \"registers\": %u, \"local_bytes\": %u, ",
      c->group, c->slots, (unsigned long long)c->launch, c->session.registers,
      c->session.local_bytes);
}

static bool measure(candidate *c, const char *kind, unsigned queues, uint64_t launch,
                    double seconds, hw_gpu_error *error) {
  window w;
  if (!window_run(&c->session, queues, launch, seconds, &w, error)) return false;
  failed += w.wrong != 0;
  begin_record(kind);
  put_candidate(c);
  fprintf(json,
          "\"queues\": %u, \"launch_used\": %llu, \"launches\": %llu, \"launch_s\": %.6f, "
          "\"seconds\": %.4f, "
          "\"hashes\": %llu, \"rate_per_s\": %.6g, \"idle_share\": %.6f, \"longest_gap_s\": %.6f, "
          "\"candidates\": %llu, \"wrong\": %llu, ",
          queues, (unsigned long long)launch, (unsigned long long)w.launches, w.launch_s,
          w.to - w.from, (unsigned long long)w.hashes, w.rate, w.idle_share, w.longest_gap_s,
          (unsigned long long)w.candidates, (unsigned long long)w.wrong);
  nvml_summary n;
  // The first half second: the counter still shows what was before.
  double watts = 0;
  if (board != NULL && seconds > 1.5 && nvml_log_summary(board, w.from + 0.5, w.to, &n)) {
    if (n.counter_s > 0) watts = n.counter_j / n.counter_s;
    fprintf(json,
            "\"counter_j\": %.3f, \"counter_s\": %.4f, \"power_j\": %.3f, \"power_s\": %.4f, "
            "\"sm_mhz\": %.1f, \"minimum_sm_mhz\": %.0f, \"memory_mhz\": %.0f, \"temperature_c\": "
            "%.1f, "
            "\"throttle_reasons\": \"%llx\", ",
            n.counter_j, n.counter_s, n.power_j, n.power_s, n.mean_sm_mhz, n.minimum_sm_mhz,
            n.mean_memory_mhz, n.mean_temperature, (unsigned long long)n.throttle_reasons);
    printf("  %-9s %-16s %-13s group %4u queues %u %10.4f MH/s  idle %.3f %%  %6.1f W  %.0f MHz  "
           "%.3f MH/J\n",
           kind, c->shape->algorithm, c->shape->name, c->group, queues, w.rate / 1e6,
           w.idle_share * 100, watts, n.mean_sm_mhz, watts > 0 ? w.rate / watts / 1e6 : 0);
  } else {
    printf("  %-9s %-16s %-13s group %4u slots %6u queues %u launch %.1f ms %10.4f MH/s  idle %.3f "
           "%%%s\n",
           kind, c->shape->algorithm, c->shape->name, c->group, c->slots, queues, w.launch_s * 1e3,
           w.rate / 1e6, w.idle_share * 100, w.wrong != 0 ? "  WRONG HASHES" : "");
  }
  end_record();
  fflush(stdout);
  if (w.rate > c->rate) c->rate = w.rate;
  return true;
}

// ---- Probes ----

static bool run_probe(hw_gpu_probes *probes, const hw_gpu_probe *probe, hw_gpu_error *error) {
  double rates[2], from = seconds_now();
  // Long enough for the board's clock to be read.
  if (!hw_gpu_probes_rate(probes, probe, board != NULL ? 0.25 : 0, rates, error)) return false;
  double rate = rates[0] > rates[1] ? rates[0] : rates[1];
  nvml_summary n;
  double mhz =
      board != NULL && nvml_log_summary(board, from, seconds_now(), &n) ? n.mean_sm_mhz : 0;
  uint32_t units = facts.compute_units == 0 ? 1 : facts.compute_units;
  double clock = mhz > 0 ? rate / units / (mhz * 1e6) : 0;
  begin_record("probe");
  put_text("probe", probe->kernel);
  if (probe->is_copy)
    fprintf(json, "\"bytes_per_s\": %.6g, ", rate);
  else
    fprintf(json, "\"operations_per_s\": %.6g, \"sm_mhz\": %.0f, \"per_clock_and_unit\": %.2f, ",
            rate, mhz, clock);
  end_record();
  if (probe->is_copy)
    printf("  %-26s %9.1f GB/s read and written\n", probe->kernel, rate / 1e9);
  else
    printf("  %-26s %9.1f G/s  %7.2f a clock and unit at %.0f MHz\n", probe->kernel, rate / 1e9,
           clock, mhz);
  return true;
}

static bool run_probes(hw_gpu_error *error) {
  char *image = NULL;
  if (opt.images != NULL) {
    char path[512];
    snprintf(path, sizeof path, "%s/probes.ptx", opt.images);
    image = read_file(path);
  }
  hw_gpu_probes probes;
  bool is_done = hw_gpu_probes_open(&probes, device, &facts, image, 1, error);
  free(image);
  size_t count = 0;
  const hw_gpu_probe *list = hw_gpu_probe_list(&count);
  // On a processor an exchange of items takes the probe minutes, and no shape for one has any.
  for (size_t i = 0; is_done && i < count; i++)
    if (!facts.is_cpu || !list[i].is_scalar) is_done = run_probe(&probes, &list[i], error);
  hw_gpu_probes_close(&probes);
  return is_done;
}

// ---- Shapes ----

static void report(const candidate *c, const char *what, const hw_gpu_error *error) {
  printf("  %s/%s: %s: %s %d %.700s\n", c->shape->algorithm, c->shape->name, what, error->function,
         error->code, error->text);
  begin_record("failure");
  put_text("algorithm", c->shape->algorithm);
  put_text("shape", c->shape->name);
  put_text("what", what);
  put_text("function", error->function);
  put_text("text", error->text);
  fprintf(json, "\"code\": %d, ", error->code);
  end_record();
  fflush(stdout);
}

static void prove_shape(candidate *c) {
  hw_gpu_error error;
  memset(&error, 0, sizeof error);
  char *image = NULL;
  if (opt.images != NULL) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s-%s.ptx", opt.images, c->shape->algorithm, c->shape->name);
    image = read_file(path);
    if (image == NULL) {
      printf("  %s/%s: no image %s\n", c->shape->algorithm, c->shape->name, path);
      failed++;
      return;
    }
  }
  bool is_scrypt = c->shape->gap != 0;
  bool is_open =
      hw_gpu_session_open(&c->session, device, &facts, c->shape, image, session_capacity, &error);
  free(image);
  if (!is_open) {
    failed++;
    report(c, "cannot be built", &error);
    return;
  }
  c->group = facts.is_cpu ? 64 : 128;
  // One group with room for the few nonces that a simulation has time for.
  if (opt.brief) c->group = 8 * c->shape->items_per_hash;
  uint32_t slots = is_scrypt ? allowed_slots(c, opt.brief ? 8 : 128) : 0;
  if (!hw_gpu_session_reserve(&c->session, is_scrypt ? 4096 : UINT64_C(1) << 31, slots, c->group,
                              &error)) {
    failed++;
    report(c, "has no memory", &error);
    return;
  }
  if (opt.measure_only) {
    c->is_proven = true;
    hw_gpu_session_release(&c->session);
    return;
  }
  unsigned before = failed;
  double start = seconds_now();
  if (opt.brief) {
    failed += prove_briefly(&c->session, !opt.unchecked, &passed);
    printf("  %-16s %-13s %s\n", c->shape->algorithm, c->shape->name,
           failed != before ? "FAILED"
           : opt.unchecked  ? "ran"
                            : "proven");
    fflush(stdout);
    hw_gpu_session_release(&c->session);
    return;
  }
  failed += prove(&c->session, &passed);
  // A timed size, and so rare a share that all fit.
  bool is_small = facts.compute_units < 8;
  uint64_t size = is_scrypt ? 4096 : is_small ? UINT64_C(1) << 20 : UINT64_C(1) << 26;
  if (is_scrypt && is_small) size = 512;
  failed += rescan(&c->session, size,
                   is_scrypt  ? 2
                   : is_small ? 6
                              : 10,
                   is_scrypt ? 128 : 1 << 16, 99, &passed);
  c->is_proven = failed == before;
  begin_record("proof");
  put_text("algorithm", c->shape->algorithm);
  put_text("shape", c->shape->name);
  fprintf(json,
          "\"is_proven\": %s, \"build_s\": %.3f, \"prove_s\": %.3f, \"registers\": %u, "
          "\"local_bytes\": %u, ",
          c->is_proven ? "true" : "false", c->session.build_seconds, seconds_now() - start,
          c->session.registers, c->session.local_bytes);
  end_record();
  printf("  %-16s %-13s %s  build %.2f s  proof %.2f s  %u registers  %u B local\n",
         c->shape->algorithm, c->shape->name, c->is_proven ? "proven" : "FAILED",
         c->session.build_seconds, seconds_now() - start, c->session.registers,
         c->session.local_bytes);
  fflush(stdout);
  hw_gpu_session_release(&c->session);
}

static uint64_t usual_slots(void) {
  uint64_t units = facts.compute_units == 0 ? 1 : facts.compute_units;
  return facts.is_cpu ? units * 256 : units * 256;
}

static void try_shape(candidate *c, double seconds) {
  hw_gpu_error error;
  if (!c->is_proven) return;
  if (!arrange(c, c->group, usual_slots(), &error) ||
      !measure(c, "shape", hw_gpu_session_queues, c->launch, seconds, &error)) {
    failed++;
    c->is_proven = false;
    report(c, "cannot be measured", &error);
  }
  hw_gpu_session_release(&c->session);
}

/// The best candidate of an algorithm, other than `not_this`.
static candidate *best_of(candidate *all, size_t count, const char *algorithm,
                          const candidate *not_this) {
  candidate *best = NULL;
  for (size_t i = 0; i < count; i++) {
    candidate *c = &all[i];
    if (!c->is_proven || c == not_this || strcmp(c->shape->algorithm, algorithm) != 0) continue;
    if (best == NULL || c->rate > best->rate) best = c;
  }
  return best;
}

/// Group sizes; of scrypt also how many hashes are in work.
static void tune(candidate *c) {
  static const uint32_t groups[] = {64, 128, 256, 512, 1024};
  static const uint32_t slots_a_unit[] = {64, 128, 192, 320, 384, 512};
  hw_gpu_error error;
  uint32_t best_group = c->group;
  uint64_t best_slots = c->slots == 0 ? usual_slots() : c->slots;
  double best = c->rate;
  bool is_scrypt = c->shape->gap != 0;
  size_t tries =
      is_scrypt ? sizeof slots_a_unit / sizeof *slots_a_unit : sizeof groups / sizeof *groups;
  for (size_t i = 0; i < tries && in_budget(0.8); i++) {
    uint32_t group = is_scrypt ? 128 : groups[i];
    uint64_t slots = is_scrypt ? (uint64_t)slots_a_unit[i] * facts.compute_units : 0;
    if (group > facts.maximum_group || (!is_scrypt && group == best_group)) continue;
    c->rate = 0;
    if (arrange(c, group, slots, &error) &&
        measure(c, "tuning", hw_gpu_session_queues, c->launch, 0.3, &error) && c->rate > best) {
      best = c->rate;
      best_group = c->group;
      best_slots = c->slots;
    }
    hw_gpu_session_release(&c->session);
  }
  for (size_t i = 0; is_scrypt && i < sizeof groups / sizeof *groups && in_budget(0.8); i++) {
    if (groups[i] > facts.maximum_group || groups[i] == 128 || groups[i] > 256) continue;
    c->rate = 0;
    if (arrange(c, groups[i], best_slots, &error) &&
        measure(c, "tuning", hw_gpu_session_queues, c->launch, 0.3, &error) && c->rate > best) {
      best = c->rate;
      best_group = groups[i];
    }
    hw_gpu_session_release(&c->session);
  }
  c->rate = best;
  c->group = best_group;
  c->slots = (uint32_t)best_slots;
}

static void final_windows(candidate *c) {
  hw_gpu_error error;
  if (!arrange(c, c->group, c->slots == 0 ? usual_slots() : c->slots, &error)) {
    report(c, "cannot be measured", &error);
    return;
  }
  // Before its figures, the size that is timed is compared with the reference.
  bool is_scrypt = c->shape->gap != 0;
  uint64_t size = c->launch;
  unsigned rarity = is_scrypt ? 4 : 12;
  while (size >> rarity > session_capacity / 2) rarity++;
  failed += rescan(&c->session, size, rarity, is_scrypt ? 256 : 1 << 17, 7, &passed);
  if (!measure(c, "window", hw_gpu_session_queues, c->launch, opt.window, &error) ||
      !measure(c, "window", hw_gpu_session_queues, c->launch, opt.window, &error) ||
      !measure(c, "one-queue", 1, c->launch, 1.0, &error) ||
      (!is_scrypt &&
       !measure(c, "long", 1, c->launch * 8 > largest_launch(c) ? c->launch : c->launch * 8, 2.0,
                &error))) {
    failed++;
    report(c, "cannot be measured", &error);
  }
  hw_gpu_session_release(&c->session);
}

/// Windows of every shape in turn at each listed group size, several times over: what lies between two shapes then lies
/// between windows of the same minute.
static void compare(candidate *all, size_t count) {
  hw_gpu_error error;
  for (unsigned round = 0; round < opt.compare; round++)
    for (const char *groups = opt.groups; groups != NULL;
         groups = strchr(groups, ',') == NULL ? NULL : strchr(groups, ',') + 1)
      for (size_t i = 0; i < count; i++) {
        candidate *c = &all[i];
        uint32_t group = (uint32_t)strtoul(groups, NULL, 10);
        if (!c->is_proven || group == 0 || group > facts.maximum_group) continue;
        if (!arrange(c, group, usual_slots(), &error) ||
            !measure(c, "compare", hw_gpu_session_queues, c->launch, opt.window, &error)) {
          failed++;
          c->is_proven = false;
          report(c, "cannot be measured", &error);
        }
        hw_gpu_session_release(&c->session);
      }
}

/// The best shape of each algorithm, tuned, in long windows.
static void choose(candidate *all, size_t count) {
  static const char *const algorithms[] = {"sha256d", "keccak256", "scrypt-1024-1-1"};
  candidate *best[3];
  for (unsigned i = 0; i < 3; i++) {
    best[i] = best_of(all, count, algorithms[i], NULL);
    if (best[i] == NULL) continue;
    candidate *second = best_of(all, count, algorithms[i], best[i]);
    tune(best[i]);
    if (second != NULL && in_budget(0.6)) tune(second);
    best[i] = best_of(all, count, algorithms[i], NULL);
  }
  for (unsigned i = 0; i < 3; i++)
    if (best[i] != NULL) final_windows(best[i]);
}

static int run(void) {
  hw_gpu_error error;
  if (!opt.no_probes && !run_probes(&error))
    printf("  probes: %s %d %.300s\n", error.function, error.code, error.text);
  size_t total = 0, count = 0;
  const hw_gpu_shape *shapes = hw_gpu_shapes(&total);
  static candidate all[maximum_shapes];
  for (size_t i = 0; i < total && count < maximum_shapes; i++)
    if (is_wanted(&shapes[i])) all[count++].shape = &shapes[i];
  for (size_t i = 0; i < count; i++) prove_shape(&all[i]);
  if (opt.compare > 0) compare(all, count);
  if (!opt.prove_only && opt.compare == 0) {
    // Clocks rise under load; then each shape, and again in the other order.
    for (size_t i = 0; i < count; i++)
      if (all[i].is_proven) {
        try_shape(&all[i], 1.5);
        all[i].rate = 0;
        break;
      }
    for (size_t i = 0; i < count; i++) try_shape(&all[i], 0.3);
    for (size_t i = count; i-- > 0 && in_budget(0.6);) try_shape(&all[i], 0.3);
    if (!opt.shapes_only) choose(all, count);
  }
  for (size_t i = 0; i < count; i++)
    if (all[i].session.program != NULL) hw_gpu_session_close(&all[i].session);
  printf("  %u passed, %u failed, %.1f s\n", passed, failed, elapsed());
  return failed == 0 ? 0 : 1;
}

static bool parse(int argc, char **argv) {
  if (argc < 3) return false;
  opt.route = argv[1];
  opt.out = argv[2];
  for (int i = 3; i < argc; i++) {
    const char *value = i + 1 < argc ? argv[i + 1] : NULL;
    bool *flag = strcmp(argv[i], "--prove-only") == 0     ? &opt.prove_only
                 : strcmp(argv[i], "--measure-only") == 0 ? &opt.measure_only
                 : strcmp(argv[i], "--shapes-only") == 0  ? &opt.shapes_only
                 : strcmp(argv[i], "--all-shapes") == 0   ? &opt.all_shapes
                 : strcmp(argv[i], "--no-probes") == 0    ? &opt.no_probes
                 : strcmp(argv[i], "--brief") == 0        ? &opt.brief
                 : strcmp(argv[i], "--unchecked") == 0    ? &opt.unchecked
                                                          : NULL;
    if (flag != NULL) {
      *flag = true;
      continue;
    }
    if (value == NULL) return false;
    if (strcmp(argv[i], "--images") == 0)
      opt.images = value;
    else if (strcmp(argv[i], "--device") == 0)
      opt.device = strtoul(value, NULL, 10);
    else if (strcmp(argv[i], "--algorithm") == 0)
      opt.algorithm = value;
    else if (strcmp(argv[i], "--shape") == 0)
      opt.shape = value;
    else if (strcmp(argv[i], "--groups") == 0)
      opt.groups = value;
    else if (strcmp(argv[i], "--compare") == 0)
      opt.compare = (unsigned)strtoul(value, NULL, 10);
    else if (strcmp(argv[i], "--window") == 0)
      opt.window = strtod(value, NULL);
    else if (strcmp(argv[i], "--budget") == 0)
      opt.budget = strtod(value, NULL);
    else
      return false;
    i++;
  }
  if (opt.compare > 0 && (opt.groups == NULL || opt.prove_only)) return false;
  if ((opt.brief && !opt.prove_only) || (opt.unchecked && !opt.brief)) return false;
  return strcmp(opt.route, "ptx") != 0 || opt.images != NULL;
}

static int list(void) {
  size_t count = 0;
  const hw_gpu_shape *shapes = hw_gpu_shapes(&count);
  for (size_t i = 0; i < count; i++) {
    if ((shapes[i].devices & hw_gpu_for_gpu) == 0) continue;
    printf("%s|%s|", shapes[i].algorithm, shapes[i].name);
    for (const char *c = shapes[i].definitions; *c != '\0'; c++)
      *c == '\n' ? printf("\\n") : printf("%c", *c);
    printf("\n");
  }
  return 0;
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "list") == 0) return list();
  if (!parse(argc, argv)) {
    fprintf(stderr, "measure: usage: measure opencl|opencl-vendor|nvrtc|ptx OUT [--images FOLDER] "
                    "[--device N] [--algorithm NAME] "
                    "[--shape NAME] [--window SECONDS] [--budget SECONDS] [--prove-only [--brief "
                    "[--unchecked]] | "
                    "--measure-only] [--shapes-only] [--all-shapes] [--no-probes] "
                    "[--compare ROUNDS --groups N,N...]\n");
    return 2;
  }
  started = seconds_now();
  hw_gpu_error error;
  int kind = strcmp(opt.route, "opencl") == 0          ? hw_gpu_opencl
             : strcmp(opt.route, "opencl-vendor") == 0 ? hw_gpu_opencl_vendor
                                                       : hw_gpu_cuda;
  hw_gpu_library *library = hw_gpu_open_library(kind, NULL, &error);
  if (library == NULL || hw_gpu_describe(library, opt.device, &facts, &error) != 0 ||
      (device = hw_gpu_open_device(library, opt.device, &error)) == NULL) {
    printf("%s: not available: %s %d %s\n", opt.route, error.function, error.code, error.text);
    return 3;
  }
  char path[512];
  snprintf(path, sizeof path, "%s/%s.json", opt.out, opt.route);
  json = fopen(path, "w");
  if (json == NULL) {
    fprintf(stderr, "measure: cannot write %s\n", path);
    return 2;
  }
  board = nvml_log_start(facts.pci, 0.05);
  if (board != NULL && facts.driver[0] == '\0')
    nvml_log_driver(board, facts.driver, sizeof facts.driver);
  printf("%s: %s, %s, %s, driver %s, %u units, PCI %s, energy %s\n", opt.route, facts.name,
         facts.platform, facts.version, facts.driver, facts.compute_units,
         facts.pci[0] != '\0' ? facts.pci : "not told", board != NULL ? "by NVML" : "none");
  fprintf(json, "{\n  ");
  put_text("route", opt.route);
  put_text("name", facts.name);
  put_text("platform", facts.platform);
  put_text("version", facts.version);
  put_text("driver", facts.driver);
  put_text("architecture", facts.architecture);
  put_text("pci", facts.pci);
  fprintf(json, "\"units\": %u, \"memory\": %llu, \"watchdog\": %d,\n  \"records\": [\n",
          facts.compute_units, (unsigned long long)facts.memory, facts.has_watchdog);
  int status = run();
  fprintf(json, "\n  ],\n  \"passed\": %u, \"failed\": %u\n}\n", passed, failed);
  fclose(json);
  if (board != NULL) {
    snprintf(path, sizeof path, "%s/%s.nvml.csv", opt.out, opt.route);
    nvml_log_write(board, path);
    nvml_log_stop(board);
  }
  hw_gpu_close_device(device);
  hw_gpu_close_library(library);
  return status;
}
