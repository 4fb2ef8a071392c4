#!/usr/bin/env bash
# Builds the S3 server that the tests start, build/s3/versitygw, from the sources pinned in tests/support/s3server, with the
# Go of build/venv.
set -euo pipefail
cd "$(dirname "$0")/../.."

root="$PWD"
mkdir -p build/s3
echo "Building versitygw"
cd tests/support/s3server
GOPATH="$root/build/go" GOFLAGS="-mod=readonly -modcacherw -buildvcs=false" CGO_ENABLED=0 GOMAXPROCS=2 \
  "$root/build/venv/bin/go" build -p 2 -o "$root/build/s3/versitygw" github.com/versity/versitygw/cmd/versitygw
