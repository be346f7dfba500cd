# shellcheck shell=bash
# Sourced by every script of this folder: strict mode, the project's folder, messages.
# What is defined here is used there.
# shellcheck disable=SC2034

set -euo pipefail

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$project"

# Where all that is built goes.
build=$project/.build

say() { printf '%s\n' "$*"; }

# One line on standard error, then the end.
die() {
  printf '%s: %s\n' "$(basename "$0" .sh)" "$*" >&2
  exit 1
}

require_swift() {
  command -v swift >/dev/null 2>&1 ||
    die "no Swift toolchain found; install Swift 6.3 or newer from https://www.swift.org/install/linux/ and put it on PATH"
  local version major minor
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | sed -n 1p)
  major=${version%%.*}
  minor=${version##*.}
  if [ -z "$version" ] || [ "$major" -lt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -lt 3 ]; }; then
    die "Swift ${version:-of unknown version} is too old; install 6.3 or newer from https://www.swift.org/install/linux/"
  fi
}

# What every build of the package has in common.
build_flags=(--explicit-target-dependency-import-check error)
