#!/usr/bin/env bash
# A Slurm of four nodes on this one machine, from the distribution's packages, for trials and tests; needs root and no service.
#
# usage: Scripts/slurm-cluster.sh start DIR     prints the line that lets Slurm's programs find it
#        Scripts/slurm-cluster.sh stop DIR
# The nodes n1 to n4 share the host's name, kernel and CPUs: only Slurm tells them apart.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

[ $# -eq 2 ] || die "usage: slurm-cluster.sh start|stop DIR"
folder=$2
nodes=(n1 n2 n3 n4)

stop() {
  local file
  for file in "$folder"/*.pid; do
    [ -e "$file" ] || continue
    kill "$(cat "$file")" 2>/dev/null || true
  done
  # A daemon that does not listen ends by force.
  sleep 1
  for file in "$folder"/*.pid; do
    [ -e "$file" ] || continue
    kill -KILL "$(cat "$file")" 2>/dev/null || true
    rm -f "$file"
  done
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
  # Ports that nobody else has, as far as can be told: several clusters may stand side by side.
  local base=$((20000 + $$ % 4000 * 10)) host
  host=$(hostname)
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
SlurmdTimeout=${SLURMD_TIMEOUT:-10}
InactiveLimit=0
KillWait=5
SlurmdParameters=config_overrides
SchedulerParameters=batch_sched_delay=1,sched_interval=5
NodeName=n[1-4] NodeAddr=127.0.0.1 Port=[$((base + 1))-$((base + 4))] CPUs=2 CoresPerSocket=2 RealMemory=1000
PartitionName=all Nodes=n[1-4] Default=YES MaxTime=INFINITE State=UP OverSubscribe=EXCLUSIVE
END
  dd if=/dev/urandom of="$folder/munge/key" bs=1024 count=1 status=none
  chmod 600 "$folder/munge/key"
  chmod 711 "$folder" "$folder/munge"
  munged --force --key-file="$folder/munge/key" --socket="$folder/munge/sock" --pid-file="$folder/munged.pid" \
    --seed-file="$folder/munge/seed" --log-file="$folder/munge/log"
  slurmctld -f "$folder/slurm.conf"
  local node
  for node in "${nodes[@]}"; do slurmd -N "$node" -f "$folder/slurm.conf"; done
  export SLURM_CONF=$folder/slurm.conf
  for _ in {1..200}; do
    [ "$(timeout 5 sinfo -h -t idle -o %D 2>/dev/null | awk '{ n += $1 } END { print n + 0 }')" -eq 4 ] && {
      say "export SLURM_CONF=$folder/slurm.conf"
      return
    }
    sleep 0.1
  done
  tail -n 3 "$folder"/*.log >&2
  stop
  die "the nodes did not come up; see $folder"
}

case $1 in
  start) start ;;
  stop) stop ;;
  *) die "usage: slurm-cluster.sh start|stop DIR" ;;
esac
