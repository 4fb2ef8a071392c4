"""What the documents promise is there: the make targets they name, the files they link to."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def targets_listed_by_help() -> set[str]:
    listed = subprocess.run(["make", "-C", ROOT, "--no-print-directory", "help"], capture_output=True, text=True, check=True).stdout
    # "  make asan tsan      Run ...": the names end where two spaces begin.
    return {target for line in listed.splitlines() for target in re.split(r"\s{2,}", line.strip())[0].split()[1:]}


def benchmarks() -> set[str]:
    """What stands behind the pattern bench-%."""
    return {path.stem.replace("requirements", "bench") for path in ROOT.glob("bench/requirements-*.txt")}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_make_target_that_a_document_names_is_in_make_help(document):
    named = set(re.findall(r"(?:^|`)make ([a-z0-9_-]+)", document.read_text(encoding="utf-8"), re.MULTILINE))
    assert named <= targets_listed_by_help() | benchmarks()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_a_document_links_to_is_there(document):
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []
