"""Guides say what the program has: words of the page, settings, tests, parts."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]


def page_texts(language: str) -> set[str]:
    source = (ROOT / f"web/src/i18n/{language}.ts").read_text(encoding="utf-8")
    return {text.replace('\\"', '"') for text in re.findall(r'^  "[^"]+": "((?:[^"\\]|\\.)*)",$', source, re.MULTILINE)}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_users_guide_quotes_the_page(language):
    guide = re.sub(r"\s+", " ", (ROOT / f"docs/user-guide.{language}.md").read_text(encoding="utf-8"))
    quoted = set(re.findall(r"\*\*([^*]+)\*\*", guide)) - {"in đậm", "bold"}
    assert len(quoted) > 30
    assert quoted <= page_texts(language)


def test_both_users_guides_tell_the_same():
    """Chapter by chapter: as many, with as many rows in their tables."""

    def shape(language: str) -> list[int]:
        chapters = (ROOT / f"docs/user-guide.{language}.md").read_text(encoding="utf-8").split("\n## ")
        return [len(re.findall(r"^\|", chapter, re.MULTILINE)) for chapter in chapters]

    assert shape("vi") == shape("en")


def settings() -> set[str]:
    sections = yaml.safe_load((ROOT / "speechcoach.example.yaml").read_text())
    return {f"{section}.{key}" for section, keys in sections.items() if isinstance(keys, dict) for key in keys}


@pytest.mark.parametrize("document", ["operations", "privacy", "threat-model", "api-guide", "metrics"])
def test_settings_that_a_guide_names_are_there(document):
    known = settings()
    sections = {name.split(".")[0] for name in known}
    named = re.findall(r"`([a-z]+\.[a-z0-9_]+)(?:: [^`]*)?`", (ROOT / f"docs/{document}.md").read_text(encoding="utf-8"))
    assert {name for name in named if name.split(".")[0] in sections and not name.endswith(".h")} <= known


def test_every_runbook_names_settings_and_commands_that_are_there():
    known = settings()
    sections = {name.split(".")[0] for name in known}
    commands = (ROOT / "src/cli/command_line.cpp").read_text()
    for page in (ROOT / "docs/runbooks").glob("*.md"):
        text = page.read_text()
        named = re.findall(r"`([a-z]+\.[a-z0-9_]+)(?:: [^`]*)?`", text)
        assert {name for name in named if name.split(".")[0] in sections} <= known, page
        for command in re.findall(r"`speechcoach ([a-z]+)", text):
            assert f'add_subcommand("{command}"' in commands, f"{page}: {command}"


def test_the_threat_model_names_tests_that_are_there():
    model = (ROOT / "docs/threat-model.md").read_text()
    tests = set(re.findall(r"`((?:src|tests|tools)/[\w/.]+)`", model))
    assert len(tests) > 15
    assert {path for path in tests if not (ROOT / path).exists()} == set()
    rows = re.findall(r"^\| (V\d+\.\d+) .*\|$", model, re.MULTILINE)
    assert len(rows) == len(set(rows))
    for row in re.findall(r"^\| V\d+\.\d+ .*\|$", model, re.MULTILINE):
        assert "`" in row.split("|")[-2], f"no test: {row}"


def linked_libraries() -> set[str]:
    for_building = (ROOT / "tools/setup/packages.txt").read_text().split("\n[build]\n")[1]
    return set(re.findall(r"^lib[\w.+-]+-dev$", for_building, re.MULTILINE)) | {"prometheus-cpp-dev", "flite1-dev"}


# What is linked comes from these packages; each has its row in THIRD_PARTY.md under this name.
PARTS = {
    "argon2": "libargon2-dev", "FFmpeg": "libavcodec-dev libavformat-dev libavutil-dev libswresample-dev", "Boost": "libboost-json1.81-dev libboost-url1.81-dev libboost1.81-dev",
    "CCTZ": "libcctz-dev", "CLI11": "libcli11-dev", "libcurl": "libcurl4-openssl-dev", "fmt, spdlog": "libfmt-dev libspdlog-dev", "libjwt": "libjwt-dev",
    "libseccomp": "libseccomp-dev", "SOCI": "libsoci-dev", "libsoxr": "libsoxr-dev", "SQLite": "libsqlite3-dev", "OpenSSL": "libssl-dev", "xxHash": "libxxhash-dev",
    "yaml-cpp": "libyaml-cpp-dev", "prometheus-cpp": "prometheus-cpp-dev", "flite": "flite1-dev", "PostgreSQL client library": "libpq-dev", "libqrencode": "libqrencode-dev",
}  # fmt: skip
FOR_TESTS = {"libgmock-dev", "libgtest-dev", "librapidcheck-dev"}


def test_every_library_that_is_linked_has_its_licence_listed():
    named = {package for packages in PARTS.values() for package in packages.split()}
    assert linked_libraries() - FOR_TESTS == named
    table = (ROOT / "THIRD_PARTY.md").read_text().split("## In the web page")[0]
    for part in PARTS:
        row = next((line for line in table.splitlines() if line.startswith(f"| {part}")), None)
        assert row, f"{part} is not in THIRD_PARTY.md"
        assert len([cell for cell in row.split("|")[1:-1] if cell.strip()]) == 4, row


def test_whatever_is_installed_by_pip_is_pinned_by_hash():
    for file in (ROOT / "tools/setup").glob("requirements-*.txt"):
        for block in re.findall(r"^[a-zA-Z][^\n]*(?:\n[ \t]+[^\n]*)*", file.read_text(), re.MULTILINE):
            assert "==" in block and "--hash=sha256:" in block, f"{file.name}: {block.splitlines()[0]}"


def test_no_host_of_a_registry_is_in_the_repository():
    found = subprocess.run(
        ["git", "grep", "-nIE", "registry\\.npmjs\\.org|files\\.pythonhosted\\.org", "--", ".", ":!tests/deploy/test_documents.py"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.stdout == ""
