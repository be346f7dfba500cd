#!/usr/bin/env bash
# `hashwatt fleet` on a real Slurm of four nodes on this one machine.
#
# usage: Scripts/test-slurm.sh [PROGRAM]     PROGRAM: the built hashwatt (default: of the release build)
# One fleet has a node that works, one whose program fails, one that is killed and one that meets its time limit; then --again.
# Another has names that a shell would act on, and is cancelled by hand.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

not_run() {
  say "NOT RUN: $*"
  [ -z "${HASHWATT_NOT_RUN_LIST-}" ] || say "$*" >>"$HASHWATT_NOT_RUN_LIST"
  exit 0
}

export PATH=$PATH:/usr/sbin
for program in munged slurmctld slurmd sbatch squeue; do
  command -v "$program" >/dev/null || not_run "fleets on a real Slurm: $program is not installed (slurmctld, slurmd, slurm-client, slurm-wlm-basic-plugins, munge)"
done
[ "$(id -u)" -eq 0 ] || not_run "fleets on a real Slurm: a cluster on one machine needs root"

hashwatt=$(realpath "${1:-$build/release/hashwatt}")
folder=$(mktemp -d)
cluster=$folder/slurm
# A restricted machine may let no daemon of another kind run; what it says is shown.
Scripts/slurm-cluster.sh start "$cluster" >"$folder/start.log" 2>&1 ||
  { cat "$folder/start.log"; not_run "fleets on a real Slurm: the cluster did not start on this machine"; }
export SLURM_CONF=$cluster/slurm.conf
trap 'Scripts/slurm-cluster.sh stop "$cluster"; rm -rf "$folder"' EXIT

passed=0
failed=0
# check NAME COMMAND...: one test.
check() {
  local name=$1 begin=$SECONDS
  shift
  if "$@"; then
    passed=$((passed + 1))
    printf 'ok %4d s  %s\n' $((SECONDS - begin)) "$name"
  else
    failed=$((failed + 1))
    say "✘ $name"
    "$hashwatt" fleet status "$fleet" 2>&1 | sed 's/^/    | /' || true
    squeue 2>&1 | sed 's/^/    | /' || true
  fi
}

# answers CODE TEXT COMMAND...: whether the command ends by this code and prints this text.
answers() {
  local code=$1 text=$2 status=0 printed
  shift 2
  printed=$("$@" 2>&1) || status=$?
  [ "$status" -eq "$code" ] && [[ $printed == *"$text"* ]] && return
  printf '    | exit code %s, expected %s with "%s":\n' "$status" "$code" "$text"
  printf '%s\n' "$printed" | sed 's/^/    | /'
  return 1
}

# Waits for a command to succeed, as long as a slow machine may need.
await() {
  local seconds=$1
  shift
  for ((i = 0; i < seconds * 5; i++)); do
    "$@" && return
    sleep 0.2
  done
  return 1
}

# is_so NODE STATE: whether the status has it.
is_so() {
  "$hashwatt" fleet status "$fleet" --format json >"$folder/status.json" || true
  python3 - "$1" "$2" "$folder/status.json" <<'END'
import json, sys
node, state, path = sys.argv[1:]
sys.exit(not any(n["node"] == node and n["state"] == state for n in json.load(open(path))["nodes"]))
END
}

plan=(--algorithm sha256d --kernel portable --threads 1 --warmup 0 --idle 0)
# ends_complete: whether every node has a complete result once what ended early was submitted again, as often as a busy machine
# needs: Slurm's shortest time limit is a minute.
ends_complete() {
  local round
  for round in 1 2 3 4 5; do
    await 90 queue_is_empty || return
    "$hashwatt" fleet status "$fleet" --format json >"$folder/ended.json" && return
    say "round $round ended early"
    "$hashwatt" fleet submit "$fleet" --again || return
  done
  return 1
}
queue_is_empty() { [ -z "$(squeue -h)" ]; }

brief=("${plan[@]}" --window 0.3 --repeats 2)

# What each node does until the file 'mended' is there.
cat >"$folder/program.sh" <<END
#!/bin/sh
mended='$folder/mended'
case \$SLURMD_NODENAME in
  n2) [ -e "\$mended" ] || { echo 'hashwatt: the disk is on fire' >&2; exit 7; } ;;
  n3 | n4)
    if [ ! -e "\$mended" ]; then
      # The same command with windows that last: the challenge and the folders stay.
      for word; do
        shift
        [ "\$word" = 0.3 ] && word=1
        [ "\$word" = 2 ] && word=100
        set -- "\$@" "\$word"
      done
    fi
    ;;
esac
exec '$hashwatt' "\$@"
END
chmod +x "$folder/program.sh"

fleet=$folder/fleet
check "a dry run shows the job and writes nothing" answers 0 "--nodelist=n1" \
  "$hashwatt" fleet submit "$fleet" --nodes 'n[1-4]' --dry-run -- "${brief[@]}"
check "a dry run leaves no folder" test ! -e "$fleet"
check "names that are none are refused" answers 2 "is no node's name" \
  "$hashwatt" fleet submit "$fleet" --nodes 'n1;reboot' -- "${brief[@]}"
check "nodes that Slurm does not know are told of" answers 3 "Invalid node name" \
  "$hashwatt" fleet submit "$folder/unknown" --nodes n9 -- "${brief[@]}"
check "an option that Slurm does not know is told of" answers 3 "sbatch" \
  "$hashwatt" fleet submit "$folder/option" --nodes n1 --option 'no-such-thing=1' -- "${brief[@]}"

check "a fleet is submitted" answers 0 "4 of 4 nodes submitted" \
  "$hashwatt" fleet submit "$fleet" --nodes partition:all --program "$folder/program.sh" --time-limit 1 -- "${brief[@]}"
check "the plan is its owner's alone" test "$(stat -c %a "$fleet/fleet.json")" = 600
check "the node that works is complete" await 40 is_so n1 complete
check "the node whose program fails is failed" await 30 is_so n2 failed
check "its own last line is told" answers 1 "exit code 7:0): hashwatt: the disk is on fire" \
  env COLUMNS=200 "$hashwatt" fleet status "$fleet"
check "the third node runs" await 30 is_so n3 running
# All of the node's processes, as a power cut does: those that could still tell how the job ended go first.
job3=$(squeue -h -w n3 -o %A | sed -n 1p)
steps=$(pgrep -f "^slurmstepd: \[$job3\." | xargs || true)
work=$(for process in $steps; do pgrep -P "$process" || true; done | xargs)
# Lists of numbers, as many words as numbers.
# shellcheck disable=SC2086
kill -KILL "$(cat "$cluster/slurmd-n3.pid")" $steps $work
check "a killed node is down, not forgotten" await 45 is_so n3 node-down
check "the time limit leaves what was measured until then" await 45 is_so n4 partial
check "collect names all that is wrong" answers 1 "1 of 4 nodes verified" \
  "$hashwatt" fleet collect "$fleet" --allow-one-machine

# The node comes back; its job is there still and runs again, mended now.
touch "$folder/mended"
scontrol update nodename=n3 state=resume 2>/dev/null || true
slurmd -N n3 -f "$SLURM_CONF"
check "what is unfinished is submitted again, and nothing else" answers 0 "2 of 2 nodes submitted" \
  "$hashwatt" fleet submit "$fleet" --again
check "every node is complete in the end" ends_complete
check "status says so" answers 0 "4 complete" "$hashwatt" fleet status "$fleet"
check "nothing is left to submit" answers 0 "every node has a complete result" "$hashwatt" fleet submit "$fleet" --again
check "the nodes are compared, and one machine is known to be one" answers 1 "4 nodes are 1 machine" \
  "$hashwatt" fleet collect "$fleet" --gate throughput=-95%
check "a trial on one machine may be" answers 0 "4 of 4 nodes verified" \
  "$hashwatt" fleet collect "$fleet" --gate throughput=-95% --allow-one-machine
cp "$(find "$fleet/results/n1" -name '*.json' | sed -n 1p)" "$fleet/results/n2/copy.json"
check "a copied file counts only for the node whose challenge it has" answers 0 "is counted once" \
  "$hashwatt" fleet collect "$fleet" --gate throughput=-95% --allow-one-machine --format json

fleet="$folder/it's \$(touch $folder/acted) %n;"
check "a folder and an option that a shell would act on are words" answers 0 "1 of 1 node submitted" \
  "$hashwatt" fleet submit "$fleet" --nodes n1 --option "comment=it's \"so\"; touch $folder/acted" -- \
  "${plan[@]}" --window 1 --repeats 100
check "it runs" await 30 is_so n1 running
# Until it measures, there is nothing to keep.
sleep 3
scancel "$(squeue -h -w n1 -o %A)"
check "a cancelled job leaves what was measured until then" await 30 is_so n1 partial
check "no word was acted on" test ! -e "$folder/acted"

say "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
