#!/usr/bin/env python3
"""Schemathesis over the whole of contract/openapi.yaml, against the built program: every check it has.

    tests/functional/contract_round.py [--examples N] [--seed N] [--least CASES]
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from conftest import ROOT, Server, run

CONTRACT = ROOT / "contract" / "openapi.yaml"
# What the checks are not told by the description:
# - positive_data_acceptance: which text is an e-mail address, a time zone, a password that fits; which sentence there is.
# - ignored_auth: routes that are open to everyone take a guest's token, too.
LEFT_OUT = "positive_data_acceptance"


def administrator(server: Server) -> str:
    added = run("user", "add", "admin@example.org", "--role", "admin", stdin="a good password\n", **server.settings)
    assert added.returncode == 0, added.stderr
    return run("user", "token", "admin@example.org", "--hours", "24", **server.settings).stdout.strip()


def play(server: Server, token: str, arguments: list[str]) -> tuple[bool, int]:
    """Whether all checks held, and the number of cases."""
    done = subprocess.run(
        [
            Path(sys.executable).parent / "schemathesis", "run", CONTRACT, "--url", server.url,
            "--header", f"Authorization: Bearer {token}", "--checks", "all", "--exclude-checks", LEFT_OUT,
            "--suppress-health-check", "all", "--request-timeout", "60", "--warnings", "off", "--no-color", *arguments,
        ],
        capture_output=True, text=True, check=False, cwd=server.folder,
    )  # fmt: skip
    print(done.stdout[-12000:], done.stderr[-3000:])
    counted = re.search(r"([\d,]+) generated", done.stdout)
    return done.returncode == 0, int(counted.group(1).replace(",", "")) if counted else 0


def contract_round(folder: Path, examples: int, seed: int) -> tuple[bool, int]:
    server = Server(folder, limits__sessions_per_hour="100000", privacy__local_only="true", metrics__token="of Prometheus alone", log__level="error").start()
    try:
        token = administrator(server)
        common = ["--max-examples", str(examples), "--seed", str(seed)]
        held, cases = play(server, token, [*common, "--exclude-operation-id", "eraseMe"])
        # Last, since it takes the token's user away.
        held_too, more = play(server, token, [*common, "--include-operation-id", "eraseMe", "--phases", "examples,coverage,fuzzing"])
        return held and held_too, cases + more
    finally:
        server.end()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=60, help="an operation and phase")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--least", type=int, default=2000, help="cases that have to be tried")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="speechcoach-contract-") as folder:
        held, cases = contract_round(Path(folder), options.examples, options.seed)
    print(f"{cases} cases, {'all checks held' if held else 'checks failed'}")
    return 0 if held and cases >= options.least else 1


if __name__ == "__main__":
    sys.exit(main())
