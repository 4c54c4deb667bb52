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

# On a terminal uv and pip show what they fetch; in a log that would be a line for each file.
if [ -t 1 ]; then quiet=; else quiet=--quiet; fi

python=$(find_python)
# Every file is checked against its hash. Nothing is built from source: what builds it would be fetched by no hash.
locked="--require-hashes --only-binary :all: -r requirements.lock"
if command -v uv >/dev/null 2>&1; then
    with=uv
elif [ -n "$python" ]; then
    with=pip
else
    with=
fi
[ -z "$with" ] || say "installing into $venv with $with: about a minute, and 1 GB of disk; a second time, seconds"
if [ "$with" = uv ]; then
    say "1 of 3: the packages of requirements.lock"
    uv venv --quiet --allow-existing ${python:+--python "$python"} "$venv"
    # shellcheck disable=SC2086 # words are meant to be split
    uv pip install $quiet --compile-bytecode --python "$venv/bin/python" $locked
    say "2 of 3: genesys-timeouts itself"
    uv pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation -e .
elif [ "$with" = pip ]; then
    "$python" -m venv "$venv"
    say "1 of 3: the packages of requirements.lock"
    # shellcheck disable=SC2086 # words are meant to be split
    "$venv/bin/python" -m pip install $quiet --disable-pip-version-check $locked
    say "2 of 3: genesys-timeouts itself"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
else
    say "Python 3.11, 3.12, 3.13 or 3.14 is needed and none was found; name one with PYTHON=/path/to/python make ..." >&2
    exit 2
fi
say "3 of 3: its bytecode"
# Ours too, as uv and pip did with the others: else the first run compiles it, and every run where nothing can be written.
"$venv/bin/python" -m compileall -q cli flows tasks publishing reports genesys files timeouts simulator deployments
say "done: . $venv/bin/activate, then genesys-timeouts --help"
