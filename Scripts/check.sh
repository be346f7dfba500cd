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

is_wanted() {
  [ ${#wanted[@]} -eq 0 ] || case " ${wanted[*]} " in *" $1 "*) ;; *) return 1 ;; esac
}

# step NAME COMMAND...: runs a command with its output in a log, which is shown when it fails. Its time and that of the processors.
step() {
  local name=$1 log=$logs/$1.log begin=$SECONDS status=0 used
  shift
  is_wanted "$name" || return 0
  # A shell of its own, or the other lane's time would count in the step beside its end.
  (
    TIMEFORMAT='%U %S'
    time "$@" >"$log" 2>&1 </dev/null
  ) 2>"$log.time" || status=$?
  used=$(awk '{ printf "%d", $1 + $2 }' "$log.time")
  rm -f "$log.time"
  count "$name" "$log" "$status"
  if [ "$status" -eq 0 ]; then
    printf 'ok      %-24s %4d s, %4d s of processors\n' "$name" $((SECONDS - begin)) "$used"
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

# A build that nobody edits between is cheaper with each module in one piece, without what debuggers and editors want: a quarter of
# the processors' time. It has a folder of its own, or `swift build` would begin anew after it. (SwiftPM looks for XCTest's classes in the
# index, of which these flags leave the project's own files.)
whole_modules=(-Xswiftc -wmo -Xswiftc -num-threads -Xswiftc 2 -Xswiftc -no-emit-module-separately-wmo
  -Xswiftc -index-ignore-system-modules -Xswiftc -index-ignore-clang-modules)
debug=$build/check-debug
build_debug() {
  swift build "${build_flags[@]}" "${whole_modules[@]}" -debug-info-format none --scratch-path "$debug" --build-tests
}

# sanitize NAME TARGETS: the tests of C and memory, or those of threads; the rest has neither. Their reports want lines.
sanitize() {
  HASHWATT_SANITIZED=1 HASHWATT_TESTS=$2 LSAN_OPTIONS=suppressions=$project/Scripts/leak-suppressions.txt:print_suppressions=0 \
    swift test "${whole_modules[@]}" -Xswiftc -gline-tables-only --disable-xctest --sanitize="$1" --scratch-path "$build/$1"
}

# The debug build's tests, run without `swift test`, whose lock the next build would wait for; one after the other, so that the
# time of each is its own. NO_COLOR: for the counts.
tests() {
  NO_COLOR=1 "$debug/debug/hashwattPackageTests.xctest" --testing-library swift-testing --no-parallel "$@"
}

# The tests that run the built program get the tarball's, which is how it is shipped. They wait more than they compute, so they are
# five processes side by side.
shipped=$build/dist-build/release
packed_program() {
  find "$build/dist" -maxdepth 2 -name hashwatt -type f 2>/dev/null | sed -n 1p | grep . ||
    die "there is no program of the tarball; run: Scripts/dist.sh"
}
test_program() {
  while is_wanted build-debug && kill -0 $$ 2>/dev/null && ! grep -q '^build-debug ' "$outcomes"; do sleep 1; done
  HASHWATT_PROGRAM=$(packed_program) || return
  export HASHWATT_PROGRAM
  local group status=0 number=0 parts=() rest=() groups=(
    '^GPUBackendTests\.' '^ToolTests\.(JournalTests|CalibrateTests|MeteredRunTests)/'
    '^ToolTests\.(ProveJournalTests|StuckKernelTests)/' '^ToolTests\.Prove(Tests|RandomXTests)/'
  )
  for group in "${groups[@]}"; do
    number=$((number + 1))
    tests --filter "$group" >"$logs/test-program.$number" 2>&1 & parts+=($!)
    rest+=(--skip "$group")
  done
  # What none of them names.
  tests --filter '^ToolTests\.' "${rest[@]}" >"$logs/test-program.rest" 2>&1 & parts+=($!)
  for part in "${parts[@]}"; do wait "$part" || status=1; done
  cat "$logs"/test-program.[1-9r]*
  rm "$logs"/test-program.[1-9r]*
  return "$status"
}

# Where most of the time of the tests went; each is a candidate for being done with less.
slowest() {
  say
  say "The slowest tests:"
  cat "$@" 2>/dev/null | sed -nE 's/^. Test (.*) (passed|failed) after ([0-9.]+) seconds.*/\3 \1/p' | sort -rn |
    awk '!/^[0-9.]+ run with / && ++n <= 12 { printf "  %5.1f s  ", $1; $1 = ""; print substr($0, 2, 110) }'
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

# Lanes side by side, each with builds in folders of its own: a build or a test alone leaves a core idle half of the time. The
# longest build is first, because the tests of the built program wait for it.
shipped_lane() {
  step dist Scripts/test-dist.sh
  step instructions Scripts/check-instructions.sh "$shipped"
  step kernel-limits Scripts/check-limits.sh "$shipped/hashwatt"
  step test-program test_program
  step kernels-sanitized Scripts/check-kernels.sh
  step kernels-fuzz Scripts/fuzz-kernels.sh 20
  step kernels-arm64 Scripts/check-kernels-arm64.sh
  step gpu-kernels Scripts/check-gpu-kernels.sh
  step operations Scripts/check-operations.sh
  step format Scripts/format.sh --check
  step schemas Scripts/check-schemas.sh
}
shipped_lane &
lanes=($!)
trap 'kill "${lanes[@]}" 2>/dev/null || true' EXIT

# A third lane, which mostly waits: for a scheduler's clocks, and before that for the tests of the built program, because beside seven
# busy processes its nodes measure nothing that can be compared. Only where the scheduler may be installed for it, or where it is asked for.
slurm() {
  local program
  program=$(packed_program) || return
  Scripts/test-slurm.sh "$program"
}
slurm_lane() {
  local before
  for before in dist test-program; do
    while is_wanted $before && kill -0 $$ 2>/dev/null && ! grep -q "^$before " "$outcomes"; do sleep 1; done
  done
  step slurm slurm
}
if [ -n "${CI-}" ] || [ ${#wanted[@]} -gt 0 ]; then
  slurm_lane &
  lanes+=($!)
fi

step build-debug build_debug

step test-debug tests --skip '^(ToolTests|GPUBackendTests)\.'
# Not beside the debug build's tests: with three lanes at work, what simulates meters and schedulers in real time gets too little of it.
step address-sanitizer sanitize address KernelsTests,CPUBackendTests,MeteringTests,DetectionTests,LinuxSystemTests,StratumBackendTests
step thread-sanitizer sanitize thread CPUBackendTests,MeteringTests,LinuxSystemTests,StratumBackendTests
for lane in "${lanes[@]}"; do wait "$lane" || true; done

# Gets a whole Debian from the network: minutes, and no part of what every change is asked.
if [ ${#wanted[@]} -eq 0 ]; then
  say "the Debian package installed in a fresh root: run 'Scripts/test-deb.sh'" >>"$HASHWATT_NOT_RUN_LIST"
  [ -n "${CI-}" ] ||
    say "fleets on a real Slurm: install slurmctld, slurmd and munge, then run 'Scripts/check.sh slurm'" >>"$HASHWATT_NOT_RUN_LIST"
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
if is_wanted test-debug || is_wanted test-program; then slowest "$logs"/test-debug.log "$logs"/test-program.log; fi
failures=$(awk '$2 != 0 { print $1 }' "$outcomes" | xargs)
passed=$(awk '{ n += $3 } END { print n + 0 }' "$outcomes")
failed=$(awk '{ n += $4 } END { print n + 0 }' "$outcomes")
[ -z "$failures" ] || say "Failed: $failures"
say "$passed passed, $failed failed, $skipped skipped in $((SECONDS - started)) s"
[ "$failed" -eq 0 ]
