#!/bin/sh
# Builds what is needed and runs the load program; see load/README.md. All arguments go to the program.
set -eu
cd "$(dirname "$0")/.."

server=yes
for argument in "$@"; do
    case "$argument" in
        --peer-only | --ours-dll | --help | -h | help | bare) server=no ;;
    esac
done

build() {
    dotnet build -c Release -v q --nologo "$1" >&2
}

if [ "$server" = yes ]; then
    build src/Orleans.Incidents.Server/Orleans.Incidents.Server.csproj
fi
build load/Orleans.Incidents.Load/Orleans.Incidents.Load.csproj
exec dotnet load/Orleans.Incidents.Load/bin/Release/net10.0/Orleans.Incidents.Load.dll "$@"
