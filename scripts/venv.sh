#!/bin/sh
# Make .venv from a Python of this machine (3.11 or newer), with pip in it. Leaves a working one alone.
# PYTHON=/path/to/python chooses one.
set -eu

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
has_pip() { .venv/bin/python -m pip --version >/dev/null 2>&1; }
apt_root() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }
apt_install() { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; }

if new_enough .venv/bin/python && has_pip; then exit 0; fi

find_python() {
    # Tried by running them: a name on the PATH may be a shim that leads nowhere.
    for name in ${PYTHON:-python3.13 python3.12 python3.11 python3 python3.14 python}; do
        if command -v "$name" >/dev/null && new_enough "$name"; then echo "$name"; return; fi
    done
}

python=$(find_python)
if [ -z "$python" ] && [ -z "${PYTHON:-}" ] && apt_root; then
    echo "No Python 3.11 or newer here: installing Debian's …"
    apt_install python3 python3-venv
    python=$(find_python)
fi
if [ -z "$python" ]; then
    echo "Xieshou needs Python 3.11 or newer, and ${PYTHON:-this machine} is none." >&2
    echo "On Debian or Ubuntu:  sudo apt-get install python3 python3-venv" >&2
    exit 1
fi

version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
echo "Making .venv with Python $version ($(command -v "$python")) …"
rm -rf .venv

# The usual way needs ensurepip, which Debian packs separately; the others need something else to be there.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if "$python" -m venv .venv >"$log" 2>&1 && has_pip; then exit 0; fi
rm -rf .venv
if apt_root && apt_install "python$version-venv" && "$python" -m venv .venv && has_pip; then exit 0; fi
if "$python" -m virtualenv --quiet .venv >>"$log" 2>&1 && has_pip; then exit 0; fi
rm -rf .venv
if command -v uv >/dev/null && uv venv --quiet --seed --python "$python" .venv && has_pip; then exit 0; fi
rm -rf .venv
if "$python" -m venv --without-pip .venv >>"$log" 2>&1; then
    # pip of the machine, or the wheel Debian keeps for others to bundle
    "$python" -m pip --python .venv/bin/python install --quiet pip >>"$log" 2>&1 || true
    has_pip && exit 0
    for wheel in /usr/share/python-wheels/pip-*.whl; do
        PYTHONPATH=$wheel .venv/bin/python -m pip install --quiet pip >>"$log" 2>&1 || true
    done
    has_pip && exit 0
fi
rm -rf .venv
cat "$log" >&2
echo >&2
echo "Python $version cannot make virtual environments here. On Debian or Ubuntu:" >&2
echo "  sudo apt-get install python$version-venv" >&2
exit 1
