"""What documents tell people to type: README's commands run as they stand, and the program takes every other one's words and flags."""

import functools
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import PROGRAM, clean_environment

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs" / "runbooks").glob("*.md"))]


@functools.cache
def help_of(*words: str) -> str:
    shown = subprocess.run([PROGRAM, *words, "--help"], env=clean_environment(), capture_output=True, text=True, check=True).stdout
    return shown if re.search(rf"^Usage: speechcoach {' '.join(words)}".rstrip() + r"\b", shown, re.MULTILINE) else ""


def subcommands(*words: str) -> set[str]:
    listed = help_of(*words).partition("\nSubcommands:\n")[2].partition("\n\n")[0]
    return set(re.findall(r"^  (\S+)", listed, re.MULTILINE))


def typed(document: Path) -> list[str]:
    """What follows the program's name, in code of a line and in blocks."""
    text = document.read_text(encoding="utf-8")
    spans = re.findall(r"`(?:build/release/)?speechcoach ([^`]+)`", text)
    lines = re.findall(r"^(?:    )?(?:build/release/)?speechcoach ([a-z].*)$", text, re.MULTILINE)
    # Without what comes after it: a comment, an input file, an explanation in a second column.
    return [re.split(r"\s#|<|\s\s", re.sub(r"\s*\n\s*", " ", command))[0].strip() for command in spans + lines]


def faults(command: str) -> list[str]:
    words = shlex.split(re.sub(r"[\[\]]", "", command))
    path: list[str] = []
    while words and words[0] in subcommands(*path):
        path.append(words.pop(0))
    if not path:
        return [f"no command: {command}"]
    if subcommands(*path) and words and re.fullmatch(r"[a-z]+", words[0]):
        return [f"no command of {' '.join(path)}: {words[0]}"]
    known = set(re.findall(r"(?<![\w-])--?[a-z][\w-]*", help_of(*path)))
    return [f"{' '.join(path)} has no {word}" for word in words if re.match(r"--?[a-z]", word) and word.split("=")[0] not in known]


@pytest.mark.parametrize("document", [document for document in DOCUMENTS if typed(document)], ids=lambda path: path.stem)
def test_the_program_takes_every_command_of_a_document(document):
    assert [fault for command in typed(document) for fault in faults(command)] == []


def test_what_is_no_command_is_found():
    assert faults("analyse FILE") == ["no command: analyse FILE"]
    assert faults("keys forget 1") == ["no command of keys: forget"]
    assert faults("analyze FILE --reference TEXT --loudly") == ["analyze has no --loudly"]
    assert faults("keys add --provider openai --name k") == []


@pytest.fixture(scope="module")
def workshop(tmp_path_factory):
    """A folder in which README's relative paths are there."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "build" / "release").mkdir(parents=True)
    (folder / "build" / "release" / "speechcoach").symlink_to(PROGRAM)
    (folder / "tests").mkdir()
    (folder / "tests" / "data").symlink_to(DATA)
    (folder / "recording.m4a").symlink_to(DATA / "good.m4a")
    (folder / "recording.wav").symlink_to(DATA / "good.wav")
    shutil.copy(DATA / "good.wav", folder / "one.wav")
    (folder / "list.txt").write_text("one.wav\tThe girl was four at the time.\n")
    return folder


def readme_commands() -> list[str]:
    chapter = (ROOT / "README.md").read_text(encoding="utf-8").split("## On the command line\n")[1].split("\n## ")[0]
    [block] = re.findall(r"^```\n(.*?)^```$", chapter, re.MULTILINE | re.DOTALL)
    return block.splitlines()


@pytest.mark.parametrize("command", readme_commands())
def test_a_command_of_the_readme_does_what_it_says(workshop, command):
    # `make run ARGS=...` sets up and builds first; then it is the program with these arguments.
    command = re.sub(r'^make run ARGS="([^"]*)"$', r"build/release/speechcoach \1", command)
    assert command.startswith("build/release/speechcoach ")
    done = subprocess.run(command, shell=True, cwd=workshop, env=clean_environment(data_dir=str(workshop / "data")), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout
    if named := re.search(r"-o (\S+)", command):
        assert (workshop / named[1]).stat().st_size > 0
