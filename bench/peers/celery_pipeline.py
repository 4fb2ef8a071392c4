"""A speech coach as one builds it in Python: Celery, faster-whisper, parselmouth, results in PostgreSQL.

    celery -A celery_pipeline worker

Settings from the environment: PEER_BROKER, PEER_DATABASE, PEER_MODEL (a folder), PEER_THREADS.
"""

import difflib
import json
import os
import re
import sys
from pathlib import Path

import psycopg
from celery import Celery
from celery.signals import worker_process_init

sys.path.append(str(Path(__file__).resolve().parents[1] / "prosody_bench"))
import peers  # noqa: E402

app = Celery("celery_pipeline", broker=os.environ["PEER_BROKER"], backend=os.environ["PEER_BROKER"])
app.conf.update(task_acks_late=True, worker_prefetch_multiplier=1, broker_connection_retry_on_startup=True, worker_hijack_root_logger=False)

model = None
database = None


@worker_process_init.connect
def load(**_) -> None:
    global model, database
    from faster_whisper import WhisperModel

    model = WhisperModel(os.environ["PEER_MODEL"], device="cpu", compute_type="int8", cpu_threads=int(os.environ["PEER_THREADS"]))
    database = psycopg.connect(os.environ["PEER_DATABASE"], autocommit=True)


@app.task(name="peer.transcribe")
def transcribe(path: str) -> dict:
    segments, _ = model.transcribe(path, language="en", beam_size=1, word_timestamps=True)
    words = [{"text": word.word, "start": word.start, "end": word.end, "confidence": word.probability} for segment in segments for word in segment.words]
    return {"text": "".join(word["text"] for word in words).strip(), "words": words}


@app.task(name="peer.prosody")
def prosody(path: str) -> dict:
    return peers.praat_figures(peers.samples(path))


@app.task(name="peer.advise")
def advise(found: list, session_id: str, reference: str) -> None:
    """Scores by how much of the text was heard, advice from a template."""
    words, voice = found
    heard, wanted = (re.findall(r"[a-z']+", text.lower()) for text in (words["text"], reference))
    score = 10 * difflib.SequenceMatcher(None, wanted, heard, autojunk=False).ratio()
    analysis = {"transcript": words, "prosody": voice, "scores": {"overall": score}, "feedback": f"Bạn đọc đúng {score:.1f}/10."}
    database.execute("INSERT INTO peer_sessions (id, analysis) VALUES (%s, %s)", [session_id, json.dumps(analysis)])
