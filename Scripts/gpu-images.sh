#!/usr/bin/env bash
# Compiles the kernels for NVIDIA cards to PTX, for the next build to carry: Scripts/gpu-images.sh
# Without Debian's clang-16 and libclc-16 the build carries none, which `hashwatt doctor` says.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

folder=$build/gpu/images
if ! command -v "${CLANG16-clang-16}" >/dev/null 2>&1 || [ ! -e /usr/lib/clc/nvptx64--nvidiacl.bc ]; then
  say "No clang-16 with libclc-16: this build carries no PTX, and needs NVRTC or OpenCL on the measured machine."
  exit 0
fi
stamp=$(cat Sources/CGPUKernels/*.cl Sources/CGPUKernels/*.h Sources/CGPUKernels/shapes.c Benchmarks/gpu/ptx.sh | sha256sum)
[ "$(cat "$folder/stamp" 2>/dev/null)" != "$stamp" ] || exit 0

rm -rf "$folder"
# The program that lists the shapes is built without any image.
Benchmarks/gpu/ptx.sh "$folder" >/dev/null
list=$folder/hw_gpu_images.h
: >"$list.new"
number=0
table=
list_shapes() { "$build/gpu/measure" list && say 'probes||'; }
while IFS='|' read -r algorithm shape _; do
  file=$algorithm${shape:+-$shape}.ptx
  [ -s "$folder/$file" ] || continue
  printf 'static const char image_%d[] = {\n#embed "%s"\n    , 0};\n' "$number" "$file" >>"$list.new"
  table+="    {\"$algorithm\", \"$shape\", image_$number},"$'\n'
  number=$((number + 1))
done < <(list_shapes)
printf 'static const image images[] = {\n%s    {NULL, NULL, NULL}};\n' "$table" >>"$list.new"
mv "$list.new" "$list"
# A build does not know that a file which was not there is there now.
touch Sources/CGPUKernels/images.c
say "$stamp" >"$folder/stamp"
say "$number kernels as PTX in ${folder#"$project"/}"
