#!/usr/bin/env bash
# Formats all sources in place (make format), or checks them: Scripts/format.sh --check
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

require_swift
Scripts/prepare-venv.sh
swift_paths=(Package.swift Sources Tests)
mapfile -t c_files < <(git ls-files -co --exclude-standard -- '*.c' '*.h' | while read -r file; do
  [ -e "$file" ] && printf '%s\n' "$file"
done)
mapfile -t shell_files < <(git ls-files -co --exclude-standard -- '*.sh' '*.bash' .ci/run | grep -v /Snapshots/)
clang_format=$build/venv/bin/clang-format

if [ "${1-}" = --check ]; then
  swift format lint --strict --recursive "${swift_paths[@]}"
  bad=()
  for file in "${c_files[@]}"; do
    "$clang_format" --dry-run -Werror "$file" 2>/dev/null || bad+=("$file")
  done
  [ ${#bad[@]} -eq 0 ] || die "not formatted, run make format: ${bad[*]}"
  "$build/venv/bin/shellcheck" --external-sources --source-path=SCRIPTDIR "${shell_files[@]}"
else
  swift format format --in-place --recursive "${swift_paths[@]}"
  "$clang_format" -i "${c_files[@]}"
fi
