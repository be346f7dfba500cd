#!/usr/bin/env bash
# `hashwatt fleet` on a real Slurm of 48 nodes on this one machine.
#
# usage: Scripts/test-slurm.sh [PROGRAM]     PROGRAM: the built hashwatt (default: of the release build)
# Six fleets are there at once, so that their waiting is shared: four sisters of which one fails, one is killed and one is slow, then
# --again; a time limit; a cable that is cut and mended; a job that is preempted; 40 nodes in racks; names that a shell would act on.
# Each step waits for what must have happened before it, never for a time: a busy machine makes it longer and nothing else. What is
# measured is paced by the clock (Tests/ToolTests/Plugins/paced.c), so a rate is the same on a busy machine.
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
[ -x "$hashwatt" ] || die "$hashwatt is no program; build it with make build"
folder=$(mktemp -d)
cluster=$folder/slurm
step6=''
# What was stopped could not end.
clean_up() {
  # shellcheck disable=SC2086
  [ -z "$step6" ] || kill -CONT $step6 2>/dev/null || true
  Scripts/slurm-cluster.sh stop "$cluster"
  rm -rf "$folder"
}
trap clean_up EXIT
# A restricted machine may let no daemon of another kind run; what it says is shown.
Scripts/slurm-cluster.sh start "$cluster" 48 >"$folder/start.log" 2>&1 ||
  { cat "$folder/start.log"; not_run "fleets on a real Slurm: the cluster did not start on this machine"; }
export SLURM_CONF=$cluster/slurm.conf
say "      $SECONDS s  48 nodes are idle"

paced=$folder/paced.so
cc -std=c17 -O2 -Wall -Wextra -shared -fPIC -I Sources/CKernels/include -o "$paced" Tests/ToolTests/Plugins/paced.c

passed=0
failed=0
fleet=''
# check NAME COMMAND...: one test.
check() {
  local name=$1 begin=$SECONDS
  shift
  if "$@"; then
    passed=$((passed + 1))
    printf 'ok %4d s  %s\n' $((SECONDS - begin)) "$name"
  else
    failed=$((failed + 1))
    say "✘ $name, after $((SECONDS - begin)) s"
    "$hashwatt" fleet status "$fleet" 2>&1 | sed 's/^/    | /' || true
    timeout 20 squeue 2>&1 | sed 's/^/    | /' || true
    timeout 20 sinfo -N -R 2>&1 | sed 's/^/    | /' || true
  fi
}

# answers CODE TEXT COMMAND...: whether the command ends by this code and prints this text, wherever its lines are broken.
answers() {
  local code=$1 text=$2 status=0 printed
  shift 2
  printed=$("$@" 2>&1) || status=$?
  [ "$status" -eq "$code" ] && [[ $(tr -s ' \n' ' ' <<<"$printed") == *"$text"* ]] && return
  printf '    | exit code %s, expected %s with "%s":\n' "$status" "$code" "$text"
  printf '%s\n' "$printed" | sed 's/^/    | /'
  return 1
}

# What may pass before something is taken for not happening: only a test that fails waits so long.
patience=240
# await COMMAND...: waits for it to succeed.
await() {
  local end=$((SECONDS + patience))
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.3
  done
}

# is_so FLEET NODE STATE: whether the status has it; columns are parted by two blanks.
is_so() {
  { COLUMNS=200 "$hashwatt" fleet status "$1" || true; } | awk -F '  +' -v node="$2" -v state="$3" \
    '$1 == node { for (i = 2; i <= NF; i++) if ($i == state) found = 1 } END { exit !found }'
}
# The job of a node's last attempt.
job() {
  python3 - "$1/fleet.json" "$2" <<'PY'
import json, sys
nodes = json.load(open(sys.argv[1]))["nodes"]
print([node["attempts"][-1]["job"] for node in nodes if node["name"] == sys.argv[2]][0])
PY
}
queue() { timeout 20 squeue --noheader --format='%A %T'; }
# job_is JOB STATE: of a job in the queue.
job_is() { queue | grep -qx "$1 $2"; }
# job_left JOB: whether the queue answers and does not have it any more.
job_left() {
  local lines
  lines=$(queue) && ! grep -q "^$1 " <<<"$lines"
}
# node_is NODE STATE: as sinfo spells it.
node_is() { [ "$(timeout 20 sinfo --noheader --partition=urgent --nodes="$1" --format=%T)" = "$2" ]; }
# measures FLEET NODE: whether a window of a run that goes on there is kept.
measures() { cat "$1/results/$2"/*.journal 2>/dev/null | grep -F '"samples":[{' >/dev/null; }
# has_results FLEET NODE COUNT
has_results() { [ "$(find "$1/results/$2" -name '*.json' 2>/dev/null | wc -l)" -ge "$3" ]; }
# Slurm begins what it has requeued two minutes later; nobody waits for that here.
begin_now() { timeout 20 scontrol update jobid="$1" starttime=now; }
# tree PROCESS...: they, and all below them.
tree() {
  local process
  for process; do
    say "$process"
    # Lists of numbers, as many words as numbers.
    # shellcheck disable=SC2046
    tree $(pgrep -P "$process" || true)
  done
}
# The processes of a job: the daemon's part that could still tell how it ended, and all below it.
processes() {
  # shellcheck disable=SC2046
  tree $(pgrep -f "^slurmstepd: \[$1\." || true) | xargs
}
daemon() { cat "$cluster/slurmd-$1.pid"; }

plan=(--plugin "$paced" --algorithm sha256d --kernel plugin:paced --threads 1 --warmup 0 --idle 0)
brief=("${plan[@]}" --window 0.9 --repeats 3)
long=("${plan[@]}" --window 2 --repeats 100)

cpu=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*\([0-9]*\).*/\1/p' /proc/self/status)
# What each node does until the file mended-NODE is there.
cat >"$folder/program.sh" <<PROGRAM
#!/bin/sh
touch '$folder'/started-"\$SLURMD_NODENAME"
if [ ! -e '$folder'/mended-"\$SLURMD_NODENAME" ]; then
  case \$SLURMD_NODENAME in
    n2) echo 'hashwatt: the disk is on fire' >&2; exit 7 ;;
    n3 | n7)
      # The same command with windows for minutes: the challenge and the folders stay.
      for word; do
        shift
        [ "\$word" = 0.9 ] && word=2
        [ "\$word" = 3 ] && word=100
        set -- "\$@" "\$word"
      done
      ;;
    n6) until [ -e '$folder'/go ]; do sleep 0.2; done ;;
  esac
fi
# On one processor, and a tenth as fast.
[ "\$SLURMD_NODENAME" != n4 ] || { HASHWATT_TEST_PACE_NS=1000000 exec taskset -c $cpu '$hashwatt' "\$@"; }
exec '$hashwatt' "\$@"
PROGRAM
# How many nodes of a rack are at work: each says when it begins and when it ends.
cat >"$folder/stub.sh" <<STUB
#!/bin/sh
echo "+ \$SLURMD_NODENAME" >>'$folder/stubs'
sleep 0.5
echo "- \$SLURMD_NODENAME" >>'$folder/stubs'
STUB
chmod +x "$folder"/*.sh
for node in {9..48}; do say "n$node r$((node % 2))"; done >"$folder/racks"
: >"$folder/stubs"

# submit FLEET NODES OPTION...: with the program whose nodes go wrong.
submit() {
  fleet=$folder/$1
  local nodes=$2
  shift 2
  answers 0 "submitted" "$hashwatt" fleet submit "$fleet" --nodes "$nodes" --program "$folder/program.sh" "$@"
}
more=(--option partition=more)

check "a dry run shows the job and writes nothing" answers 0 "--nodelist=n1" \
  "$hashwatt" fleet submit "$folder/none" --nodes 'n[1-4]' --dry-run -- "${brief[@]}"
check "a dry run leaves no folder" test ! -e "$folder/none"
# The slowest things first: Slurm's own clocks run while the rest is done.
check "a fleet with a time limit" submit limit n5 "${more[@]}" --time-limit 2 -- "${long[@]}"
check "four sisters are submitted" submit night partition:all -- "${brief[@]}"
check "the plan is its owner's alone" test "$(stat -c %a "$fleet/fleet.json")" = 600
check "one whose cable is cut" submit cable n6 "${more[@]}" -- "${brief[@]}"
check "one that is preempted" submit preempted n7 "${more[@]}" -- "${brief[@]}"
many=$folder/many
check "40 nodes in two racks, five of each at once" answers 0 "40 of 40 nodes submitted at most 10 nodes may begin or end" \
  "$hashwatt" fleet submit "$many" --nodes 'n[9-48]' --program "$folder/stub.sh" --racks "$folder/racks" --per-rack 5 "${more[@]}" -- "${brief[@]}"

# The cable of n6 is cut: nothing of it answers any more, and its work goes on. All of n3 ends, as at a power cut.
job6=$(job "$folder/cable" n6)
fleet=$folder/cable
check "the node whose cable is cut runs" await test -e "$folder/started-n6"
step6=$(pgrep -f "^slurmstepd: \[$job6\." | xargs)
# shellcheck disable=SC2086
kill -STOP "$(daemon n6)" $step6
fleet=$folder/night
job3=$(job "$fleet" n3)
check "the node that will be killed measures" await measures "$fleet" n3
# shellcheck disable=SC2046
kill -KILL "$(daemon n3)" $(processes "$job3")
rm "$cluster/slurmd-n3.pid"

# What comes of it takes a while; the others meanwhile.
check "the node that works is complete" await is_so "$fleet" n1 complete
check "the node whose program fails is failed" await is_so "$fleet" n2 failed
check "its own last line is told" answers 1 "exit code 7:0): hashwatt: the disk is on fire" \
  env COLUMNS=200 "$hashwatt" fleet status "$fleet"

fleet=$folder/preempted
job7=$(job "$fleet" n7)
check "the node that is to be preempted measures" await measures "$fleet" n7
urgent=$(cd "$folder" && sbatch --parsable --partition=urgent --nodelist=n7 --exclusive --output=/dev/null \
  --wrap "until [ -e '$folder/urgent-done' ]; do sleep 0.2; done")
check "a job of the urgent partition takes its node" await job_is "$urgent" RUNNING
check "what was measured until then is kept" await has_results "$fleet" n7 1
check "and the preempted job waits" is_so "$fleet" n7 waiting
touch "$folder/mended-n7" "$folder/urgent-done"
check "the urgent job ends" await job_left "$urgent"
check "the preempted one may begin again" await begin_now "$job7"

fleet="$folder/it's \$(touch $folder/acted) %n;"
check "names that are none are refused" answers 2 "is no node's name" \
  "$hashwatt" fleet submit "$fleet" --nodes 'n1;reboot' -- "${brief[@]}"
check "nodes that Slurm does not know are told of" answers 3 "Invalid node name" \
  "$hashwatt" fleet submit "$folder/unknown" --nodes n99 -- "${brief[@]}"
check "an option that Slurm does not know is told of" answers 3 "sbatch" \
  "$hashwatt" fleet submit "$folder/option" --nodes n1 --option 'no-such-thing=1' -- "${brief[@]}"
check "a folder and an option that a shell would act on are words" answers 0 "1 of 1 node submitted" \
  "$hashwatt" fleet submit "$fleet" --nodes n8 "${more[@]}" --option "comment=it's \"so\"; touch $folder/acted" -- "${long[@]}"
check "it measures" await measures "$fleet" n8
job8=$(job "$fleet" n8)
scancel "$job8"
check "a cancelled job ends" await job_left "$job8"
check "what was measured until then is kept" is_so "$fleet" n8 partial
check "no word was acted on" test ! -e "$folder/acted"

fleet=$many
stubs_ended() { [ "$(grep -c '^-' "$folder/stubs")" -eq 40 ]; }
# The greatest number of a rack that were at work at once, 5 at most.
racks_hold() {
  awk 'NR == FNR { rack[$1] = $2; next }
    { now[rack[$2]] += ($1 == "+") ? 1 : -1; if (now[rack[$2]] > most) most = now[rack[$2]] }
    END { print "      at most " most " nodes of a rack at work at once"; exit !(most >= 1 && most <= 5) }' "$folder/racks" "$folder/stubs"
}
check "40 nodes do their work" await stubs_ended
check "never more than five of a rack at once" racks_hold
check "a job that ended without a result has failed" answers 1 "40 failed" "$hashwatt" fleet status "$many"

fleet=$folder/preempted
check "the preempted node is complete by the same attempt" await is_so "$fleet" n7 complete
check "its interrupted result is beside the one that counts" answers 0 "1 of 1 node verified" "$hashwatt" fleet collect "$fleet"

fleet=$folder/night
check "Slurm finds that the killed node is gone" await node_is n3 'down*'
check "its job is taken back" await begin_now "$job3"
check "the status says that its node is down" await is_so "$fleet" n3 'node down'
check "collect names all that is wrong" answers 1 "2 of 4 nodes verified; 2 with too few sisters to tell; 2 did not answer" \
  "$hashwatt" fleet collect "$fleet" --allow-one-machine
# The node comes back, mended now.
touch "$folder/mended-n2" "$folder/mended-n3"
scancel "$job3"
check "a job of a node that is gone is cancelled" await job_left "$job3"
slurmd -N n3 -f "$SLURM_CONF"
check "the node comes back" await node_is n3 idle
check "what is unfinished is submitted again, and nothing else" answers 0 "2 of 2 nodes submitted" \
  "$hashwatt" fleet submit "$fleet" --again

fleet=$folder/cable
check "Slurm finds that the other node is gone, and takes its job back" await job_is "$job6" PENDING
check "the status says that it waits" answers 0 "1 waiting" env COLUMNS=200 "$hashwatt" fleet status "$fleet"
touch "$folder/go"
check "the work of the lost node goes on and leaves a result" await has_results "$fleet" n6 1
# shellcheck disable=SC2086
kill -CONT $step6 "$(daemon n6)"
check "the cable is mended" await node_is n6 idle
check "the same job begins once more" await begin_now "$job6"
check "and leaves a second result of the same node" await has_results "$fleet" n6 2
check "the job ends" await job_left "$job6"
check "one of them counts" answers 0 "superseded by another result of its node" "$hashwatt" fleet status "$fleet"
check "they are not pooled" answers 0 "superseded by" "$hashwatt" fleet collect "$fleet"

fleet=$folder/night
all_complete() { "$hashwatt" fleet status "$fleet" >/dev/null && queue_lacks_night; }
queue_lacks_night() { job_left "$(job "$fleet" n2)" && job_left "$(job "$fleet" n3)"; }
check "every node is complete in the end" await all_complete
check "status says so" answers 0 "4 complete" "$hashwatt" fleet status "$fleet"
check "nothing is left to submit" answers 0 "every node has a complete result" "$hashwatt" fleet submit "$fleet" --again
check "the slow one is found, with what is another there" answers 1 "1 slower than its sisters by" \
  "$hashwatt" fleet collect "$fleet" --allow-one-machine
# Where there is one processor, it is no other there.
[ "$(nproc)" -eq 1 ] || check "the reason is told" answers 1 "CPUs allowed 1, others" "$hashwatt" fleet collect "$fleet" --allow-one-machine
check "one machine is known to be one" answers 1 "4 nodes are 1 machine" \
  "$hashwatt" fleet collect "$fleet" --gate throughput=-95%
check "a gate that allows it passes" answers 0 "4 of 4 nodes verified" \
  "$hashwatt" fleet collect "$fleet" --gate throughput=-95% --allow-one-machine
cp "$(find "$fleet/results/n1" -name '*.json' | sed -n 1p)" "$fleet/results/n2/copy.json"
check "a copied file counts only for the node whose challenge it has" answers 0 "is counted once" \
  "$hashwatt" fleet collect "$fleet" --gate throughput=-95% --allow-one-machine --format json

fleet=$folder/limit
check "the time limit ends the run" await job_left "$(job "$fleet" n5)"
check "what was measured until then is kept" is_so "$fleet" n5 partial
check "the last line of the log says what happened" answers 1 "interrupted" "$hashwatt" fleet collect "$fleet"

say "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
