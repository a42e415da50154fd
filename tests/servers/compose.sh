# Sourced by tests/run: docker-compose, which reads the compose file for a test. No container is started.

source "$(dirname "${BASH_SOURCE[0]}")/packages.sh"

require_compose() {
    command -v docker-compose > /dev/null || install_packages docker-compose
}
