#!/usr/bin/env bash
# Write requirements/*.txt anew: every version exact, every file known by its hash.
# Versions already pinned stay; with --upgrade everything moves to the newest that fits.
set -euo pipefail
cd "$(dirname "$0")/.."

lock() {
  .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 "$@"
}

lock "$@" pyproject.toml -o requirements/run.txt
lock "$@" pyproject.toml --extra dev --extra data -c requirements/run.txt -o requirements/dev.txt
lock "$@" --group build -c requirements/dev.txt -o requirements/build.txt
