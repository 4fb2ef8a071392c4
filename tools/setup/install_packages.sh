#!/usr/bin/env bash
# Installs the Debian packages of the named groups of packages.txt, as root or by sudo; does nothing where all are there.
#   install_packages.sh build [test] [lint]
set -euo pipefail
cd "$(dirname "$0")"

group_packages() {  # GROUP
  awk -v wanted="[$1]" '/^\[/ { inside = ($0 == wanted); next } inside && NF && !/^#/ { print $1 }' packages.txt
}

is_installed() {  # PACKAGE
  [[ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]
}

if ! command -v dpkg-query >/dev/null; then
  echo "This is not Debian: install what tools/setup/packages.txt lists by your system's means, then: touch build/stamps/packages-{build,test,lint}" >&2
  exit 1
fi

missing=()
for group in "$@"; do
  while read -r package; do
    is_installed "$package" || missing+=("$package")
  done < <(group_packages "$group")
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

as_root=()
if [[ $EUID -ne 0 ]]; then
  if ! command -v sudo >/dev/null; then
    echo "These packages are missing, and installing them needs root (there is no sudo here). As root, run:" >&2
    echo "  apt-get update && apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi

echo "Installing ${#missing[@]} Debian packages: ${missing[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes -qq --no-install-recommends "${missing[@]}" >/dev/null
