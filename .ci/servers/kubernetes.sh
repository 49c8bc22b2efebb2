#!/bin/sh
# Builds etcd, kube-apiserver and kubectl once, from the Go module proxy, and prints the folder of the binaries.
#
# Kept outside the checkout, in ${COLDTRACE_SERVERS:-~/.cache/coldtrace-servers}; a second call only prints.
# About 13 CPU minutes. Exit 0 built or there · 1 the build failed (its log is named) · 3 skipped: no Go, or no module proxy.
set -eu

version=1.36.3
# Debian's etcd 3.4 breaks the watches of a current API server.
etcd_version=3.6.8
home=${COLDTRACE_SERVERS:-$HOME/.cache/coldtrace-servers}
target=$home/kubernetes-$version

[ -x "$target/kube-apiserver" ] && { echo "$target"; exit 0; }

command -v go >/dev/null 2>&1 || {
  echo "kubernetes: skipped: 'go' is not on this machine (need 1.26 or later: https://go.dev/dl or 'apt-get install golang')" >&2
  exit 3
}

# Asked from outside any module. Go before 1.21 cannot fetch the Go that the build needs.
case $(go env GOVERSION) in go1.?|go1.?.*|go1.1?*|go1.20*)
  echo "kubernetes: skipped: $(go version) is too old (need 1.26 or later, or 1.21 to fetch it)" >&2
  exit 3 ;;
esac
(cd / && go list -m "k8s.io/kubernetes@v$version" "go.etcd.io/etcd/server/v3@v$etcd_version") >/dev/null 2>&1 || {
  echo "kubernetes: skipped: the Go module proxy does not give it (is it reachable? see 'go env GOPROXY')" >&2
  exit 3
}

mkdir -p "$home"
# One build at a time: a second caller waits for the first and then only prints.
if command -v flock >/dev/null 2>&1 && [ -z "${COLDTRACE_SERVERS_LOCKED:-}" ]; then
  COLDTRACE_SERVERS_LOCKED=1 exec flock "$home/kubernetes.lock" sh "$0" "$@"
fi

work=$(mktemp -d "$home/kubernetes-build.XXXXXX")
log=$home/kubernetes-build.log
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

# Static and reproducible; Go 1.26 refuses to stamp a build outside a repository.
export CGO_ENABLED=0 GOFLAGS='-mod=mod -buildvcs=false'

# A program of our own that only calls etcd's main: its modules have replace lines, which `go install` refuses.
etcd() {
  mkdir -p "$work/etcd"
  cd "$work/etcd"
  printf 'module x\n\ngo 1.24\n\nrequire go.etcd.io/etcd/server/v3 v%s\n' "$etcd_version" > go.mod
  printf 'package main\n\nimport (\n\t"os"\n\n\t"go.etcd.io/etcd/server/v3/etcdmain"\n)\n\nfunc main() { etcdmain.Main(os.Args) }\n' > main.go
  go build -trimpath -ldflags='-s -w' -o "$work/out/etcd" .
}

# The go.mod of Kubernetes replaces its staging modules by folders which its zip does not hold: they are published as v0.X.Y.
kubernetes_module() {
  source=$(go mod download -json "k8s.io/kubernetes@v$version" | sed -n 's/^[[:space:]]*"GoMod": "\(.*\)",*$/\1/p')
  printf 'module x\n\n'
  sed -n 's/^\(go [0-9.]*\)$/\1/p' "$source"
  printf '\ngodebug default=go%s\n' "$(sed -n 's/^go \([0-9]*\.[0-9]*\).*/\1/p' "$source")"
  printf '\nrequire k8s.io/kubernetes v%s\n\nreplace (\n' "$version"
  { sed -n 's#^[[:space:]]*\(k8s\.io/[a-z0-9-]*\)[[:space:]]*=>[[:space:]]*\./staging.*#\1#p' "$source"
    sed -n 's#^[[:space:]]*\(k8s\.io/[a-z0-9-]*\) v0\.0\.0\([[:space:]].*\)\{0,1\}$#\1#p' "$source"
  } | sort -u | sed "s#.*#\t& => & v0.${version#1.}#"
  printf ')\n'
}

kubernetes() {
  mkdir -p "$work/kubernetes"
  cd "$work/kubernetes"
  # An empty go.mod would be an error to the one who writes it.
  kubernetes_module > module
  mv module go.mod
  printf '//go:build tools\n\npackage tools\n\nimport (\n\t_ "k8s.io/kubernetes/cmd/kube-apiserver"\n\t_ "k8s.io/kubernetes/cmd/kubectl"\n)\n' > tools.go
  flags='-s -w'
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    flags="$flags -X $package.gitVersion=v$version -X $package.gitMajor=1 -X $package.gitMinor=36"
    flags="$flags -X $package.gitTreeState=clean -X $package.gitCommit=modproxy -X $package.buildDate=1970-01-01T00:00:00Z"
  done
  for command in kube-apiserver kubectl; do
    go build -trimpath -ldflags "$flags" -o "$work/out/$command" "k8s.io/kubernetes/cmd/$command"
  done
}

mkdir "$work/out"
# -e holds in a subshell only when nobody asks for its answer at once.
set +e
(set -e; etcd; kubernetes) > "$log" 2>&1
code=$?
set -e
[ "$code" = 0 ] || {
  echo "kubernetes: the build failed; the end of $log:" >&2
  tail -n 20 "$log" >&2
  exit 1
}

mv "$work/out" "$target"
echo "$target"
