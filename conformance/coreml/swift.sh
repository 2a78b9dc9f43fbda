#!/bin/sh
# Unpacks a Swift 6 compiler for Linux into .swift/ of this folder, out of Debian's packages, and writes .swift/run, which
# runs a command among them. Nothing is installed. For Debian and its relatives on x86-64, as root: .swift/run mounts.
# Elsewhere: swift.org/install.
# Usage: conformance/coreml/swift.sh
set -eu
cd "$(dirname "$0")"
release=trixie
here=$(pwd)/.swift

if [ -x .swift/run ] && .swift/run swiftc --version >/dev/null 2>&1; then exit 0; fi
rm -rf .swift
mkdir -p .swift/root/tmp .swift/root/proc .swift/root/dev .swift/lists/partial .swift/cache/archives/partial
: >.swift/status
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian $release main" >.swift/sources.list

apt() {
  apt-get -qq -o Dir::Etc::SourceList="$here/sources.list" -o Dir::Etc::SourceParts=- -o Dir::State::Lists="$here/lists" \
    -o Dir::State::Status="$here/status" -o Dir::Cache="$here/cache" -o APT::Architectures=amd64 -o APT::Sandbox::User=root "$@"
}
apt update
apt install -y --no-install-recommends --download-only swiftlang libc6-dev libstdc++-14-dev >/dev/null

for name in bin sbin lib lib64; do ln -s "usr/$name" ".swift/root/$name"; done
ls .swift/cache/archives/*.deb | xargs -P 2 -n 8 sh -c 'for deb do dpkg --fsys-tarfile "$deb" | tar -x -C .swift/root --keep-directory-symlink \
  --exclude="./usr/share/doc" --exclude="./usr/share/man" --exclude="./usr/share/locale" --exclude="*lldb*" --exclude="*/cc1*" --exclude="*/lto1"; done' sh
rm -rf .swift/cache .swift/lists

cat >.swift/run <<'RUN'
#!/bin/sh
# Runs a command of the unpacked system, with this machine's /proc, /dev and /tmp.
root=$(cd "$(dirname "$0")" && pwd)/root
exec unshare --mount sh -c 'mount -t proc proc "$0/proc" && mount --bind /dev "$0/dev" && mount --bind /tmp "$0/tmp" && exec chroot "$0" "$@"' "$root" "$@"
RUN
chmod +x .swift/run
.swift/run swiftc --version
