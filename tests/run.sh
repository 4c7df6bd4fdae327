#!/usr/bin/env bash
# Runs every test. --install: first installs the Debian packages that some tests use; without it those tests are
# skipped, each naming what is absent. Prints the ten slowest tests and, last, one line with the counts.
set -euo pipefail
cd "$(dirname "$0")/.."

if [[ "${1:-}" == "--install" ]]; then
  missing=()
  # Debian keeps the server's programs off the path.
  [[ -x /usr/lib/postgresql/15/bin/initdb ]] || missing+=(postgresql)
  for need in amtool:prometheus-alertmanager promtool:prometheus strace:strace faketime:faketime aiosmtpd:python3-aiosmtpd; do
    command -v "${need%%:*}" > /dev/null || missing+=("${need##*:}")
  done
  # What the chart of Kubernetes is rendered by where there is no helm.
  command -v go > /dev/null || missing+=(golang-go)
  [[ -d /usr/share/gocode/src/github.com/Masterminds/sprig ]] || missing+=(golang-github-masterminds-sprig-dev)
  [[ -d /usr/share/gocode/src/gopkg.in/yaml.v3 ]] || missing+=(golang-gopkg-yaml.v3-dev)
  if (( ${#missing[@]} > 0 )); then
    run=(); [[ $(id -u) -eq 0 ]] || run=(sudo)
    "${run[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${run[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
  fi
elif [[ $# -gt 0 ]]; then
  echo "usage: tests/run.sh [--install]" >&2
  exit 2
fi

# What is temporary goes with the run: each build leaves two empty folders of the SDK's own, and a test that is ended leaves its files. Build
# nodes must not outlive the folder that they are reached through.
work=$(mktemp -d)
chmod a+x "$work" # PostgreSQL refuses to run as root and has its own folder in there
trap 'rm -rf "$work"' EXIT
results=$work/results
export TMPDIR=$work/tmp MSBUILDDISABLENODEREUSE=1
mkdir -p "$TMPDIR"
dotnet build -c Release Orleans.Incidents.sln -v q --nologo
status=0
dotnet test -c Release --no-build Orleans.Incidents.sln --nologo --results-directory "$results" --logger trx -v q || status=$?
python3 tests/summary.py "$results" || status=1
exit "$status"
