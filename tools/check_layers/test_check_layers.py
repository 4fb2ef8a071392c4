"""Small made-up projects, each with one thing wrong (or nothing)."""

from pathlib import Path

import pytest

from check_layers import check


class Project:
    def __init__(self, root: Path):
        self.root = root

    def room(self, name: str, arguments: str = "", **files: str) -> "Project":
        folder = self.root / "src" / name
        folder.mkdir(parents=True)
        (folder / "CMakeLists.txt").write_text(f"speechcoach_room(NAME {name}\n  {arguments})\n")
        for file_name, text in files.items():
            (folder / file_name.replace("__", ".")).write_text(text)
        return self


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


def test_what_is_declared_is_allowed(project):
    project.room("base", clock__h="#include <chrono>\n#include <sys/time.h>\n#include <math.h>\n")
    project.room(
        "audio",
        "DEPS base  # a comment\n  LIBS avformat\n  HEADERS libav fmt/",
        wav__cpp='#include "audio/wav.h"\n#include "base/clock.h"\n#include <fmt/format.h>\nextern "C" {\n#include <libavformat/avformat.h>\n}\n',
        wav_test__cpp='#include "audio/test_support.h"\n#include <rapidcheck/gtest.h>\n',
        test_support__h="#include <gtest/gtest.h>\n",
    )
    assert check(project.root) == []


def test_a_room_that_is_not_in_deps_is_refused(project):
    project.room("base", clock__h="")
    project.room("model", session__h='#pragma once\n\n#include "base/clock.h"\n')
    assert check(project.root) == ["src/model/session.h:3: base/clock.h: room base is not in the DEPS of model"]


@pytest.mark.parametrize("header", ["<boost/json.hpp>", "<whisper.h>", "<gtest/gtest.h>"])
def test_a_third_party_header_that_is_not_declared_is_refused(project, header):
    project.room("scoring", "HEADERS fmt/", scores__cpp=f"  # include {header}\n")
    assert check(project.root) == [f"src/scoring/scores.cpp:1: {header.strip('<>')}: not in the HEADERS of scoring"]


def test_a_room_in_deps_does_not_lend_its_third_party_headers(project):
    project.room("base", "HEADERS fmt/", log__h="#include <fmt/format.h>\n")
    project.room("model", "DEPS base", session__cpp="#include <fmt/format.h>\n")
    assert check(project.root) == ["src/model/session.cpp:1: fmt/format.h: not in the HEADERS of model"]


def test_headers_in_subfolders_count(project):
    project.room("stt")
    (project.root / "src/stt/internal").mkdir()
    (project.root / "src/stt/internal/words.h").write_text('#include "words_table.h"\n')
    assert check(project.root) == ['src/stt/internal/words.h:1: words_table.h: no such room: include its own headers as "stt/..."']


def test_stages_do_not_know_each_other(project):
    project.room("prosody")
    project.room("scoring", "DEPS prosody")
    assert check(project.root) == [
        "src/scoring/CMakeLists.txt: stages do not know each other: scoring has prosody in its DEPS"
    ]


def test_a_circle_is_refused(project):
    project.room("base")
    project.room("api", "DEPS base pipeline")
    project.room("pipeline", "DEPS base api")
    assert check(project.root) == [
        "src/api/CMakeLists.txt: depends on itself, by way of pipeline",
        "src/pipeline/CMakeLists.txt: depends on itself, by way of api",
    ]


def test_a_dependency_that_is_no_room_is_refused(project):
    project.room("api", "DEPS bse")
    assert check(project.root) == ["src/api/CMakeLists.txt: DEPS names bse, which is no room"]


def test_a_project_without_rooms_is_refused(project):
    assert check(project.root) == [f"{project.root}/src: no rooms"]
