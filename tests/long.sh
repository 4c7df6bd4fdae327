#!/usr/bin/env bash
# Runs simulation, kills, faults and fuzzing in rounds, each round with seeds of its own, until the time is over; --help says more.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'TEXT'
usage: tests/long.sh [--hours N] [--minutes N] [--results FILE] [--no-build]

Ends by itself: after the time (default one hour) the round's current step is finished. Every round:

  simulation  the engine under every fault, 2,000 seeds that no earlier run had
  kills       a real server, killed 40 times under load on the same data; the books against what clients were told
  stores      what takes long of the scenarios, with the journal in PostgreSQL (where its programs are)
  silos       the same on three silos, of which one is stopped or killed (where the Orleans packages are)
  cluster     three real silos, a random one killed and replaced 20 times under load; and three whose database stalls, restarts and
              crashes, whose ways to it are cut and half open, and which are killed, 20 such faults (where the Orleans packages are)
  upgrade     the version before the newest database script and this one together under load, replaced one by one (where there is git
              history to build it from)
  faults      a full, slow, failing or read-only disk; a clock that is set; a stop under load; files as of the moment of an answer
  fuzz        what strangers send, with a seed of its own (where tests/Orleans.Incidents.Fuzz is)

Writes one file, docs/long-runs/<date>.md unless --results names another: what ran, how much of it, every failure with the command
that runs it again, the machine, the version. The exit code is 0 when nothing failed and every kind of step ran, else 1. A step that hangs is ended after 30
minutes and counts as failed. It needs up to 2 GB for temporary files, which are removed after every step; it ends no process that it did
not start. Faults that need strace, libfaketime (tests/run.sh --install) or the right to mount are skipped without, and counted as skipped.
TEXT
}

seconds=0 results="" build=1
while (( $# > 0 )); do
  case "$1" in
    --hours|--minutes)
      [[ "${2:-}" =~ ^[0-9]+$ ]] || { echo "$1 needs a whole number" >&2; exit 2; }
      seconds=$(( seconds + 10#$2 * ($([[ $1 == --hours ]] && echo 3600 || echo 60)) )); shift ;;
    --results) results=${2:?--results needs a file}; shift ;;
    --no-build) build=0 ;;
    --help|-h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done
(( seconds > 0 )) || seconds=3600
results=${results:-docs/long-runs/$(date -u +%Y-%m-%dT%H%M).md}
(( build == 0 )) || dotnet build -c Release Orleans.Incidents.sln -v q --nologo

work=$(mktemp -d "${TMPDIR:-/tmp}/long-XXXXXX")
chmod a+x "$work" # PostgreSQL refuses to run as root and has its own folder in there
export TMPDIR=$work/tmp
sweep() {
  # A test that was ended may have left a file system mounted.
  { findmnt -rn -o TARGET | grep -F "$work/" || true; } | sort -r | while read -r at; do umount "$at"; done
  rm -rf "$TMPDIR" "$work/results"
  mkdir -p "$TMPDIR"
}
running=""
finish() {
  [[ -z "$running" ]] || kill -- "-$running" 2> /dev/null || true
  sweep
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

# step KIND PROJECT FILTER [VARIABLE=VALUE ...]
step() {
  local kind=$1 project=tests/Orleans.Incidents.$2 filter=$3 status=0 begin
  shift 3
  [[ -d "$project" ]] || return 0
  sweep
  begin=$(date +%s)
  # A process group of its own, so that what hangs is ended with all that it started.
  setsid env "$@" timeout --foreground --kill-after=60 1800 \
    dotnet test -c Release --no-build "$project" --nologo -v q --results-directory "$work/results" --logger trx --filter "$filter" > "$work/log" 2>&1 &
  running=$!
  wait "$running" || status=$?
  kill -- "-$running" 2> /dev/null || true
  running=""
  python3 tests/long_report.py add "$work" "$kind" "$status" "$(( $(date +%s) - begin ))" \
    "$* dotnet test -c Release $project --filter '$filter'" || failed=1
}

# skip KIND WHY
skip() {
  python3 tests/long_report.py skip "$work" "$1" "$2"
}

# The version before the newest database script, which runs where this one comes. Built once.
scripts=src/Orleans.Incidents.Journal/Postgres/Migrations
old="" why_no_old="" old_failed=0
build_old() {
  local newest before
  newest=$(git log --diff-filter=A -1 --format=%H -- "$scripts" 2> /dev/null) || newest=""
  before=$(git rev-parse -q --verify "${newest:-none}^1^{commit}" 2> /dev/null) || before=""
  if [[ -z "$before" ]]; then
    why_no_old="absent: git history that goes back behind the newest file of $scripts"
    return 0
  fi
  sweep
  mkdir "$work/old"
  git archive "$before" | tar -x -C "$work/old"
  echo "building $(git log -1 --format='%h, %s' "$before"), which ran before $(basename "$(git show --diff-filter=A --name-only --format= "$newest" -- "$scripts" | tail -1)")"
  if MSBUILDDISABLENODEREUSE=1 dotnet build -c Release "$work/old/src/Orleans.Incidents.Server" -v q --nologo > "$work/old.log" 2>&1; then
    old=$(find "$work/old/src/Orleans.Incidents.Server/bin/Release" -name Orleans.Incidents.Server.dll -print -quit)
  else
    old_failed=1
  fi
}

upgrade() {
  if [[ -n "$why_no_old" ]]; then
    skip upgrade "$why_no_old"
  elif (( old_failed )); then
    cp "$work/old.log" "$work/log"
    python3 tests/long_report.py add "$work" upgrade 1 0 "dotnet build -c Release src/Orleans.Incidents.Server, of the version before the newest database script" || failed=1
  else
    step upgrade Acceptance "FullyQualifiedName~Stores.UpgradeTests" INCIDENTS_OLD_SERVER="$old"
  fi
}

failed=0 rounds=0
build_old
began=$(date +%s)
until=$(( began + seconds ))
# Seeds go on from one run to the next by the clock: no two runs share any.
seed=$(( (began - 1767225600) * 4 % 1900000000 ))
left() { (( $(date +%s) < until )); }
while left; do
  rounds=$(( rounds + 1 ))
  step simulation Simulation "FullyQualifiedName~SimulationTests" INCIDENTS_SIM_FROM="$seed" INCIDENTS_SIM_SEEDS=2000
  left || (( rounds == 1 )) || break
  step kills Acceptance "FullyQualifiedName~KillTests" INCIDENTS_KILLS=40 INCIDENTS_KILL_SEED="$seed"
  left || (( rounds == 1 )) || break
  step stores Acceptance "FullyQualifiedName~HeartbeatTests|FullyQualifiedName~MuteTests|FullyQualifiedName~HangingChannelTests|FullyQualifiedName~KillTests|FullyQualifiedName~StopTests" INCIDENTS_TEST_STORE=postgres INCIDENTS_KILLS=40 INCIDENTS_KILL_SEED="$seed"
  left || (( rounds == 1 )) || break
  step silos Acceptance "FullyQualifiedName~HeartbeatTests|FullyQualifiedName~MuteTests|FullyQualifiedName~HangingChannelTests|FullyQualifiedName=Incidents.Acceptance.Durability.KillTests.What_was_answered_is_there_after_every_kill_and_pages_once|FullyQualifiedName=Incidents.Acceptance.Durability.StopTests.A_stop_under_load_drains_and_loses_nothing_that_was_answered" INCIDENTS_TEST_STORE=cluster INCIDENTS_KILLS=20 INCIDENTS_KILL_SEED="$seed"
  left || (( rounds == 1 )) || break
  step cluster Acceptance "FullyQualifiedName~Stores.ClusterTests|FullyQualifiedName~Stores.ChaosTests" INCIDENTS_KILLS=20 INCIDENTS_KILL_SEED="$seed" INCIDENTS_CHAOS=20 INCIDENTS_CHAOS_SEED="$seed"
  left || (( rounds == 1 )) || break
  upgrade
  left || (( rounds == 1 )) || break
  step faults Acceptance "FullyQualifiedName~Acceptance.Faults|FullyQualifiedName~FailedSyncTests|FullyQualifiedName~SyncTests|FullyQualifiedName~SnapshotTests|FullyQualifiedName~StopTests|FullyQualifiedName~RefusedStartTests"
  left || (( rounds == 1 )) || break
  step fuzz Fuzz "FullyQualifiedName~Fuzz" INCIDENTS_FUZZ_SEED="$seed" INCIDENTS_FUZZ_INPUTS=400000 INCIDENTS_FUZZ_REQUESTS=20000
  seed=$(( seed + 2000 ))
done

mkdir -p "$(dirname "$results")"
python3 tests/long_report.py write "$work" "$results" "$began" || failed=1
echo "$results"
exit "$failed"
