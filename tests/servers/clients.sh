# Sourced by tests/run: what the samples in other languages and the check of the JSON Schemas need.
#
#   prepare_clients FOLDER   puts them into FOLDER with their packages and exports SAGAFLOW_TEST_CLIENTS, the folder with
#                            node/, python/ and schemas/, and SAGAFLOW_TEST_NODE and SAGAFLOW_TEST_PYTHON, the programs that run them
#
# With SAGAFLOW_TEST_CLIENTS set nothing is prepared. Missing programs are installed with apt when this user may. Nothing is written
# into the repository.

source "$(dirname "${BASH_SOURCE[0]}")/packages.sh"

prepare_clients() {
    [[ -n ${SAGAFLOW_TEST_CLIENTS:-} ]] && return 0
    mkdir -p "$1/clients"
    cp -r src/Samples/node src/Samples/python tests/servers/schemas "$1/clients/"
    prepare_node "$1/clients/node" && prepare_node "$1/clients/schemas" && prepare_python || return 1
    export SAGAFLOW_TEST_CLIENTS="$1/clients"
}

prepare_node() {
    { command -v node && command -v npm; } > /dev/null || install_packages nodejs npm || return 1
    # The lock file says which bytes are right; where they come from is this machine's business.
    (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error > npm.log 2>&1) || {
        cat "$1/npm.log"
        echo "error: the packages of $(basename "$1") could not be installed" >&2
        return 1
    }
    SAGAFLOW_TEST_NODE="$(command -v node)"
    export SAGAFLOW_TEST_NODE
}

prepare_python() {
    find_python || { install_packages python3 python3-pika && find_python; } || {
        echo "error: there is no python3 with the package 'pika'" >&2
        return 1
    }
    export SAGAFLOW_TEST_PYTHON
}

# The system's own interpreter is the one for which apt installs packages; another may come first on the path.
find_python() {
    for SAGAFLOW_TEST_PYTHON in "$(command -v python3 || true)" /usr/bin/python3; do
        [[ -x $SAGAFLOW_TEST_PYTHON ]] && "$SAGAFLOW_TEST_PYTHON" -c 'import pika' 2> /dev/null && return 0
    done
    return 1
}
