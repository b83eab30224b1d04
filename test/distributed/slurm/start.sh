#!/bin/bash
# start.sh WORKDIR [CTLD_PORT] : single-node Slurm without systemd. Idempotent: starts only what is missing.
# Prints the line to eval. SLURM_CPUS=n pretends n CPUs (default nproc), SLURM_CLEAN=1 drops the saved job state.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd); dir=$(mkdir -p "$1" && cd "$1" && pwd)
port=${2:-$(cat "$dir/port" 2>/dev/null || echo 26817)}; host=$(hostname -s)
# ours = the pid file names a live process of that program, started on this work directory (a zombie has no cmdline)
mine() { local p; p=$(cat "$dir/$1.pid" 2>/dev/null) && [ -n "$p" ] && [ "$(cat "/proc/$p/comm" 2>/dev/null)" = "$1" ] &&
  tr '\0' ' ' <"/proc/$p/cmdline" | grep -qF "$dir/"; }
wait_for() { local i n=$1; shift; for ((i = 0; i < n * 20; i++)); do "$@" && return 0; sleep 0.05; done; return 1; }
up() { # a node drained after a crash (duplicate job id) is put back
  case $(sinfo -h -o %t 2>/dev/null) in idle|mix|alloc) return 0;; drain|drng|drained|down) scontrol update "nodename=$host" state=resume 2>/dev/null;; esac; return 1; }
mkdir -p "$dir"/{state,spool}
export SLURM_CONF=$dir/slurm.conf
if ! mine munged; then
  [ -s "$dir/munge.key" ] || (umask 077; head -c 1024 /dev/urandom >"$dir/munge.key")
  rm -f "$dir"/munge.sock*
  munged --key-file="$dir/munge.key" --socket="$dir/munge.sock" --pid-file="$dir/munged.pid" \
    --log-file="$dir/munged.log" --seed-file="$dir/munge.seed" ${MUNGED_FLAGS:-}
  wait_for 5 test -S "$dir/munge.sock"
fi
if ! mine slurmctld && ! mine slurmd; then
  echo "$port" >"$dir/port"; mem=$(slurmd -C | sed -n 's/.*RealMemory=\([0-9]*\).*/\1/p')
  sed -e "s|@DIR@|$dir|g; s|@HOST@|$host|g; s|@CPUS@|${SLURM_CPUS:-$(nproc)}|g; s|@MEM@|$((mem * 9 / 10))|g; s|@USER@|$(id -un)|g" \
      -e "s|@CTLD_PORT@|$port|; s|@SLURMD_PORT@|$((port + 1))|" "$here/slurm.conf.in" >"$SLURM_CONF"
  for change in ${SLURM_CHANGES:-}; do sed -i "s|^${change%%=*}=.*|$change|" "$SLURM_CONF"; done
fi
if ! mine slurmctld && mine slurmd; then # slurmd must register again, or tasks that ended meanwhile stay RUNNING; jobs survive this
  kill -TERM "$(cat "$dir/slurmd.pid")"; gone() { ! mine slurmd; }; wait_for 10 gone
fi
mine slurmctld || slurmctld -f "$SLURM_CONF" ${SLURM_CLEAN:+-c}
mine slurmd || slurmd -f "$SLURM_CONF" -N "$host"
wait_for 30 up || { tail -n 20 "$dir/slurmctld.log" "$dir/slurmd.log" >&2; "$here/stop.sh" "$dir"; exit 1; }
echo "export SLURM_CONF=$SLURM_CONF"
