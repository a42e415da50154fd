# Sourced by tests/run: docker-compose, which reads the compose file for a test. No container is started.

require_compose() {
    command -v docker-compose > /dev/null && return 0
    local sudo=""
    ((EUID == 0)) || sudo="sudo -n"
    command -v apt-get > /dev/null || { echo "error: install docker-compose" >&2; return 1; }
    echo "installing docker-compose"
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get update -qq > /dev/null &&
        $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends docker-compose > /dev/null
}
