# A private RabbitMQ for the tests: sourced by tests/run, which calls start_rabbitmq and, at its end, stop_rabbitmq.
#
# Sets SAGAFLOW_TEST_RABBITMQ (amqp address), SAGAFLOW_TEST_RABBITMQ_MANAGEMENT (HTTP address) and SAGAFLOW_TEST_RABBITMQ_NODE, the
# folder with the script that stops, kills and starts the node. Servers that are named already are used as they are.
# The node has ports, a folder, a cookie and an epmd of its own: nothing outside of it is touched.

source "$(dirname "${BASH_SOURCE[0]}")/packages.sh"

rabbitmq_folder=""

start_rabbitmq() {
    [[ -n ${SAGAFLOW_TEST_RABBITMQ:-} ]] && return 0
    [[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ]] || install_rabbitmq || return 1
    rabbitmq_folder="$(mktemp -d)"
    chmod 755 "$rabbitmq_folder"
    write_rabbitmq_node
    "$rabbitmq_folder/node" start || {
        tail -n 20 "$rabbitmq_folder/start.log" >&2
        return 1
    }
    export SAGAFLOW_TEST_RABBITMQ="amqp://guest:guest@127.0.0.1:$rabbitmq_port/"
    export SAGAFLOW_TEST_RABBITMQ_MANAGEMENT="http://guest:guest@127.0.0.1:$rabbitmq_management_port/"
    export SAGAFLOW_TEST_RABBITMQ_NODE="$rabbitmq_folder"
}

stop_rabbitmq() {
    [[ -n $rabbitmq_folder ]] || return 0
    "$rabbitmq_folder/node" end > /dev/null 2>&1 || true
    rm -rf "$rabbitmq_folder"
    rabbitmq_folder=""
}

install_rabbitmq() {
    install_packages rabbitmq-server || {
        echo "error: without RabbitMQ, name a broker in SAGAFLOW_TEST_RABBITMQ" >&2
        return 1
    }
    # Where something has started the package's own service nevertheless, it is ended.
    if [[ -d /run/systemd/system ]]; then
        local sudo=""
        ((EUID == 0)) || sudo="sudo -n"
        $sudo systemctl disable --now rabbitmq-server > /dev/null 2>&1 || true
    fi
}

free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000))
        (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null || { echo "$port"; return; }
    done
}

write_rabbitmq_node() {
    rabbitmq_port="$(free_port)"
    rabbitmq_management_port="$(free_port)"
    local dist_port epmd_port
    dist_port="$(free_port)"
    epmd_port="$(free_port)"
    echo "[rabbitmq_management]." > "$rabbitmq_folder/plugins"
    # A low limit for how long a delivery may stay unacknowledged, looked at often: a test outlasts it.
    cat > "$rabbitmq_folder/rabbitmq.conf" << END
listeners.tcp.default = 127.0.0.1:$rabbitmq_port
management.tcp.ip = 127.0.0.1
management.tcp.port = $rabbitmq_management_port
loopback_users.guest = true
consumer_timeout = 20000
vm_memory_high_watermark.absolute = 2GB
disk_free_limit.absolute = 1MB
log.file.level = warning
END
    echo '[{rabbit, [{channel_tick_interval, 1000}]}].' > "$rabbitmq_folder/advanced.config"
    cat > "$rabbitmq_folder/node" << END
#!/usr/bin/env bash
# start | stop | kill | freeze | thaw | end | ctl ARGUMENTS...
export HOME="$rabbitmq_folder" RABBITMQ_NODENAME="sagaflow$rabbitmq_port@localhost" ERL_EPMD_PORT=$epmd_port ERL_EPMD_ADDRESS=127.0.0.1
export RABBITMQ_NODE_PORT=$rabbitmq_port RABBITMQ_DIST_PORT=$dist_port RABBITMQ_MNESIA_BASE="$rabbitmq_folder/data"
export RABBITMQ_LOG_BASE="$rabbitmq_folder/log" RABBITMQ_PID_FILE="$rabbitmq_folder/pid" RABBITMQ_CONFIG_FILE="$rabbitmq_folder/rabbitmq.conf"
export RABBITMQ_ENABLED_PLUGINS_FILE="$rabbitmq_folder/plugins" RABBITMQ_GENERATED_CONFIG_DIR="$rabbitmq_folder/schema"
export ERL_CRASH_DUMP="$rabbitmq_folder/crash.dump" RABBITMQ_CONF_ENV_FILE=/dev/null RABBITMQ_ADVANCED_CONFIG_FILE="$rabbitmq_folder/advanced.config" RABBITMQ_FEATURE_FLAGS_FILE="$rabbitmq_folder/flags"
beam() { cat "$rabbitmq_folder/pid"; }
case "\$1" in
    start)
        rm -f "$rabbitmq_folder/pid"
        setsid /usr/lib/rabbitmq/bin/rabbitmq-server > "$rabbitmq_folder/start.log" 2>&1 < /dev/null &
        server=\$!
        for ((i = 0; i < 600; i++)); do
            # Both listeners, because the plugin's comes last.
            if (exec 3<> /dev/tcp/127.0.0.1/$rabbitmq_port) 2> /dev/null && (exec 3<> /dev/tcp/127.0.0.1/$rabbitmq_management_port) 2> /dev/null; then
                # After a kill, this version's recovery can leave a queue of a single node without a leader for ever.
                "\$0" ctl eval "[ra:trigger_election({N, node()}) || {N, follower} <- ets:tab2list(ra_state)]." > /dev/null
                exit 0
            fi
            kill -0 \$server 2> /dev/null || exit 1
            sleep 0.1
        done
        exit 1 ;;
    stop) "\$0" signal TERM ;;
    kill) "\$0" signal KILL ;;
    signal)
        pid="\$(beam)"
        kill "-\$2" "\$pid" 2> /dev/null
        while kill -0 "\$pid" 2> /dev/null; do sleep 0.05; done ;;
    freeze) kill -STOP "\$(beam)" ;;
    thaw) kill -CONT "\$(beam)" ;;
    end)
        kill -CONT "\$(beam)" 2> /dev/null
        "\$0" signal KILL
        # Its epmd outlives it; it listens on a port that nobody else uses.
        $(command -v epmd || echo /usr/bin/epmd) -port $epmd_port -relaxed_command_check -kill ;;
    ctl) shift; exec /usr/lib/rabbitmq/bin/rabbitmqctl "\$@" ;;
esac
END
    chmod 755 "$rabbitmq_folder/node"
}
