#!/usr/bin/env bash
# Make .venv and install the given pins, the build backend and the project itself in it.
set -euo pipefail
cd "$(dirname "$0")/.."
pins=$1
python=${PYTHON:-python3}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Python 3.11 or later is needed. Name one: make PYTHON=python3.11 ..." >&2
  exit 1
}
[ -x .venv/bin/pip ] || "$python" -m venv .venv || {
  echo "Python cannot make a virtual environment here: apt-get install python3-venv" >&2
  exit 1
}

pip() { .venv/bin/pip --quiet --disable-pip-version-check "$@"; }

echo "Installing $pins into .venv (once; a minute or two)" >&2
# Wheels only: nothing is compiled, and no stranger's setup.py runs.
pip install --only-binary :all: --require-hashes -r requirements/build.txt -r "$pins"
pip install --no-deps --no-build-isolation --editable .
