# shellcheck shell=bash
# What the scripts share that work in small Debian systems of their own, made by debootstrap. Sourced after lib.sh, never
# run. Needs root.

# What any machine may need to reach Debian and PyPI: a proxy, and the certificate of its own that this one speaks with.
passed_on=()
for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    [ -z "${!name-}" ] || passed_on+=("$name=${!name}")
done

# make_system RELEASE FOLDER LOG: the smallest system of a release of Debian.
make_system() {
    debootstrap --variant=minbase "$1" "$2" >"$3" || die "no system of Debian's $1 could be made; $3 says why"
    [ ! -d /usr/local/share/ca-certificates ] || cp -R /usr/local/share/ca-certificates "$2/usr/local/share/"
}

# inside FOLDER COMMAND...: runs it in the system there, in namespaces of mounts and processes that end with it. `shown`,
# if it is set, is a folder of this machine that stands there as /mnt.
inside() {
    local system=$1
    shift
    # shellcheck disable=SC2016 # for the inner shell
    unshare --mount --pid --fork --kill-child bash -c '
        system=$1 shown=$2
        shift 2
        mount --make-rprivate /
        mount -t proc proc "$system/proc"
        mount --rbind /sys "$system/sys"
        mount --rbind /dev "$system/dev"
        [ -z "$shown" ] || mount --bind "$shown" "$system/mnt"
        exec chroot "$system" "$@"' inside "$system" "${shown-}" env -i "${passed_on[@]}" \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb "$@"
}
