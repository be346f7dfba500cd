#!/usr/bin/env bash
# Compiles every GPU shape and the probes to PTX with Debian's clang 16 and libclc: Benchmarks/gpu/ptx.sh FOLDER [WORD]
# The PTX is for sm_50 and of ISA 6.0, which every driver of the last years takes.
source "$(dirname "${BASH_SOURCE[0]}")/../../Scripts/common.sh"

folder=${1:?usage: Benchmarks/gpu/ptx.sh FOLDER [WORD]}
clang=${CLANG16-clang-16}
library=/usr/lib/clc/nvptx64--nvidiacl.bc
command -v "$clang" >/dev/null 2>&1 || die "no $clang; apt-get install clang-16 libclc-16"
[ -e "$library" ] || die "no $library; apt-get install libclc-16"
sources=$project/Sources/CGPUKernels
mkdir -p "$folder"
Benchmarks/gpu/build.sh "$build/gpu/measure"

# compile NAME DEFINITIONS FILE...
compile() {
  local name=$1 definitions=$2
  shift 2
  { printf '%b' "$definitions"; cat "${@/#/$sources/}"; } |
    "$clang" -x cl -cl-std=CL1.2 -O3 --target=nvptx64-unknown-nvidiacl -Xclang -target-cpu -Xclang sm_50 \
      -Xclang -target-feature -Xclang +ptx60 -Xclang -mlink-builtin-bitcode -Xclang "$library" \
      -Xclang -finclude-default-header -S - -o "$folder/$name.ptx"
}

# The shapes are those of the catalogue; a second argument is what a name must contain.
while IFS='|' read -r algorithm shape definitions; do
  case $algorithm in
    keccak256) files=(hw_gpu.h keccak256.cl) ;;
    sha256d) files=(hw_gpu.h sha256.cl sha256d.cl) ;;
    etchash*) files=(hw_gpu.h etchash.cl) ;;
    *) files=(hw_gpu.h sha256.cl scrypt.cl) ;;
  esac
  case $algorithm-$shape in *"${2-}"*) compile "$algorithm-$shape" "$definitions" "${files[@]}" ;; esac
done < <("$build/gpu/measure" list)
compile probes '' hw_gpu.h probes.cl
say "$(find "$folder" -name '*.ptx' | wc -l) images in $folder"
