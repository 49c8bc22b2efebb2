#!/usr/bin/env bash
# cfn-lint from PyPI into ~/.cache/coldtrace-servers/cfn-lint, for test/functions/template.test.ts.
# Exit code 3: cannot be had here (no Python, or no registry).
set -euo pipefail

home=${COLDTRACE_SERVERS:-$HOME/.cache/coldtrace-servers}/cfn-lint
if [ ! -x "$home/bin/cfn-lint" ]; then
  python3 -m venv "$home" && "$home/bin/pip" install --quiet 'cfn-lint==1.58.0' || { rm -rf "$home"; echo 'no cfn-lint here'; exit 3; }
fi
"$home/bin/cfn-lint" --version
