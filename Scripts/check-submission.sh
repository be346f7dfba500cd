#!/usr/bin/env bash
# Checks the results and profiles that a branch brings, as a collection does before it takes them; prints Markdown.
#
# usage: Scripts/check-submission.sh FOLDER BASE     FOLDER: a work tree; BASE: the commit that it is to go into
# HASHWATT: the program (default: of the release build). Exit code 1 where a file is not to be taken.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

[ $# -eq 2 ] || die "usage: check-submission.sh FOLDER BASE"
hashwatt=$(realpath "${HASHWATT:-$build/release/hashwatt}")
base=$2
cd "$1"

# Results are never edited: whoever has one cited must find these very bytes.
changed=$(git diff --name-only --no-renames --diff-filter=MDT "$base...HEAD" -- results)
if [ -n "$changed" ]; then
  say "Results are never changed or taken away; these are:"
  say
  say "$changed" | sed 's/^/    /'
  exit 1
fi
mapfile -d '' files < <(git diff --name-only -z --no-renames --diff-filter=AM "$base...HEAD" -- \
  'results/*.json' 'results/*.json.gz' 'profiles/*.json' 'profiles/*.json.gz' ':!profiles/schema' ':!profiles/chains')
if [ ${#files[@]} -eq 0 ]; then
  say "No result and no profile is handed in."
  exit 0
fi
exec "$hashwatt" site --check --format markdown -- "${files[@]}"
