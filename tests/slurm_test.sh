#!/usr/bin/env bash
# A real Slurm of one node, started for the test and stopped after it: a job array of four shards,
# one of them warned and put into the queue again, merged; and an MPI job. Both give the content of a
# single run. Arrays that are not 1-N are refused, and what waits for them, or for an array that is
# cancelled, leaves the queue.
#
# usage: slurm_test.sh DETERRA SOURCE [DETERRA_MPI]
# Exit status 77, skipped, where Slurm or munge is not installed, or where we are not root. munged
# runs as the user munge; slurmctld and slurmd have a configuration and ports of their own on
# 127.0.0.1, and need no systemd. Everything is below one temporary directory.
set -u
[ $# -ge 2 ] || { echo "usage: $0 DETERRA SOURCE [DETERRA_MPI]" >&2; exit 2; }
deterra=$(realpath "$1") root=$(realpath "$2") mpi=${3:+$(realpath "$3")}
LIMIT=280 # seconds in all; no daemon outlives it, even where this script is killed

skip() {
    echo "skipped: $*"
    exit 77
}
PATH=$PATH:/usr/sbin:/sbin
for program in munged slurmctld slurmd sbatch squeue scontrol scancel sqlite3 setpriv; do
    command -v $program >/dev/null || skip "$program is not installed (Debian: slurm-wlm munge sqlite3)"
done
[ "$(id -u)" = 0 ] || skip "only root can start slurmd and munged as they are meant to run"
id munge >/dev/null 2>&1 || skip "there is no user munge"

work=$(mktemp -d /tmp/deterra-slurm-XXXXXX) || exit 1
chmod 755 "$work" # munged and its clients pass through
daemons=()

# Daemons in the order in which they were started; the log of those that are the reason of a failure.
stop() {
    local status=$? i
    trap - EXIT TERM INT
    [ -n "${watchdog-}" ] && kill "$watchdog" 2>/dev/null
    if [ "${#daemons[@]}" -gt 2 ]; then
        timeout 10 scancel --quiet --state=PENDING --user=root 2>/dev/null
        timeout 10 scancel --quiet --user=root 2>/dev/null
        for ((i = 0; i < 100; i++)); do
            [ -z "$(timeout 5 squeue -h 2>/dev/null)" ] && break
            sleep 0.1
        done
    fi
    if [ "$status" != 0 ] && [ "$status" != 77 ]; then
        for log in "$work"/log/*.log "$work"/run/*.log; do
            [ -f "$log" ] && { echo "--- $log"; tail -n 40 "$log"; }
        done
    fi
    for ((i = ${#daemons[@]} - 1; i >= 0; i--)); do
        kill -TERM "${daemons[i]}" 2>/dev/null
        wait "${daemons[i]}" 2>/dev/null
    done
    rm -rf "$work"
    exit "$status"
}
trap stop EXIT
trap 'echo "stopped after $SECONDS s"; exit 1' TERM INT
(trap 'kill $! 2>/dev/null; exit' TERM; sleep $((LIMIT - 30)) & wait; kill -TERM $$) &
watchdog=$!

fail() {
    echo "failed: $*"
    exit 1
}

# A daemon in the foreground of a process that we can wait for: $1 names its log.
start() {
    local log=$work/log/$1.out
    shift
    timeout --kill-after=5 "$LIMIT" "$@" >"$log" 2>&1 &
    daemons+=($!)
}

# Waits until a command succeeds.
await() { # seconds, what, command …
    local end=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || return 1
        for pid in "${daemons[@]}"; do
            kill -0 "$pid" 2>/dev/null || { echo "a daemon ended while waiting for $what"; return 1; }
        done
        sleep 0.1
    done
}

free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000))
        (exec 3<>/dev/tcp/127.0.0.1/$port) 2>/dev/null || { echo $port; return; }
    done
}

# --- the cluster ---

mkdir -p "$work"/{log,munge,state,spool,run,conf}
chown munge: "$work/munge"
head -c 1024 /dev/urandom >"$work/munge/key"
chmod 400 "$work/munge/key"
chown munge: "$work/munge/key"
start munged setpriv --reuid munge --regid munge --clear-groups munged --foreground --key-file "$work/munge/key" \
    --socket "$work/munge/socket" --pid-file "$work/munge/pid" --seed-file "$work/munge/seed" \
    --log-file "$work/munge/log"
munge_works() { munge --socket "$work/munge/socket" -n | unmunge --socket "$work/munge/socket"; }
await 15 munged munge_works || { cat "$work"/munge/log "$work"/log/munged.out; skip "munged does not start here"; }

node=$(slurmd -C | sed -n 's/^NodeName=\([^ ]*\).*/\1/p')
memory=$(slurmd -C | sed -n 's/.* RealMemory=\([0-9]*\).*/\1/p') # MB
[ -n "$node" ] || skip "slurmd -C does not name the node"
cpus=$(nproc)
export SLURM_CONF=$work/conf/slurm.conf
cat >"$SLURM_CONF" <<CONF
ClusterName=deterra
SlurmctldHost=$node(127.0.0.1)
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CredType=cred/munge
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/run/slurmctld.pid
SlurmdPidFile=$work/run/slurmd.pid
SlurmctldLogFile=$work/log/slurmctld.log
SlurmdLogFile=$work/log/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/builtin
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
PropagateResourceLimits=NONE
MpiDefault=none
ReturnToService=2
MinJobAge=600
NodeName=$node NodeAddr=127.0.0.1 CPUs=$cpus RealMemory=${memory:-1000} State=UNKNOWN
PartitionName=main Nodes=$node Default=YES MaxTime=INFINITE OverSubscribe=NO State=UP
CONF
start slurmctld slurmctld -D -i
start slurmd slurmd -D -N "$node"
idle() { [ "$(sinfo -h -o %T)" = idle ]; }
await 40 "an idle node" idle || {
    tail -n 20 "$work"/log/*.log "$work"/log/*.out
    skip "Slurm does not start here"
}
echo "Slurm $(sinfo --version) with node $node, $cpus cores, after $SECONDS s"

# --- a sweep ---

cd "$work/run" || exit 1
cat >game.cfg <<'CFG'
parameters = { a = { value = 1.5; range = (1, 4); }; };
players = (
  { name = "A"; moves = ( { name = "x"; levels = ["0", "1", "2", "3", "4", "5"]; } ); },
  { name = "B"; moves = ( { name = "y"; levels = ["0", "1", "2", "3", "4", "5"]; } ); },
  { name = "C"; moves = ( { name = "z"; levels = ["0", "1", "2", "3", "4", "5"]; } ); } );
payoffs = { kind = "formula"; A = "A.x^a * B.y - A.x^2"; B = "B.y^a * C.z - B.y^2";
  C = "C.z^a * A.x - C.z^2"; };
solve = { concepts = ( "pure-nash" ); };
sweep = { design = "sobol"; points = 16000; over = ( "a" ); record = ( "equilibria", "payoffs", "A.x:5" ); };
CFG
export DETERRA=$deterra
"$deterra" sweep game.cfg -o single.sqlite -q || fail "the single run"

# All content, doubles with all digits.
dump() {
    sqlite3 -cmd '.mode insert' "$1" 'SELECT * FROM runs;' \
        'SELECT * FROM parameters ORDER BY parameter;' 'SELECT * FROM points ORDER BY point;' \
        'SELECT * FROM equilibria ORDER BY point, concept, result, item;' \
        'SELECT * FROM records ORDER BY point, concept, result, record;' 'PRAGMA integrity_check;'
}
dump single.sqlite >single.dump
[ "$(wc -l <single.dump)" -gt 32000 ] || fail "the single run has too little in it"
same() { # store, what
    dump "$1" >"$1.dump"
    cmp single.dump "$1.dump" || fail "$2: not the content of the single run"
    echo "$2: the content of the single run, after $SECONDS s"
}

points() { sqlite3 "$1" 'SELECT count(*) FROM points' 2>/dev/null || echo 0; }
state() { scontrol --oneliner show job "$1" | sed -n 's/.*JobState=\([A-Z_]*\).*/\1/p' | sort -u | tr '\n' ' '; }
ended() { case $(state "$1") in *PENDING* | *RUNNING* | *COMPLETING* | *CONFIGURING* | *SUSPENDED*) false ;; esac }
completed() { # job, what
    await 120 "$2" ended "$1" || fail "$2 is $(state "$1")after $SECONDS s"
    [ "$(state "$1")" = "COMPLETED " ] || fail "$2 is $(state "$1")"
}
submit() { timeout 20 sbatch --parsable --time=5 "$@" || fail "sbatch $*"; }

array=$(submit --array=1-4 "$root/scripts/slurm/sweep-array.sbatch" game.cfg results) ||
    exit 1
merge=$(submit --dependency=afterok:"$array" "$root/scripts/slurm/merge.sbatch" results 4) || exit 1
has_some() { [ "$(points "$1")" -gt 0 ]; }

# Warns a job, once its store holds something, as Slurm does before the time is over. If it was not
# through, it is in the queue again; without help it would wait there for minutes. Not at once: what
# starts in the second in which it was requeued is taken for its former self ("credential revoked").
warn() { # job, store, log, what
    await 60 "points in $2" has_some "$2" || fail "$4: no points in $2"
    timeout 3 scancel --signal=USR1 --batch "$1" # it would repeat what Slurm answers late
    for ((i = 0; i < 60; i++)); do
        ended "$1" && break
        pending=$(state "$1")
        sleep 2
        [ "$pending" = "PENDING " ] && scontrol update JobId="$1" StartTime=now 2>/dev/null
    done
    if grep -q 'goes into the queue again' "$3"; then
        echo "$4: warned, and resumed: $(grep -c '^deterra: [0-9]* points in' "$3") sessions"
    else
        echo "$4: through before the warning"
    fi
}

warn "${array}_1" results.part-1-of-4.sqlite "deterra-sweep-${array}_1.log" "task 1"
completed "$array" "the job array"
completed "$merge" "the merge"
same results.sqlite "job array of 4 shards, merged"

# An array that is not 1-N fails, with what was expected, before anything is solved; what waits for it
# leaves the queue, too.
wrong=$(submit --array=0-1 "$root/scripts/slurm/sweep-array.sbatch" game.cfg wrong) || exit 1
after_wrong=$(submit --dependency=afterok:"$wrong" "$root/scripts/slurm/merge.sbatch" wrong 1) || exit 1
await 60 "an array 0-1" ended "$wrong" || fail "the array 0-1 is $(state "$wrong")"
[ "$(state "$wrong")" = "FAILED " ] || fail "the array 0-1 is $(state "$wrong")"
for task in 0 1; do
    grep -q 'the array must be 1-N.* from 0 to 1 and has 2 tasks. Take --array=1-2' \
        "deterra-sweep-${wrong}_$task.log" || fail "task $task of the array 0-1 does not say what is wrong"
done
ls wrong.part-* >/dev/null 2>&1 && fail "the array 0-1 solved something"

# The shards of an array, as Slurm tells a task of it; SHARDS before them, or -.
array_task() { # SHARDS, task, min, max, count
    local shards=()
    [ "$1" = - ] || shards=("SHARDS=$1")
    rm -f told.part-*
    env -u SHARDS "${shards[@]}" SLURM_ARRAY_TASK_ID="$2" SLURM_ARRAY_TASK_MIN="$3" SLURM_ARRAY_TASK_MAX="$4" \
        SLURM_ARRAY_TASK_COUNT="$5" bash "$root/scripts/slurm/sweep-array.sbatch" small.cfg told -q 2>told.log
}
sed 's/points = 16000/points = 8/' game.cfg >small.cfg
refused() { # message, what array_task takes
    local message=$1
    shift
    array_task "$@"
    [ $? = 2 ] || fail "the array $* is not refused"
    grep -q -- "$message" told.log || fail "the array $* is refused with $(cat told.log)"
    ls told.part-* >/dev/null 2>&1 && fail "the array $* solved something"
}
accepted() { # part, what array_task takes
    local part=$1
    shift
    array_task "$@" || fail "the array $*: $(cat told.log)"
    [ "$(points "told.part-$part.sqlite")" -gt 0 ] || fail "the array $* has not written part $part"
}
refused 'goes from 2 to 4 and has 3' - 2 2 4 3       # 2-4
refused 'goes from 1 to 5 and has 3' - 3 1 5 3       # 1-5:2
refused 'goes from 3 to 7 and has 2' - 3 3 7 2       # 3,7 without SHARDS
refused 'SHARDS=4 wants .* from 3 to 7' 4 3 3 7 2    # 3,7 of 4
refused 'SHARDS=4 wants .* from 0 to 2' 4 1 0 2 3    # 0-2 of 4
refused 'SHARDS=four wants' four 1 1 2 2
accepted 2-of-4 - 2 1 4 4                            # 1-4
accepted 1-of-1 - 1 1 1 1                            # 1
accepted 3-of-8 8 3 3 7 2                            # 3,7 of 8
echo "arrays that are not 1-N: refused, after $SECONDS s"

# After scancel of an array the job that merges is cancelled, and does not wait for ever.
held=$(submit --hold --array=1-2 "$root/scripts/slurm/sweep-array.sbatch" game.cfg held) || exit 1
after_held=$(submit --dependency=afterok:"$held" "$root/scripts/slurm/merge.sbatch" held 2) || exit 1
timeout 20 scancel "$held" || fail "scancel of the array"
for job in "$after_wrong" "$after_held"; do
    await 60 "the end of a merge" ended "$job" || fail "the merge after an array that ended badly is $(state "$job")"
    [ "$(state "$job")" = "CANCELLED " ] || fail "the merge after an array that ended badly is $(state "$job")"
done
echo "merges after a wrong array and after scancel: cancelled, after $SECONDS s"

if [ -n "$mpi" ] && command -v mpirun >/dev/null; then
    export DETERRA_MPI=$mpi OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
    export ASAN_OPTIONS=detect_leaks=0 # Open MPI keeps some memory to the end
    tasks=$((cpus < 2 ? 1 : 2))
    job=$(submit --ntasks="$tasks" "$root/scripts/slurm/sweep-mpi.sbatch" game.cfg mpi) || exit 1
    warn "$job" mpi.sqlite "deterra-mpi-$job.log" "the MPI job"
    completed "$job" "the MPI job"
    same mpi.sqlite "MPI job of $tasks ranks"
fi
echo "all good after $SECONDS s"
