# Sourced by tests/run: a PostgreSQL for the tests that need one.
#
#   start_postgres FOLDER   exports SAGAFLOW_TEST_POSTGRES, an Npgsql connection string of a superuser
#   stop_postgres           ends what start_postgres started, and nothing else
#
# With SAGAFLOW_TEST_POSTGRES set, that server is used and nothing is started. Else a private instance is started on a free
# loopback port, its data in FOLDER, with default durability. A missing server is installed with apt when this user may.

source "$(dirname "${BASH_SOURCE[0]}")/packages.sh"

postgres_data=""

start_postgres() {
    if [[ -n ${SAGAFLOW_TEST_POSTGRES:-} ]]; then
        echo "using the PostgreSQL of SAGAFLOW_TEST_POSTGRES"
        return 0
    fi
    local bin password port attempt
    bin="$(postgres_bin)" || install_postgres && bin="$(postgres_bin)" || return 1
    mkdir -p "$1/postgres"
    password="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
    (umask 077 && echo "$password" > "$1/postgres/password")
    own_postgres_folder "$1"
    as_postgres "$bin/initdb" --pgdata "$1/postgres/data" --username postgres --pwfile "$1/postgres/password" \
        --auth scram-sha-256 --encoding UTF8 --no-locale > "$1/postgres/initdb.log" 2>&1 || { cat "$1/postgres/initdb.log"; return 1; }
    for attempt in 1 2 3 4 5 6 7 8 9 10; do
        port=$((20000 + RANDOM % 12000))
        if as_postgres "$bin/pg_ctl" start --wait --silent --pgdata "$1/postgres/data" --log "$1/postgres/server.log" --options \
            "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories='' -c max_connections=200" > /dev/null; then
            postgres_data="$1/postgres/data"
            export SAGAFLOW_TEST_POSTGRES="Host=127.0.0.1;Port=$port;Username=postgres;Password=$password;Database=postgres"
            echo "started PostgreSQL on port $port"
            return 0
        fi
    done
    cat "$1/postgres/server.log"
    return 1
}

stop_postgres() {
    [[ -n $postgres_data ]] || return 0
    as_postgres "$(postgres_bin)/pg_ctl" stop --silent --mode immediate --pgdata "$postgres_data" > /dev/null || true
    postgres_data=""
}

# The newest installed server's programs.
postgres_bin() {
    local found
    found="$(ls -d /usr/lib/postgresql/*/bin 2> /dev/null | sort -V | tail -n 1)"
    if [[ -z $found ]] && command -v initdb > /dev/null; then
        found="$(dirname "$(command -v initdb)")"
    fi
    [[ -n $found && -x $found/initdb ]] && echo "$found"
}

install_postgres() {
    command -v apt-get > /dev/null && [[ $EUID -eq 0 ]] || {
        echo "PostgreSQL is not installed: install the package 'postgresql', or name a server in SAGAFLOW_TEST_POSTGRES"
        return 1
    }
    # The package would make a cluster of its own and start it.
    mkdir -p /etc/postgresql-common
    [[ -e /etc/postgresql-common/createcluster.conf ]] || echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf
    install_packages postgresql
}

# The server refuses to run as root.
as_postgres() {
    if [[ $EUID -eq 0 ]]; then
        (cd / && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

own_postgres_folder() {
    if [[ $EUID -eq 0 ]]; then
        chmod 711 "$1"
        chown -R postgres "$1/postgres"
    fi
}
