#!/usr/bin/env bash
# Validates every file in profiles/ and results/ against the schemas in profiles/schema/.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

validator=$build/venv/bin/check-jsonschema
schemas=(profiles/schema/*.schema.json)
[ -e "${schemas[0]}" ] || die "no schema in profiles/schema"
"$validator" --check-metaschema "${schemas[@]}"

# validate FORMAT FILE...: the newest version is tried by the file's own number.
validate() {
  local kind=$1 file version
  shift
  for file in "$@"; do
    [ -e "$file" ] || continue
    version=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["version"])' "$file")
    "$validator" --schemafile "profiles/schema/$kind-v$version.schema.json" "$file"
  done
}

shopt -s globstar nullglob
profiles=()
for file in profiles/**/*.json; do
  case $file in profiles/schema/*) ;; *) profiles+=("$file") ;; esac
done
results=(results/**/*.json)
[ ${#profiles[@]} -eq 0 ] || validate profile "${profiles[@]}"
[ ${#results[@]} -eq 0 ] || validate result "${results[@]}"
say "${#profiles[@]} profiles and ${#results[@]} results are valid"
