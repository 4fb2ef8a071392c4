"""contract/ as validators."""

import json
from pathlib import Path

import jsonschema

WS_SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "contract" / "ws.schema.json").read_text())


def check(definition: str, value: object) -> None:
    """Raises where `value` is not what contract/ws.schema.json calls `definition`."""
    schema = {"$schema": WS_SCHEMA["$schema"], "$defs": WS_SCHEMA["$defs"], "$ref": f"#/$defs/{definition}"}
    jsonschema.Draft202012Validator(schema).validate(value)


def words_of(text: str) -> list[str]:
    return ["".join(c for c in word.lower() if c.isalnum()) for word in text.split()]
