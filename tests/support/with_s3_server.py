#!/usr/bin/env python3
"""Runs a command beside an S3 server (versitygw, on files) of its own, which is gone afterwards.

    with_s3_server.py COMMAND [ARGUMENT...]

The command finds a bucket in SPEECHCOACH_TEST_S3 (an s3:// address) and the keys in the AWS variables. Python code takes S3Server.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

PROGRAM = Path(__file__).resolve().parents[2] / "build" / "s3" / "versitygw"


class S3Server:
    """Listens on 127.0.0.1 on a free port and has one bucket."""

    BUCKET = "recordings"
    KEYS = {"AWS_ACCESS_KEY_ID": "coach", "AWS_SECRET_ACCESS_KEY": "secret-of-the-test"}

    def __init__(self):
        if not PROGRAM.exists():
            raise RuntimeError(f"{PROGRAM} is missing: run `make setup-test`")
        self.folder = Path(tempfile.mkdtemp(prefix="speechcoach-s3-"))
        (self.folder / "buckets" / self.BUCKET).mkdir(parents=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.start()

    @property
    def url(self) -> str:
        return f"s3://{self.BUCKET}/audio?endpoint=http://127.0.0.1:{self.port}"

    def objects(self) -> list[str]:
        bucket = self.folder / "buckets" / self.BUCKET
        return sorted(str(path.relative_to(bucket)) for path in bucket.rglob("*") if path.is_file())

    def start(self) -> None:
        environment = os.environ | {"ROOT_ACCESS_KEY": self.KEYS["AWS_ACCESS_KEY_ID"], "ROOT_SECRET_KEY": self.KEYS["AWS_SECRET_ACCESS_KEY"]}
        command = [PROGRAM, "--port", f"127.0.0.1:{self.port}", "--quiet", "posix", "--sidecar", self.folder / "meta", self.folder / "buckets"]
        (self.folder / "meta").mkdir(exist_ok=True)
        with (self.folder / "log").open("a") as log:
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=self.folder)
        deadline = time.monotonic() + 30
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the S3 server does not start: {(self.folder / 'log').read_text()[-2000:]}")
            time.sleep(0.05)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=1)
        except urllib.error.HTTPError:
            return True  # it wants keys, so it is there
        except OSError:
            return False
        return True


def main() -> int:
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    server = S3Server()
    try:
        return subprocess.run(sys.argv[1:], env=os.environ | S3Server.KEYS | {"SPEECHCOACH_TEST_S3": server.url}, check=False).returncode
    finally:
        server.close()


if __name__ == "__main__":
    sys.exit(main())
