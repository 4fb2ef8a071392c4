"""Beats and workers, each with its log."""

import re
import subprocess
import uuid
from pathlib import Path

from conftest import PROGRAM, clean_environment


class Process:
    """A beat, or a worker, with its log."""

    def __init__(self, folder: Path, settings: dict, *arguments: str, program: Path = PROGRAM):
        self.name = f"{arguments[0]}-{uuid.uuid4().hex[:8]}@test"
        self.log = folder / f"{self.name}.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [program, *arguments, "--hostname", self.name],
                env=clean_environment(**settings), stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip
        assert "is ready" in self.process.stdout.readline(), self.log.read_text()

    def runs(self) -> list[tuple[str, str]]:
        """(job, for which time) of the runs that this process did."""
        return re.findall(r"job done.*?job=?\W*([a-z_]+).*?due=?\W*([0-9T:.Z-]+)", self.log.read_text())

    def leads(self) -> bool:
        said = re.findall(r"(another )?keeps the schedule", self.log.read_text())
        return bool(said) and said[-1] == ""

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(timeout=30)

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
