#!/bin/sh
# Builds versitygw (S3 over a directory) once, from the Go module proxy, and prints the path of the binary.
#
# Kept outside the checkout, in ${COLDTRACE_SERVERS:-~/.cache/coldtrace-servers}; a second call only prints.
# About 4 CPU minutes. Exit 0 built or there · 1 the build failed (its log is named) · 3 skipped: no Go, or no module proxy.
# Not older than 1.8.0: 1.7.0 has no lock between looking and renaming, so that several conditional writers win.
set -eu

version=1.8.0
home=${COLDTRACE_SERVERS:-$HOME/.cache/coldtrace-servers}
binary=$home/versitygw-$version

[ -x "$binary" ] && { echo "$binary"; exit 0; }

command -v go >/dev/null 2>&1 || {
  echo "versitygw: skipped: 'go' is not on this machine (need 1.26 or later: https://go.dev/dl or 'apt-get install golang')" >&2
  exit 3
}
# Asked from outside any module.
(cd / && go list -m -versions github.com/versity/versitygw) >/dev/null 2>&1 || {
  echo "versitygw: skipped: the Go module proxy does not give it (is it reachable? see 'go env GOPROXY')" >&2
  exit 3
}

mkdir -p "$home"
# One build at a time: a second caller waits for the first and then only prints.
if command -v flock >/dev/null 2>&1 && [ -z "${COLDTRACE_SERVERS_LOCKED:-}" ]; then
  COLDTRACE_SERVERS_LOCKED=1 exec flock "$home/versitygw.lock" sh "$0" "$@"
fi

work=$(mktemp -d "$home/versitygw-build.XXXXXX")
log=$home/versitygw-build.log
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

CGO_ENABLED=0 GOBIN=$work go install -trimpath -ldflags='-s -w' \
  "github.com/versity/versitygw/cmd/versitygw@v$version" > "$log" 2>&1 || {
  echo "versitygw: the build failed; the end of $log:" >&2
  tail -n 20 "$log" >&2
  exit 1
}

mv "$work/versitygw" "$binary"
echo "$binary"
