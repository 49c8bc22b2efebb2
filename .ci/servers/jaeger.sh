#!/bin/sh
# Builds Jaeger once, from the Go module proxy, and prints the path of the binary.
#
# Kept outside the checkout, in ${COLDTRACE_SERVERS:-~/.cache/coldtrace-servers}; a second call only prints.
# About 8 CPU minutes. Exit 0 built or there · 1 the build failed (its log is named) · 3 skipped: no Go, or no module proxy.
set -eu

version=1.76.0
module=github.com/jaegertracing/jaeger
home=${COLDTRACE_SERVERS:-$HOME/.cache/coldtrace-servers}
binary=$home/jaeger-$version

[ -x "$binary" ] && { echo "$binary"; exit 0; }

command -v go >/dev/null 2>&1 || {
  echo "jaeger: skipped: 'go' is not on this machine (need 1.26 or later: https://go.dev/dl or 'apt-get install golang')" >&2
  exit 3
}

# Asked from outside any module. Go before 1.21 cannot fetch the Go that the build needs.
case $(go env GOVERSION) in go1.?|go1.?.*|go1.1?*|go1.20*)
  echo "jaeger: skipped: $(go version) is too old (need 1.26 or later, or 1.21 to fetch it)" >&2
  exit 3 ;;
esac
(cd / && go list -m "$module@v$version") >/dev/null 2>&1 || {
  echo "jaeger: skipped: the Go module proxy does not give it (is it reachable? see 'go env GOPROXY')" >&2
  exit 3
}

mkdir -p "$home"
# One build at a time: a second caller waits for the first and then only prints.
if command -v flock >/dev/null 2>&1 && [ -z "${COLDTRACE_SERVERS_LOCKED:-}" ]; then
  COLDTRACE_SERVERS_LOCKED=1 exec flock "$home/jaeger.lock" sh "$0" "$@"
fi

work=$(mktemp -d "$home/jaeger-build.XXXXXX")
log=$home/jaeger-build.log
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

# `go install` refuses a module with a replace line, so an own go.mod repeats it.
cat > "$work/go.mod" <<GOMOD
module x

go 1.26

require $module v$version

replace github.com/Shopify/sarama => github.com/Shopify/sarama v1.33.0
GOMOD

# Static and reproducible; Go 1.26 refuses to stamp a build outside a repository.
export CGO_ENABLED=0 GOFLAGS=-buildvcs=false

build() {
  cd "$work"
  source=$(go mod download -json "$module@v$version" | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",*$/\1/p')
  # The module cache is read-only; the copy must not be.
  cat "$source/go.sum" > go.sum
  go build -mod=mod -trimpath -ldflags='-s -w' -o jaeger "$module/cmd/jaeger"
}

(build) > "$log" 2>&1 || {
  echo "jaeger: the build failed; the end of $log:" >&2
  tail -n 20 "$log" >&2
  exit 1
}

mv "$work/jaeger" "$binary"
echo "$binary"
