# Sourced by tests/run: the library that gives one process a wall clock of its own, for the faults of clocks.

source "$(dirname "${BASH_SOURCE[0]}")/packages.sh"

# Without it those faults cannot fire, which counts as a failure of theirs: here it is only installed when this user may.
install_faketime() {
    [[ -n $(ls /usr/lib/*/faketime/libfaketimeMT.so.1 2> /dev/null) ]] || install_packages libfaketime
}
