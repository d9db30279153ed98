#!/bin/bash
# Boots systemd as PID 1 over a throw-away copy of this machine: run under
#   unshare --mount --pid --cgroup --uts --ipc --net --fork --kill-child bash boot.sh FOLDER PREPARE
# FOLDER becomes a tmpfs with the overlay in it, so nothing written inside is left. PREPARE is run
# in the new root before systemd. FOLDER/root is the root as seen from outside (nsenter goes in).
set -eu
folder=$1 prepare=$2
mount --make-rprivate /
mount -t tmpfs tmpfs "$folder"
mkdir "$folder"/{upper,work,root}
mount -t overlay overlay \
    -o "lowerdir=/,upperdir=$folder/upper,workdir=$folder/work" "$folder/root"
cd "$folder/root"
for old in proc sys dev; do mkdir -p "$old"; done
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t tmpfs tmpfs sys/fs/cgroup
umount sys/fs/cgroup
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs tmpfs dev
for device in null zero full random urandom tty; do
    touch "dev/$device"
    mount --bind "/dev/$device" "dev/$device"
done
mkdir dev/shm dev/pts
mount -t tmpfs tmpfs dev/shm
mount -t devpts devpts dev/pts
ln -s /proc/self/fd dev/fd
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs tmpfs tmp
mkdir tmp/oldroot
pivot_root . tmp/oldroot
umount -l /tmp/oldroot
rmdir /tmp/oldroot
cd /
# As systemd makes it where it is in no container.
mount --make-rshared /
bash -c "$prepare"
exec env -i container=lxc PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb \
    /usr/lib/systemd/systemd --system --unit=kiosk-test.target </dev/null
