#!/usr/bin/env bash
# Does `./run demo` work on a bare machine? Makes a Debian 12 that has only apt and git, clones the
# last commit into it, and runs the demo there twice. Needs root and debootstrap (./run bare).
# Usage: check_bare_install.sh [COMMAND...]    the command to run in the clone, default: ./run demo
set -euo pipefail

repo=$(git -C "$(dirname "${BASH_SOURCE[0]}")" rev-parse --show-toplevel)
suite=bookworm
cache=${XDG_CACHE_HOME:-$HOME/.cache}/throughline/$suite.tar
work=$(mktemp -d "${TMPDIR:-/tmp}/throughline-bare.XXXXXX")
root=$work/root

say() { printf '%s\n' "$*" >&2; }

clean_up() {
  mountpoint -q "$root/proc" && umount "$root/proc"
  rm -rf --one-file-system "$work"
}
trap clean_up EXIT

# The archives that this machine's own apt uses for Debian 12, as lines of a sources.list.
debian_sources() {
  # shellcheck disable=SC2016  # the format is apt-get's, not the shell's
  apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    grep -E " $suite(-updates|-security)? main\$" | sort -u
}

# How this machine's apt gets files: proxies, time-outs, what it does not check.
apt_settings() { apt-config dump | grep -E '^Acquire::[^ ]+ "[^"]+";$' | grep -v '^Acquire::CompressionTypes'; }

make_root() {
  local mirror proxy
  mirror=$(debian_sources | awk -v suite="$suite" '$3 == suite {print $2; exit}')
  [[ -n $mirror ]] || { say "This machine's apt has no archive of Debian $suite."; exit 3; }
  proxy=$(apt-config dump --format '%v' Acquire::http::Proxy)
  say "Making a $suite root ..."
  http_proxy=${proxy:-${http_proxy:-}} debootstrap --variant=minbase --include=git,ca-certificates \
    "$suite" "$root" "$mirror" >"$work/debootstrap.log" || { tail "$work/debootstrap.log" >&2; exit 3; }
  mkdir -p "$(dirname "$cache")"
  tar -C "$root" --exclude='./proc/*' --exclude='./var/cache/apt/archives/*.deb' -cf "$cache.new" .
  mv "$cache.new" "$cache"
}

# A root from the cache is as good as a new one, and here in seconds; delete the file to renew it.
unpack_root() {
  mkdir -p "$root"
  if [[ -f $cache ]]; then tar -C "$root" -xf "$cache"; else make_root; fi
  debian_sources >"$root/etc/apt/sources.list"
  apt_settings >"$root/etc/apt/apt.conf.d/90host" || true
  cp /etc/resolv.conf /etc/hosts "$root/etc/"
  mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
}

# in_clone COMMAND...: with an environment of its own, but for how to reach the network.
in_clone() {
  # shellcheck disable=SC2016  # expanded by the inner shell
  chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
    ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
    bash -c 'cd /root/throughline && exec "$@"' bash "$@"
}

attempt() {
  local start=$SECONDS
  if ! in_clone "$@"; then
    say "FAILED on a bare $suite: $*"
    exit 1
  fi
  say "== $* took $((SECONDS - start)) s"
}

[[ $# -gt 0 ]] || set -- ./run demo
unpack_root
git clone --quiet --no-hardlinks "$repo" "$root/root/throughline"
attempt "$@"
attempt "$@"
say "PASSED on a bare $suite: $*, twice"
