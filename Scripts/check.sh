#!/usr/bin/env bash
# Everything that `make test` and continuous integration check, step by step; goes on after a failed step.
#
# usage: Scripts/check.sh [STEP]...     with names of steps, only those
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

wanted=("$@")
logs=$build/check
rm -rf "$logs"
mkdir -p "$logs"
export HASHWATT_NOT_RUN_LIST=$logs/not-run
: >"$HASHWATT_NOT_RUN_LIST"

# One line for each step that has ended: its name, its status, how many tests passed and how many failed.
outcomes=$logs/outcomes
: >"$outcomes"
started=$SECONDS

# Writes down the tests that `swift test` or a script counted in a log; a step without any counts as one check.
count() {
  local name=$1 log=$2 status=$3 tests bad
  tests=$(sed -nE -e 's/.*Test run with ([0-9]+) tests? in .*/\1/p' -e 's/.*\b([0-9]+) passed, [0-9]+ failed.*/\1/p' "$log" |
    awk '{ n += $1 } END { print n + 0 }')
  bad=$(grep -cE '^✘ Test .* failed after' "$log" || true)
  if [ "$status" -eq 0 ]; then
    say "$name 0 $((tests > 0 ? tests : 1)) 0" >>"$outcomes"
  else
    [ "$bad" -gt 0 ] || bad=1
    say "$name $status $((tests > bad ? tests - bad : 0)) $bad" >>"$outcomes"
  fi
}

# step NAME COMMAND...: runs a command with its output in a log, which is shown when it fails.
step() {
  local name=$1 log=$logs/$1.log begin=$SECONDS status=0
  shift
  if [ ${#wanted[@]} -gt 0 ]; then
    case " ${wanted[*]} " in *" $name "*) ;; *) return 0 ;; esac
  fi
  "$@" >"$log" 2>&1 </dev/null || status=$?
  count "$name" "$log" "$status"
  if [ "$status" -eq 0 ]; then
    printf 'ok      %-24s %4d s\n' "$name" $((SECONDS - begin))
    return
  fi
  # In one piece: the other lane prints too. What went wrong first, then how it ended.
  local ending
  ending=$({ grep -E -A 2 'error:|recorded an issue' "$log" | head -n 60 || true; tail -n 12 "$log"; } |
    awk '!seen[$0]++' | sed 's/^/    | /')
  printf 'FAILED  %-24s %4d s   exit %d, whole output in %s\n%s\n' "$name" $((SECONDS - begin)) "$status" \
    "${log#"$project"/}" "$ending"
}

machine_facts() {
  say "compiler   $(swift --version 2>/dev/null | sed -n 1p)"
  say "kernel     $(uname -srm)"
  say "system     $(. /etc/os-release 2>/dev/null && say "${PRETTY_NAME-unknown}")"
  say "processor  $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | sed -n 1p) x $(getconf _NPROCESSORS_ONLN)"
  local feature present=()
  for feature in avx2 avx512f sha_ni asimd sha2 sha3; do
    grep -qw -m 1 "$feature" /proc/cpuinfo && present+=("$feature")
  done
  say "features   ${present[*]:-none of avx2 avx512f sha_ni asimd sha2 sha3}"
  local energy
  energy=$(find -L /sys/class/powercap -maxdepth 2 -name energy_uj 2>/dev/null | sed -n 1p || true)
  if [ -z "$energy" ]; then
    say "energy     no powercap energy counter (RAPL) on this machine"
  elif head -c 1 "$energy" >/dev/null 2>&1; then
    say "energy     RAPL readable ($energy)"
  else
    say "energy     RAPL present but not readable by this user ($energy)"
  fi
}

swift_build() { swift build "${build_flags[@]}" "$@"; }

# sanitize NAME TARGETS: the tests of C and memory, or those of threads; the rest has neither.
sanitize() {
  HASHWATT_TESTS=$2 LSAN_OPTIONS=suppressions=$project/Scripts/leak-suppressions.txt:print_suppressions=0 \
    swift test "${build_flags[@]}" --sanitize="$1" --scratch-path "$build/$1"
}

# optimized build|test: the tests of what the optimizer can change, the kernels and their backend, and of the built program.
optimized() {
  export HASHWATT_TESTS=KernelsTests,CPUBackendTests,ToolTests
  case $1 in
    build) swift_build -c release --build-tests ;;
    test) swift test "${build_flags[@]}" -c release --skip-build ;;
  esac
}

machine_facts
Scripts/install-dependencies.sh test
# Continuous integration wants every comparison; a person is asked nothing and told at the end.
if [ -n "${CI-}" ]; then
  Scripts/install-dependencies.sh extras || say "some comparison tools could not be installed; their tests are listed below"
fi
Scripts/prepare-venv.sh
export PATH=$build/venv/bin:$PATH
say

# Both lanes compile them, so they are made before either begins.
step gpu-images Scripts/gpu-images.sh

# Two lanes side by side: these builds lie in folders of their own, and a build or a test alone leaves a core idle half of the time.
apart() {
  step address-sanitizer sanitize address KernelsTests,CPUBackendTests,MeteringTests,DetectionTests,LinuxSystemTests,StratumBackendTests
  step thread-sanitizer sanitize thread CPUBackendTests,MeteringTests,LinuxSystemTests,StratumBackendTests
  step dist Scripts/test-dist.sh
}
apart &
lane=$!
trap 'kill "$lane" 2>/dev/null || true' EXIT

step format Scripts/format.sh --check
step build-debug swift_build --build-tests
# The built program is asked as it is shipped, by the optimized build. Towards their end these tests wait more than they compute, so the
# next build begins meanwhile; they are not run by `swift test`, whose lock that build would wait for.
tests=$build/debug/hashwattPackageTests.xctest
step test-debug env NO_COLOR=1 "$tests" --testing-library swift-testing --skip '^ToolTests\.' &
debug=$!
step build-release optimized build
wait "$debug" || true
step test-release optimized test
step instructions Scripts/check-instructions.sh
step kernel-limits Scripts/check-limits.sh
step schemas Scripts/check-schemas.sh
step kernels-sanitized Scripts/check-kernels.sh
step kernels-fuzz Scripts/fuzz-kernels.sh 20
step kernels-arm64 Scripts/check-kernels-arm64.sh
step gpu-kernels Scripts/check-gpu-kernels.sh
[ ! -e Scripts/check-operations.sh ] || step operations Scripts/check-operations.sh
wait "$lane" || true
# Takes the clocks of a scheduler as they are, minutes of them, so it is run when it is asked for.
[ ${#wanted[@]} -eq 0 ] || step slurm Scripts/test-slurm.sh "$build/release/hashwatt"

# Gets a whole Debian from the network: minutes, and no part of what every change is asked.
if [ ${#wanted[@]} -eq 0 ]; then
  say "the Debian package installed in a fresh root: run 'Scripts/test-deb.sh'" >>"$HASHWATT_NOT_RUN_LIST"
  say "a fleet on a real Slurm: run 'Scripts/check.sh slurm' after 'make test'" >>"$HASHWATT_NOT_RUN_LIST"
fi
# Tests run several times (debug, release, sanitizers): one line each.
sort -u -o "$HASHWATT_NOT_RUN_LIST" "$HASHWATT_NOT_RUN_LIST"
skipped=$(wc -l <"$HASHWATT_NOT_RUN_LIST")
say
if [ "$skipped" -gt 0 ]; then
  say "Not run here:"
  sed 's/^/  /' "$HASHWATT_NOT_RUN_LIST"
  say
fi
failures=$(awk '$2 != 0 { print $1 }' "$outcomes" | xargs)
passed=$(awk '{ n += $3 } END { print n + 0 }' "$outcomes")
failed=$(awk '{ n += $4 } END { print n + 0 }' "$outcomes")
[ -z "$failures" ] || say "Failed: $failures"
say "$passed passed, $failed failed, $skipped skipped in $((SECONDS - started)) s"
[ "$failed" -eq 0 ]
