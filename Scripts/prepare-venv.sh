#!/usr/bin/env bash
# Makes .build/venv with the tools of Scripts/requirements.txt; does nothing when it is there already.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

venv=$build/venv
stamp=$venv/requirements.installed
if [ -e "$stamp" ] && cmp -s Scripts/requirements.txt "$stamp"; then exit 0; fi

say "Installing $(sed -n 's/==.*//p' Scripts/requirements.txt | xargs) into .build/venv"
rm -rf "$venv"
mkdir -p "$build"
python3 -m venv "$venv" || die "python3 cannot make a virtual environment; install python3-venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check --requirement Scripts/requirements.txt ||
  die "pip could not install Scripts/requirements.txt; is PyPI reachable from here?"
cp Scripts/requirements.txt "$stamp"
