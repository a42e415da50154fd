#!/usr/bin/env bash
# Starts a private PostgreSQL and a private RabbitMQ in FOLDER, unless SAGAFLOW_TEST_POSTGRES and SAGAFLOW_TEST_RABBITMQ name some,
# says where they are and which process each is, and stops them when its input ends: whoever started it need only go away.
set -uo pipefail
here="$(dirname "$(readlink -f "$0")")"
. "$here/postgres.sh"
. "$here/rabbitmq.sh"
trap 'stop_rabbitmq; stop_postgres' EXIT
trap '' INT

start_postgres "$1" >&2 || exit 1
start_rabbitmq >&2 || exit 1
echo "postgres=$SAGAFLOW_TEST_POSTGRES"
echo "rabbitmq=$SAGAFLOW_TEST_RABBITMQ"
[[ -z $postgres_data ]] || echo "postgres-pid=$(head -n 1 "$postgres_data/postmaster.pid")"
[[ -z $postgres_data ]] || echo "postgres-data=$postgres_data"
[[ -z $rabbitmq_folder ]] || echo "rabbitmq-pid=$(cat "$rabbitmq_folder/pid")"
[[ -z $rabbitmq_folder ]] || echo "rabbitmq-folder=$rabbitmq_folder"
echo "ready"
cat > /dev/null
