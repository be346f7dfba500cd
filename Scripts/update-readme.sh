#!/usr/bin/env bash
# Puts what the program printed into README.md, so that its numbers are real ones.
#
# usage: make --silent run | Scripts/update-readme.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

output=$(cat)
case $output in
  *"result: "*) ;;
  *) die "standard input is not the output of make run" ;;
esac
# The part between the two marks is replaced, everything else stays.
OUTPUT=$output awk '
  /<!-- output: begin -->/ { print; printf "```\n$ make run\n%s\n```\n", ENVIRON["OUTPUT"]; skipping = 1; next }
  /<!-- output: end -->/ { skipping = 0 }
  !skipping { print }
' README.md >"$build/README.md"
cp "$build/README.md" README.md
