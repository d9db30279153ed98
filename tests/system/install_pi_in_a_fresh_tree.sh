#!/usr/bin/env bash
# scripts/install-pi, whole, in a fresh tree of Debian: twice, then --uninstall; says what is left.
# By hand, as root, with a network: it takes minutes and a gigabyte, which is too long for every CI.
#
#   tests/system/install_pi_in_a_fresh_tree.sh bookworm
#   tests/system/install_pi_in_a_fresh_tree.sh trixie --python /opt/python3.11 --bind /opt/wheels
#
#   --tree FOLDER     a debootstrap tree to copy from (made where it is missing)
#   --bind FOLDER     a folder that is there inside too, read-only; may be given again
#   --python FOLDER   a Python to use instead of the tree's: where a release has no x86 wheel of
#                     torch for its own (Debian 13, 3.13)
set -euo pipefail
release=${1:?bookworm or trixie}
shift
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=${WORK:-/var/tmp/pronounce-fresh}
tree=$work/$release.clean binds=() python=""
while (($#)); do
    case $1 in
    --tree) tree=$2 ;;
    --bind) binds+=("$2") ;;
    --python) python=$2 && binds+=("$2") ;;
    *) sed -n '2,13s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" && exit 2 ;;
    esac
    shift 2
done
mkdir -p "$work"
[[ -d $tree ]] || debootstrap --variant=minbase --include=ca-certificates "$release" "$tree"
root=$work/$release
rm -rf "$root"
cp -a "$tree" "$root"
mkdir -p "$root/source" "$root/root/.config/pip"
(cd "$here" && git archive HEAD) | tar xf - -C "$root/source"
cp -L /etc/resolv.conf "$root/etc/"
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
for file in /etc/pip.conf ~/.config/pip/pip.conf; do
    [[ ! -f $file ]] || cp "$file" "$root$file"
done
if [[ -n $python ]]; then
    ln -sf "$python/bin/python3" "$root/usr/local/bin/python3"
    chmod a+x "$root/root" # wherever it lies, the kiosk's user must reach it
fi

inside() {
    local folder mounts=""
    for folder in "${binds[@]}"; do
        mkdir -p "$root$folder"
        mounts+="mount --rbind '$folder' '$root$folder'; "
    done
    unshare --mount --pid --fork --kill-child --propagation private bash -c "
        set -e
        mount -t proc proc '$root/proc'; mount --rbind /dev '$root/dev'
        mount -t sysfs sysfs '$root/sys'; mount -t tmpfs tmpfs '$root/tmp'
        $mounts
        exec chroot '$root' env -i HOME=/root LC_ALL=C.UTF-8 OMP_NUM_THREADS=1 \
            $(env | grep '^PIP_' | tr '\n' ' ') \
            PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin $*" </dev/null
}
snapshot() {
    (cd "$root" && find etc opt home usr var/lib var/log -xdev \( -type f -o -type l \) \
        ! -name '*.pyc' 2>/dev/null | sort)
}
failed=0
expect() { printf "\n== %s: %s\n" "$1" "$2" && [[ $2 == "$3" ]] || { echo "   but wanted $3" && failed=1; }; }

packages() { inside dpkg-query -W -f="'\${Package}\n'" | sort; }
snapshot >"$work/$release.before"
packages >"$work/$release.packages"
code=0 && inside /source/scripts/install-pi --yes || code=$?
expect "first run" "$code" 0
snapshot >"$work/$release.once"
code=0 && inside /source/scripts/install-pi --yes || code=$?
expect "second run" "$code" 0
snapshot >"$work/$release.twice"
expect "files that the second run made or removed" \
    "$(diff "$work/$release.once" "$work/$release.twice" | grep -c '^[<>]')" 0
expect "files of /etc and /home that the second run changed" \
    "$(find "$root/etc" "$root/home" -xdev -type f -newer "$work/$release.once" \
        ! -name ld.so.cache | tee /dev/stderr | wc -l)" 0
code=0 && inside runuser -u kiosk -- /opt/pronounce-kiosk/.venv/bin/pronounce-kiosk models verify ||
    code=$?
expect "the kiosk's user verifies the bundles" "$code" 0
code=0 && inside /source/scripts/install-pi --uninstall --yes || code=$?
expect "--uninstall" "$code" 0
snapshot >"$work/$release.after"
echo "== packages that stay, which apt keeps because others suggest them:"
comm -13 "$work/$release.packages" <(packages) | tr '\n' ' '
echo "== left, but for what dpkg and ldconfig note of themselves:"
diff "$work/$release.before" "$work/$release.after" | grep '^>' |
    grep -vE 'var/(lib/(dpkg|apt|systemd|ucf|polkit-1|dbus|pam)|log/(apt|dpkg|alternatives))' || true
echo "== gone, which was there before:"
diff "$work/$release.before" "$work/$release.after" | grep '^<' || true
exit "$failed"
