# Sourced by whatever of this folder needs a program that may be missing.
#
#   install_packages NAME...   installs packages with apt, as root or by a sudo that asks nothing
#
# The lists of packages are fetched once at the most, and only when an installation fails without.

packages_listed="${packages_listed:-}"

install_packages() {
    command -v apt-get > /dev/null || { echo "error: install $*" >&2; return 1; }
    echo "installing $*"
    as_installer install "$@" 2> /dev/null && return 0
    if [[ -z $packages_listed ]]; then
        as_installer update || return 1
        packages_listed=yes
    fi
    as_installer install "$@" || {
        echo "error: $* could not be installed" >&2
        return 1
    }
}

# A package's own service is not wanted: where nothing else forbids it to start, the run level does.
as_installer() {
    local sudo="" command="$1"
    shift
    ((EUID == 0)) || sudo="sudo -n"
    case "$command" in
        update) $sudo apt-get update -qq > /dev/null ;;
        install) $sudo env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "$@" > /dev/null ;;
    esac
}
