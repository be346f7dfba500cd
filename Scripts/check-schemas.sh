#!/usr/bin/env bash
# Validates every file in profiles/, results/ and Documentation/examples/ against the schemas in profiles/schema/, and the
# workflow and the templates of issues against those of the code host.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

validator=$build/venv/bin/check-jsonschema
schemas=(profiles/schema/*.schema.json)
[ -e "${schemas[0]}" ] || die "no schema in profiles/schema"
"$validator" --check-metaschema "${schemas[@]}"

"$validator" --builtin-schema vendor.github-workflows .github/workflows/*.yml
"$validator" --builtin-schema custom.github-workflows-require-timeout .github/workflows/*.yml
"$validator" --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
for form in .github/ISSUE_TEMPLATE/*.yml; do
  case $form in */config.yml) ;; *) "$validator" --builtin-schema vendor.github-issue-forms "$form" ;; esac
done

# validate FORMAT FILE...: against the schema of the file's own version, one call for each version.
validate() {
  local kind=$1 version
  shift
  python3 -c 'import json, sys
for name in sys.argv[1:]:
    print(json.load(open(name, encoding="utf-8"))["version"], name)' "$@" >"$build/schema-versions"
  local versions
  mapfile -t versions < <(cut -d " " -f 1 "$build/schema-versions" | sort -u)
  for version in "${versions[@]}"; do
    sed -n "s/^$version //p" "$build/schema-versions" |
      xargs -d '\n' "$validator" --schemafile "profiles/schema/$kind-v$version.schema.json"
  done
}

shopt -s globstar nullglob
profiles=()
for file in profiles/**/*.json; do
  case $file in profiles/schema/* | profiles/chains/*) ;; *) profiles+=("$file") ;; esac
done
validate chain profiles/chains/*.json
results=(results/**/*.json)
[ ${#profiles[@]} -eq 0 ] || validate profile "${profiles[@]}"
[ ${#results[@]} -eq 0 ] || validate result "${results[@]}"

# Each example says by its format which schema is its own.
declare -A examples=()
while read -r kind file; do
  examples[$kind]+="$file"$'\n'
done < <(python3 -c 'import json, sys
for name in sys.argv[1:]:
    print(json.load(open(name, encoding="utf-8"))["format"].removeprefix("hashwatt-"), name)' \
  Documentation/examples/*.json Documentation/examples/four-nodes/fleet.json Documentation/examples/four-nodes/results/*/*.json)
count=0
for kind in "${!examples[@]}"; do
  mapfile -t files < <(printf '%s' "${examples[$kind]}")
  validate "$kind" "${files[@]}"
  count=$((count + ${#files[@]}))
done
say "${#profiles[@]} profiles, ${#results[@]} results and $count examples are valid"
