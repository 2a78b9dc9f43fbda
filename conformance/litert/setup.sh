#!/bin/sh
# Sets up the judges of this folder in .venv: the Python packages of requirements.txt, tfjs-tflite, and for flatc the public
# schema of TensorFlow Lite, out of a published crate and checked by its digest.
# Usage: conformance/litert/setup.sh        (needs python3 with venv, npm, and cargo; without cargo flatc does not judge)
set -eu
cd "$(dirname "$0")"
tfjs=@tensorflow/tfjs-tflite@0.0.1-alpha.10
crate=tract-tflite@0.23.9
sha256=cf3a0e48176c6f87f3df6699af2d263be9d524d84e33dd8a38af912d8ac39d23

if ! .venv/bin/python -c "import ai_edge_litert.interpreter, tflite_micro" 2>/dev/null; then
  python3 -m venv .venv
  .venv/bin/python -m pip install --quiet --no-deps --only-binary=:all: -r requirements.txt
fi

if [ ! -d .venv/node_modules/@tensorflow/tfjs-tflite/wasm ]; then
  # Its peer, tfjs-core, is never loaded: the judge calls the WebAssembly module itself.
  npm install --silent --no-audit --no-fund --no-package-lock --ignore-scripts --legacy-peer-deps --prefix .venv "$tfjs"
fi

if [ ! -f .venv/schema.fbs ]; then
  if ! command -v cargo >/dev/null; then
    echo "conformance/litert: no cargo, so no public schema: flatc does not judge"
    exit 0
  fi
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  cargo init --quiet --vcs none --lib --name schema "$scratch"
  (cd "$scratch" && cargo add --quiet "${crate%@*}@=${crate#*@}" && cargo vendor --quiet --versioned-dirs vendor >/dev/null)
  found=$scratch/vendor/${crate%@*}-${crate#*@}/schema/tflite.fbs
  echo "$sha256  $found" | sha256sum --check --quiet
  cp "$found" .venv/schema.fbs
fi
