# shellcheck shell=bash
# What the scripts share: the top folder as working directory, --help, one build function. Sourced, never run.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
PATH=$PWD/scripts:$PATH

# Prints the comment at the head of the calling script if its first argument asks for help.
help_if_asked() {
    case ${1-} in
    -h | --help)
        sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
        exit 0
        ;;
    esac
}

say() { printf '== %s\n' "$*"; }

die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 2
}

# build_preset PRESET [TARGET...]: builds the program; the tests too if this build tree has had them before.
build_preset() {
    local preset=$1 folder=build-$1
    shift
    [ "$preset" != release ] || folder=build
    [ -f "$folder/build.ninja" ] || cmake --preset "$preset" -DHANDLEGUARD_TESTS=OFF >/dev/null
    cmake --build "$folder" -- --quiet "${@:-all}"
}

# build_tests PRESET [TARGET...]: builds the program and the tests, without a warning.
build_tests() {
    cmake --preset "$1" -DHANDLEGUARD_TESTS=ON -DHANDLEGUARD_WERROR=ON >/dev/null
    build_preset "$@"
}

# check_warnings PRESET: compiles all sources once, without a warning, and links nothing. A build type without options (not
# optimised, no debugging information) takes two thirds of the time, and clang warns of the same.
check_warnings() {
    local folder=build-$1
    cmake --preset "$1" -DHANDLEGUARD_TESTS=ON -DHANDLEGUARD_WERROR=ON >/dev/null
    mapfile -t objects < <(ninja -C "$folder" -t targets all | sed -n '/_tested\.dir\|_perturbed\.dir/d; s/: C_COMPILER__.*//p')
    [ "${#objects[@]}" -gt 1000 ] || die "$folder has ${#objects[@]} objects, and far more were expected"
    build_preset "$1" "${objects[@]}"
}
