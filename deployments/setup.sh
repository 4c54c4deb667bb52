#!/bin/sh
# Makes the virtual environment in $1 from requirements.lock: with uv when it is there, else with venv and pip.
# Run by make; needs Python 3.11, 3.12, 3.13 or 3.14 and nothing else.
set -eu
venv=$1
supported='import sys; raise SystemExit(not (3, 11) <= sys.version_info[:2] <= (3, 14))'

find_python() {
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14 python; do
        # A pyenv shim is on the PATH even where its version is not active: run it to know.
        if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c "$supported" >/dev/null 2>&1; then
            echo "$candidate"
            return
        fi
    done
}

say() { echo "setup: $*"; }

python=$(find_python)
# Every file is checked against its hash. Nothing is built from source: what builds it would be fetched by no hash.
locked="--require-hashes --only-binary :all: -r requirements.lock"
if command -v uv >/dev/null 2>&1; then
    say "installing into $venv with uv"
    uv venv --quiet --allow-existing ${python:+--python "$python"} "$venv"
    # shellcheck disable=SC2086 # words are meant to be split
    uv pip install --quiet --compile-bytecode --python "$venv/bin/python" $locked
    uv pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation -e .
elif [ -n "$python" ]; then
    say "installing into $venv with pip (about a minute)"
    "$python" -m venv "$venv"
    # shellcheck disable=SC2086 # words are meant to be split
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check $locked
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
else
    say "Python 3.11, 3.12, 3.13 or 3.14 is needed and none was found; name one with PYTHON=/path/to/python make ..." >&2
    exit 2
fi
# Ours too, as uv and pip did with the others: else the first run compiles it, and every run where nothing can be written.
"$venv/bin/python" -m compileall -q cli flows tasks publishing reports genesys timeouts simulator deployments
say "done"
