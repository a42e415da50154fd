# Sourced by tests/run: the library that gives one process a wall clock of its own, for the faults of clocks.

# Without it those faults cannot fire, which counts as a failure of theirs: here it is only installed when this user may.
install_faketime() {
    [[ -z $(ls /usr/lib/*/faketime/libfaketimeMT.so.1 2> /dev/null) ]] || return 0
    local sudo=""
    ((EUID == 0)) || sudo="sudo -n"
    command -v apt-get > /dev/null || return 1
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends libfaketime > /dev/null 2>&1 ||
        { $sudo apt-get update -qq > /dev/null && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends libfaketime > /dev/null; }
}
