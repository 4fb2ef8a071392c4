#!/usr/bin/env bash
# Puts whisper.cpp's source into build/deps/whisper.cpp. The npm package carries the whole tree of release 1.9.1.
set -euo pipefail
cd "$(dirname "$0")/../.."

package="nodejs-whisper@0.3.1"
archive="nodejs-whisper-0.3.1.tgz"
sha256="92041caf2b26c74b7f489fedf37bd093f216eebd61df512045ec2d19d0531d37"
target="build/deps/whisper.cpp"

mkdir -p build/deps
work="$(mktemp -d build/deps/fetch.XXXXXX)"
trap 'rm -rf "$work"' EXIT

echo "Fetching whisper.cpp ($package)"
PATH="$PWD/build/node/bin:$PATH" npm pack --silent --pack-destination "$work" "$package" >/dev/null
echo "$sha256  $work/$archive" | sha256sum --check --quiet
tar -xzf "$work/$archive" -C "$work" --no-same-owner package/cpp/whisper.cpp
rm -rf "$target"
mv "$work/package/cpp/whisper.cpp" "$target"
