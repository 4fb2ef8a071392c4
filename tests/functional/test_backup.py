"""What is saved while the server runs comes back whole elsewhere."""

import stat
import subprocess
import sys
import uuid
from pathlib import Path

import conftest
import pytest
from conftest import PROGRAM, Learner, Server, clean_environment

BACKUP = Path(__file__).resolve().parents[2] / "deploy/backup/speechcoach-backup"


def backup(action: str, archive: Path, server: Server) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, BACKUP, action, archive, "--program", PROGRAM], env=clean_environment(**server.settings), capture_output=True, text=True, check=False
    )


@pytest.fixture
def elsewhere(tmp_path):
    server = Server(tmp_path / "elsewhere")
    server.folder.mkdir()
    yield server
    server.end()


def test_a_restored_installation_knows_its_learners_sessions_and_recordings(own_server, elsewhere, tmp_path, recording):
    own_server.start()
    learner = own_server.guest()
    sound = recording("good.wav")
    before = learner.upload(sound, "good.wav").json()
    assert before["status"] == "completed"
    archive = tmp_path / "backup.tar"
    saved = backup("save", archive, own_server)
    assert saved.returncode == 0, saved.stderr
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    own_server.kill()

    restored = backup("restore", archive, elsewhere)
    assert restored.returncode == 0, restored.stderr
    if conftest.s3:
        elsewhere.settings["audio__url"] = own_server.settings["audio__url"]
    elsewhere.start()
    # The same token is good: the secret came along.
    again = Learner(elsewhere, learner.token)
    after = again.session(before["id"])
    assert after["scores"] == before["scores"]
    with again.http as http:
        assert http.get(f"/api/v1/speech-practice/sessions/{before['id']}/audio").content == sound


def test_nothing_that_is_there_is_overwritten(own_server, tmp_path):
    own_server.start()
    archive = tmp_path / f"{uuid.uuid4().hex}.tar"
    assert backup("save", archive, own_server).returncode == 0
    refused = backup("restore", archive, own_server)
    assert refused.returncode != 0
    assert own_server.guest().token
