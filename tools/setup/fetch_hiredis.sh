#!/usr/bin/env bash
# Puts hiredis 1.3 with its TLS part into build/deps/hiredis: Debian's is 0.14, without TLS. The Python package carries the C sources.
set -euo pipefail
cd "$(dirname "$0")/../.."

package="hiredis==3.5.0"
archive="hiredis-3.5.0.tar.gz"
sha256="c227592cc56b7df247abe4755c26723965be68972be2149fa441ac33d82131ba"
target="build/deps/hiredis"

mkdir -p build/deps
work="$(mktemp -d build/deps/fetch.XXXXXX)"
trap 'rm -rf "$work"' EXIT

echo "Fetching hiredis ($package)"
build/venv/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: --dest "$work" "$package"
echo "$sha256  $work/$archive" | sha256sum --check --quiet
tar -xzf "$work/$archive" -C "$work" --no-same-owner hiredis-3.5.0/vendor/hiredis
rm -rf "$target"
mv "$work/hiredis-3.5.0/vendor/hiredis" "$target"
