#!/usr/bin/env bash
# Makes the README's pictures of the report and of the leaderboard: Documentation/pictures/*.png.
#
# usage: Scripts/pictures.sh [PROGRAM]     of the results and profiles of the repository
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

program=${1-$build/release/hashwatt}
[ -x "$program" ] || die "$program is not there; run make build first"
browser=$(command -v chromium || command -v google-chrome) || die "Chromium is not installed"
command -v gnuplot >/dev/null 2>&1 || die "gnuplot is not installed"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$program" report results/*-quick-1.json --output "$scratch/report.html"
"$program" site --output "$scratch/site" >/dev/null
mkdir -p Documentation/pictures
# picture NAME PAGE HEIGHT
picture() {
  "$browser" --headless=new --no-sandbox --disable-gpu --hide-scrollbars --force-device-scale-factor=1 \
    --user-data-dir="$scratch/profile" --window-size="1100,$3" --virtual-time-budget=2000 \
    --screenshot="$scratch/$1.png" "file://$2" >/dev/null 2>&1
  [ -s "$scratch/$1.png" ] || die "no picture of $2"
  cp "$scratch/$1.png" "Documentation/pictures/$1.png"
  say "Documentation/pictures/$1.png"
}
picture report "$scratch/report.html" 1000
picture leaderboard "$scratch/site/index.html" 1000
