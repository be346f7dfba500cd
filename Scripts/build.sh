#!/usr/bin/env bash
# Builds the program: Scripts/build.sh debug|release
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

configuration=${1:-release}
require_swift
# Quiet while it works; the whole output when it does not.
mkdir -p "$build"
log=$build/build-$configuration.log
Scripts/gpu-images.sh >"$build/gpu-images.log" 2>&1 || { cat "$build/gpu-images.log" >&2; die "the GPU kernels do not compile to PTX"; }
[ -x "$build/$configuration/hashwatt" ] || say "Building hashwatt ($configuration); the first time takes some minutes."
swift build "${build_flags[@]}" -c "$configuration" --product hashwatt >"$log" 2>&1 || {
  cat "$log" >&2
  die "the build failed"
}
