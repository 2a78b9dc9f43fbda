#!/bin/sh
# Sets up the judge of this folder in .venv: the Python packages of requirements.txt.
# Usage: conformance/coreml/setup.sh        (needs python3 with venv, on Linux or macOS)
set -eu
cd "$(dirname "$0")"
if ! .venv/bin/python -c "import coremltools" 2>/dev/null; then
  python3 -m venv .venv
  .venv/bin/python -m pip install --quiet --no-deps --only-binary=:all: -r requirements.txt
fi
