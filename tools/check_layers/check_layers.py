#!/usr/bin/env python3
"""Refuses an #include that the rooms' CMake files do not allow.

A room (src/<name>) may include its own headers, those of the rooms in its DEPS, the third-party headers whose path begins
with one of its HEADERS, and the standard and POSIX headers; its tests (*_test.cpp) and their headers (test_*.h) also the test
libraries and any room: a test may put real parts together. Rooms may not depend on each other in a circle, and the stages not at all on each other.

    check_layers.py [PROJECT_ROOT]
"""

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

STAGES = {"audio", "stt", "prosody", "pronunciation", "scoring"}
TEST_LIBRARIES = ("gtest/", "gmock/", "rapidcheck")
C_HEADERS = {
    "assert.h", "ctype.h", "errno.h", "fenv.h", "float.h", "inttypes.h", "limits.h", "locale.h", "math.h", "setjmp.h", "signal.h",
    "stdarg.h", "stdbool.h", "stddef.h", "stdint.h", "stdio.h", "stdlib.h", "string.h", "time.h", "wchar.h",
}  # fmt: skip
POSIX_HEADERS = {
    "dirent.h", "dlfcn.h", "fcntl.h", "fnmatch.h", "grp.h", "ifaddrs.h", "netdb.h", "poll.h", "pthread.h", "pwd.h", "sched.h", "spawn.h", "strings.h",
    "syslog.h", "termios.h", "unistd.h",
}  # fmt: skip
SYSTEM_FOLDERS = ("sys/", "linux/", "netinet/", "arpa/", "net/")
STANDARD_CPP = re.compile(r"[a-z_]+")  # <vector>, <cstdint>: a word without a suffix

ROOM_CALL = re.compile(r"speechcoach_room\s*\(([^)]*)\)")
KEYWORDS = {"NAME", "SOURCES", "DEPS", "LIBS", "PUBLIC_LIBS", "HEADERS", "TESTS", "TEST_LIBS", "SERIAL_TESTS"}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
SOURCE_SUFFIXES = {".h", ".cpp", ".c", ".inc"}


@dataclass
class Room:
    name: str
    folder: Path
    deps: set[str] = field(default_factory=set)
    headers: tuple[str, ...] = ()


def read_room(cmake_file: Path) -> Room | None:
    text = re.sub(r"#.*", "", cmake_file.read_text(encoding="utf-8"))
    call = ROOM_CALL.search(text)
    if not call:
        return None
    arguments: dict[str, list[str]] = {}
    keyword = ""
    for word in call.group(1).split():
        if word in KEYWORDS:
            keyword = word
            arguments.setdefault(keyword, [])
        elif keyword:
            arguments[keyword].append(word.strip('"'))
    folder = cmake_file.parent
    return Room("".join(arguments["NAME"]), folder, set(arguments.get("DEPS", [])), tuple(arguments.get("HEADERS", [])))


def is_system_header(path: str) -> bool:
    if path in C_HEADERS or path in POSIX_HEADERS or path.startswith(SYSTEM_FOLDERS):
        return True
    return STANDARD_CPP.fullmatch(path) is not None


def include_problem(room: Room, rooms: dict[str, Room], is_test: bool, bracket: str, path: str) -> str | None:
    """Why this include is not allowed, or None."""
    owner = path.split("/")[0]
    if bracket == '"' and "/" in path and owner in rooms:
        if is_test or owner == room.name or owner in room.deps:
            return None
        return f"room {owner} is not in the DEPS of {room.name}"
    if path.startswith(room.headers) or (is_test and path.startswith(TEST_LIBRARIES)):
        return None
    if bracket == "<":
        return None if is_system_header(path) else f"not in the HEADERS of {room.name}"
    return f'no such room: include its own headers as "{room.name}/..."'


def include_problems(room: Room, rooms: dict[str, Room], root: Path) -> list[str]:
    problems = []
    for source in sorted(room.folder.rglob("*")):
        if source.suffix not in SOURCE_SUFFIXES:
            continue
        is_test = source.stem.endswith("_test") or source.stem.startswith("test_")
        text = source.read_text(encoding="utf-8")
        for match in INCLUDE.finditer(text):
            problem = include_problem(room, rooms, is_test, *match.groups())
            if problem:
                line = text.count("\n", 0, match.start(1)) + 1
                problems.append(f"{source.relative_to(root)}:{line}: {match.group(2)}: {problem}")
    return problems


def stage_problems(rooms: dict[str, Room]) -> list[str]:
    return [
        f"src/{room.name}/CMakeLists.txt: stages do not know each other: {room.name} has {stage} in its DEPS"
        for room in rooms.values()
        if room.name in STAGES
        for stage in sorted(room.deps & STAGES)
    ]


def unknown_room_problems(rooms: dict[str, Room]) -> list[str]:
    return [
        f"src/{room.name}/CMakeLists.txt: DEPS names {dep}, which is no room"
        for room in rooms.values()
        for dep in sorted(room.deps - rooms.keys())
    ]


def circle_problems(rooms: dict[str, Room]) -> list[str]:
    left = {name: room.deps & rooms.keys() for name, room in rooms.items()}
    while True:
        free = {name for name, deps in left.items() if not deps}
        if not free:
            break
        left = {name: deps - free for name, deps in left.items() if name not in free}
    return [f"src/{name}/CMakeLists.txt: depends on itself, by way of {', '.join(sorted(deps))}" for name, deps in sorted(left.items())]


def check(root: Path) -> list[str]:
    """Every problem of the project, as "file:line: what"; empty where all is well."""
    rooms = {}
    for cmake_file in sorted(root.glob("src/*/CMakeLists.txt")):
        room = read_room(cmake_file)
        if room:
            rooms[room.name] = room
    if not rooms:
        return [f"{root}/src: no rooms"]
    problems = unknown_room_problems(rooms) + stage_problems(rooms) + circle_problems(rooms)
    for room in rooms.values():
        problems += include_problems(room, rooms, root)
    return problems


def main() -> int:
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]
    problems = check(root)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
