# shellcheck shell=bash
# What the scripts share that work in small Debian systems of their own, made by debootstrap. Sourced after lib.sh, never
# run. Needs root.

# What any machine may need to reach Debian and PyPI: a proxy, and the certificate of its own that this one speaks with.
passed_on=()
for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    [ -z "${!name-}" ] || passed_on+=("$name=${!name}")
done

# make_system RELEASE FOLDER LOG: the smallest system of a release of Debian; RELEASE:arm64 is one for 64-bit Arm, whose programs
# qemu runs here as long as this script lives. They and the system need not know of it: the kernel opens it once (F).
make_system() {
    local architecture=()
    if [ "${1%:arm64}" != "$1" ]; then
        architecture=(--arch=arm64)
        [ "$(uname -m)" = aarch64 ] || emulate_aarch64
    fi
    debootstrap --variant=minbase "${architecture[@]}" "${1%:*}" "$2" >"$3" || die "no system of Debian's $1 could be made; $3 says why"
    [ ! -d /usr/local/share/ca-certificates ] || cp -R /usr/local/share/ca-certificates "$2/usr/local/share/"
}

# By the head of an ELF file of 64 bits, which is a program or a shared object, of machine 183.
aarch64=/proc/sys/fs/binfmt_misc/handleguard-aarch64
head='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
emulate_aarch64() {
    local formats=${aarch64%/*} emulator
    [ ! -e "$aarch64" ] || return 0
    install-deps emulation
    emulator=$(command -v qemu-aarch64-static || command -v qemu-aarch64)
    [ -e "$formats/register" ] || mount -t binfmt_misc binfmt_misc "$formats" || die "this kernel runs no programs of other machines"
    printf '%s' ":${aarch64##*/}:M::$head:$mask:$emulator:PF" >"$formats/register"
}

# What whoever makes such systems does at its end.
end_emulation() { [ ! -e "$aarch64" ] || echo -1 >"$aarch64"; }

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
