# shellcheck shell=bash
# Sourced by the scripts that prove the C kernels: how they are compiled outside the package.
# What is defined here is used there.
# shellcheck disable=SC2034,SC2054
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

kernels=$project/Sources/CKernels
harness=$project/Tests/CHarness

# The C compiler that compiles the package: the one of the Swift toolchain, unless CLANG names another.
find_clang() {
  clang=${CLANG-}
  [ -n "$clang" ] || clang=$(dirname "$(readlink -f "$(command -v swift)")")/clang
  [ -x "$clang" ] || die "no clang beside swift; set CLANG to one"
  tools=$(dirname "$(readlink -f "$clang")")
}

# not_run WHAT WHY: for the list at the end of the tests.
not_run() {
  say "NOT RUN: $1: $2"
  [ -z "${HASHWATT_NOT_RUN_LIST-}" ] || say "$1: $2" >>"$HASHWATT_NOT_RUN_LIST"
}

# compile FOLDER FLAGS... -- FILE...: objects of C files below FOLDER, several at a time; only what is out of date.
compile() {
  local folder=$1 flags=() stale=() file object
  shift
  while [ "$1" != -- ]; do
    flags+=("$1")
    shift
  done
  shift
  mkdir -p "$folder"
  local newest
  newest=$(find "$kernels" "$harness" "$project/Benchmarks/kernels" -name '*.h' -newer "$folder/stamp" -print -quit 2>/dev/null || true)
  [ -e "$folder/stamp" ] && [ -z "$newest" ] && [ "$(cat "$folder/stamp")" = "${flags[*]}" ] || rm -f "$folder"/*.o
  printf '%s' "${flags[*]}" >"$folder/stamp"
  for file in "$@"; do
    object=$folder/$(basename "$file" .c).o
    [ "$object" -nt "$file" ] || stale+=("$file")
  done
  [ ${#stale[@]} -gt 0 ] || return 0
  # shellcheck disable=SC2016
  printf '%s\n' "${stale[@]}" |
    xargs -P "$(getconf _NPROCESSORS_ONLN)" -I{} sh -c '
      file=$1; folder=$2; shift 2
      exec "$@" -c "$file" -o "$folder/$(basename "$file" .c).o"' sh {} "$folder" \
      "$clang" -std=c17 -D_GNU_SOURCE -Wall -Wextra -Wstrict-prototypes -Werror \
      -I"$kernels/include" -I"$kernels/common" -I"$kernels" -I"$harness" "${flags[@]}" ||
    die "the kernels do not compile with ${flags[*]}"
}

# The flags that SwiftPM gives to C files of a release build.
release_flags=(-O2 -g -fno-omit-frame-pointer -fPIC)
# Sanitizers: their checks would make unrolled rounds take minutes to compile.
sanitizer_flags=(-O1 -g -DHW_NO_UNROLL -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all)

kernel_files() { find "$kernels" -name '*.c' | sort; }
