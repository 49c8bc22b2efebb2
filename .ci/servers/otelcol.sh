#!/bin/sh
# Builds an OpenTelemetry Collector once, from the Go module proxy, and prints the path of the binary.
#
# Kept outside the checkout, in ${COLDTRACE_SERVERS:-~/.cache/coldtrace-servers}; a second call only prints.
# About 6 CPU minutes. Exit 0 built or there · 1 the build failed (its log is named) · 3 skipped: no Go, or no module proxy.
set -eu

version=0.159.0
config_version=1.65.0
# Goes up when the manifest changes: an older binary of the same version lacks what was added.
manifest=2
home=${COLDTRACE_SERVERS:-$HOME/.cache/coldtrace-servers}
binary=$home/otelcol-$version-$manifest

[ -x "$binary" ] && { echo "$binary"; exit 0; }

command -v go >/dev/null 2>&1 || {
  echo "otelcol: skipped: 'go' is not on this machine (need 1.26 or later: https://go.dev/dl or 'apt-get install golang')" >&2
  exit 3
}

# Asked from outside any module. Go before 1.21 cannot fetch the Go that the build needs.
case $(go env GOVERSION) in go1.?|go1.?.*|go1.1?*|go1.20*)
  echo "otelcol: skipped: $(go version) is too old (need 1.26 or later, or 1.21 to fetch it)" >&2
  exit 3 ;;
esac
(cd / && go list -m -versions go.opentelemetry.io/collector/cmd/builder) >/dev/null 2>&1 || {
  echo "otelcol: skipped: the Go module proxy does not give it (is it reachable? see 'go env GOPROXY')" >&2
  exit 3
}

mkdir -p "$home"
# One build at a time: a second caller waits for the first and then only prints.
if command -v flock >/dev/null 2>&1 && [ -z "${COLDTRACE_SERVERS_LOCKED:-}" ]; then
  COLDTRACE_SERVERS_LOCKED=1 exec flock "$home/otelcol.lock" sh "$0" "$@"
fi

work=$(mktemp -d "$home/otelcol-build.XXXXXX")
log=$home/otelcol-build.log
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

# Module versions of the collector line; every one was checked to resolve on the proxy.
cat > "$work/manifest.yaml" <<MANIFEST
dist:
  name: otelcol
  description: the Collector that coldtrace is tested against
  output_path: $work/dist
  version: $version
receivers:
  - gomod: go.opentelemetry.io/collector/receiver/otlpreceiver v$version
processors:
  - gomod: go.opentelemetry.io/collector/processor/batchprocessor v$version
  - gomod: go.opentelemetry.io/collector/processor/memorylimiterprocessor v$version
exporters:
  - gomod: go.opentelemetry.io/collector/exporter/debugexporter v$version
  - gomod: go.opentelemetry.io/collector/exporter/otlphttpexporter v$version
  - gomod: github.com/open-telemetry/opentelemetry-collector-contrib/exporter/fileexporter v$version
  - gomod: github.com/open-telemetry/opentelemetry-collector-contrib/exporter/prometheusexporter v$version
extensions:
  - gomod: github.com/open-telemetry/opentelemetry-collector-contrib/extension/healthcheckextension v$version
providers:
  - gomod: go.opentelemetry.io/collector/confmap/provider/envprovider v$config_version
  - gomod: go.opentelemetry.io/collector/confmap/provider/fileprovider v$config_version
  - gomod: go.opentelemetry.io/collector/confmap/provider/yamlprovider v$config_version
MANIFEST

# Static and reproducible; Go 1.26 refuses to stamp a build outside a repository.
export CGO_ENABLED=0 GOFLAGS=-buildvcs=false GOBIN="$work/bin"

{
  go install "go.opentelemetry.io/collector/cmd/builder@v$version" &&
  "$work/bin/builder" --config "$work/manifest.yaml" --ldflags='-s -w'
} > "$log" 2>&1 || {
  echo "otelcol: the build failed; the end of $log:" >&2
  tail -n 20 "$log" >&2
  exit 1
}

mv "$work/dist/otelcol" "$binary"
echo "$binary"
