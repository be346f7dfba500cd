#!/usr/bin/env bash
# A Slurm of several nodes on this one machine, from the distribution's packages, for trials and tests; needs root and no service.
#
# usage: Scripts/slurm-cluster.sh start DIR [NODES]     prints the line that lets Slurm's programs find it; four nodes unless told
#        Scripts/slurm-cluster.sh stop DIR
# The nodes n1, n2 and so on share the host's name, kernel and CPUs: only Slurm tells them apart. The partition 'all' has the first four,
# 'more' the others, and 'urgent' has all and takes nodes away from the jobs of both, which are requeued.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

usage() { die "usage: slurm-cluster.sh start DIR [NODES] | stop DIR"; }

[ $# -ge 2 ] && [ $# -le 3 ] || usage
folder=$2
count=${3:-4}
[[ $count =~ ^[1-9][0-9]?$ ]] || die "'$count' is no number of nodes: give 1 to 99"

stop() {
  # A daemon that was stopped does not listen.
  local file pids=()
  for file in "$folder"/*.pid; do
    [ ! -s "$file" ] || pids+=("$(cat "$file")")
  done
  [ ${#pids[@]} -gt 0 ] || return 0
  kill -CONT "${pids[@]}" 2>/dev/null || true
  # What still runs ends at once: nothing is left behind on the machine.
  if [ -s "$folder/slurmctld.pid" ]; then
    export SLURM_CONF=$folder/slurm.conf
    timeout 10 scancel --state=PENDING --user="$(id -un)" 2>/dev/null || true
    timeout 10 scancel --full --signal=KILL --user="$(id -un)" 2>/dev/null || true
    for _ in {1..50}; do
      [ -n "$(timeout 10 squeue --noheader 2>/dev/null)" ] || break
      sleep 0.1
    done
  fi
  kill "${pids[@]}" 2>/dev/null || true
  # One that does not end does so by force.
  for _ in {1..50}; do
    kill -0 "${pids[@]}" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL "${pids[@]}" 2>/dev/null || true
  rm -f "$folder"/*.pid
}

# The first of enough ports that nobody listens to: several clusters may stand side by side.
free_ports() {
  local try base port
  for try in {0..99}; do
    base=$((10000 + ($$ + try * 37) % 200 * 100))
    for ((port = base; port <= base + count; port++)); do
      # What is refused is free.
      ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || continue 2
    done
    say "$base"
    return
  done
  die "no $count free ports from 10000 on"
}

start() {
  [ "$(id -u)" -eq 0 ] || die "slurmd here needs root"
  local program
  for program in munged slurmctld slurmd sinfo; do
    PATH=$PATH:/usr/sbin command -v "$program" >/dev/null ||
      die "$program is not installed: apt-get install --no-install-recommends slurmctld slurmd slurm-client slurm-wlm-basic-plugins munge"
  done
  export PATH=$PATH:/usr/sbin
  mkdir -p "$folder/spool" "$folder/state" "$folder/munge"
  folder=$(cd "$folder" && pwd)
  local base host first=$((count < 4 ? count : 4)) more=''
  base=$(free_ports)
  host=$(hostname)
  [ "$count" -le 4 ] || more="PartitionName=more Nodes=n[5-$count] MaxTime=INFINITE State=UP OverSubscribe=EXCLUSIVE"
  cat >"$folder/slurm.conf" <<END
ClusterName=hw
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$base
AuthType=auth/munge
AuthInfo=socket=$folder/munge/sock
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool/%n
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd-%n.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=$folder/jobs.txt
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
SwitchType=switch/none
ReturnToService=2
# Long enough that a busy machine loses no node that lives; each daemon is asked by the controller itself, not through another.
SlurmdTimeout=20
MessageTimeout=20
TreeWidth=65533
InactiveLimit=0
# What a job may take to write what it has; it is waited for no longer than it needs.
KillWait=30
MinJobAge=3600
SlurmdParameters=config_overrides
SchedulerParameters=batch_sched_delay=1,sched_interval=5
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
NodeName=n[1-$count] NodeAddr=127.0.0.1 Port=[$((base + 1))-$((base + count))] CPUs=2 CoresPerSocket=2 RealMemory=100
PartitionName=all Nodes=n[1-$first] Default=YES MaxTime=INFINITE State=UP OverSubscribe=EXCLUSIVE
$more
PartitionName=urgent Nodes=n[1-$count] PriorityTier=10 MaxTime=INFINITE State=UP OverSubscribe=EXCLUSIVE
END
  dd if=/dev/urandom of="$folder/munge/key" bs=1024 count=1 status=none
  chmod 600 "$folder/munge/key"
  chmod 711 "$folder" "$folder/munge"
  munged --force --key-file="$folder/munge/key" --socket="$folder/munge/sock" --pid-file="$folder/munged.pid" \
    --seed-file="$folder/munge/seed" --log-file="$folder/munge/log"
  slurmctld -f "$folder/slurm.conf"
  local node
  for ((node = 1; node <= count; node++)); do slurmd -N "n$node" -f "$folder/slurm.conf"; done
  export SLURM_CONF=$folder/slurm.conf
  local end=$((SECONDS + 60))
  while [ "$SECONDS" -lt "$end" ]; do
    if [ "$(timeout 20 sinfo -h -p urgent -t idle -o %D 2>/dev/null)" = "$count" ]; then
      say "export SLURM_CONF=$folder/slurm.conf"
      return
    fi
    sleep 0.2
  done
  tail -n 3 "$folder"/*.log >&2
  stop
  die "the nodes did not come up; see $folder"
}

case $1 in
  start) start ;;
  stop) stop ;;
  *) usage ;;
esac
