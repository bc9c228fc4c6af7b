#!/bin/sh
# Installs Parley below a prefix: docker/install.sh PREFIX [SOURCE]. The Dockerfile runs it with /,
# a test runs it with a folder of its own.
set -eu
prefix=${1:?usage: docker/install.sh PREFIX [SOURCE]}
source=${2:-$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)}
python=${PYTHON:-python3}
home=$prefix/opt/parley

mkdir -p "$home" "$prefix/var/lib/parley" "$prefix/var/cache/parley"
"$python" -m venv "$home/venv"
"$home/venv/bin/python" -m pip install --quiet --require-hashes --requirement "$source/requirements.lock"
"$home/venv/bin/python" -m pip install --quiet --no-build-isolation --no-deps "$source"
"$home/venv/bin/parley" --version
