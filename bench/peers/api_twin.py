"""Four routes of the REST API on FastAPI, SQLAlchemy (async, asyncpg) and orjson, as a peer to measure against: the same database, the
same SQL and pool, the same answers. Nothing is cached. Tokens are checked as ours are; users are looked up once in thirty seconds."""

import datetime
import os
import sys
import time
from zoneinfo import ZoneInfo

import jwt
import orjson
import uvicorn
from fastapi import Depends, FastAPI, Header, HTTPException
from fastapi.responses import ORJSONResponse
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

SECRET, URL, POOL, PORT = os.environ["TWIN_SECRET"], sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
SKILLS = ("overall", "pronunciation", "prosody", "emotion", "confidence", "fluency")
SUMS = ", ".join(f"{skill}_sum" for skill in SKILLS)
HEAD = (
    "id, user_id, mode, locale, sentence_id, reference_text, status, audio_url, audio_format, audio_size_bytes, error_code, error_message, "
    "created_at, completed_at"
)
LISTED = f"{HEAD}, audio_duration_seconds, transcript, {', '.join(f'{skill}_score' for skill in SKILLS)}, was_degraded_mode"
SEEN_FOR_S = 30

engine = create_async_engine(URL.replace("postgresql://", "postgresql+asyncpg://"), pool_size=POOL, max_overflow=0, json_deserializer=orjson.loads)
app = FastAPI(default_response_class=ORJSONResponse)
seen: dict[int, float] = {}


async def fetch(statement: str, **values):
    async with engine.connect() as connection:
        return (await connection.execute(text(statement), values)).mappings().all()


async def caller(authorization: str = Header("")) -> int:
    try:
        claims = jwt.decode(authorization.removeprefix("Bearer "), SECRET, algorithms=["HS256"], issuer="speechcoach")
    except jwt.PyJWTError as fault:
        raise HTTPException(401) from fault
    user = int(claims["sub"])
    now = time.monotonic()
    if now - seen.get(user, -SEEN_FOR_S) >= SEEN_FOR_S:
        if not await fetch("SELECT id, email, name, role, password_hash, created_at FROM users WHERE id = :id", id=user):
            raise HTTPException(401)
        seen[user] = now
    return user


def moment(at: datetime.datetime | None) -> str | None:
    return at.astimezone(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None


def head(row, duration_s: float) -> dict:
    return {
        "id": row["id"], "mode": row["mode"], "locale": row["locale"], "status": row["status"], "sentence_id": row["sentence_id"],
        "reference_text": row["reference_text"] or "", "created_at": moment(row["created_at"]), "completed_at": moment(row["completed_at"]),
        "audio": {"format": row["audio_format"], "size_bytes": row["audio_size_bytes"], "duration_s": duration_s} if row["audio_url"] else None,
        "error": None,
    }  # fmt: skip


def listed(row) -> dict:
    return head(row, row["audio_duration_seconds"]) | {
        "transcript": row["transcript"], "scores": {skill: row[f"{skill}_score"] for skill in SKILLS}, "degraded_mode": row["was_degraded_mode"],
    }  # fmt: skip


def session(row) -> dict:
    analysis = row["analysis_result"]
    if isinstance(analysis, str):
        analysis = orjson.loads(analysis)
    transcript = analysis["transcript"]
    return head(row, analysis["audio_duration_s"]) | {
        "transcript": transcript["text"], "transcription_confidence": transcript["confidence"], "words": transcript["words"],
        "prosody_features": analysis["prosody_features"], "scores": analysis["scores"], "feedback": analysis["feedback"],
        "miscues": analysis["miscues"], "pronunciation": analysis["pronunciation"], "degraded_mode": analysis["degraded_mode"],
        "failures": [{"stage": failure["stage"], "code": failure["code"]} for failure in analysis["failures"]],
        "processing_time_ms": analysis["stage_times"]["total_ms"], "stage_times": analysis["stage_times"],
    }  # fmt: skip


@app.get("/api/v1/speech-practice/sessions")
async def list_sessions(limit: int = 20, user: int = Depends(caller)):
    rows = await fetch(
        f"SELECT {LISTED} FROM speech_practice_sessions WHERE user_id = :user AND created_at >= to_timestamp(0) "
        "ORDER BY created_at DESC, id DESC LIMIT :rows",
        user=user, rows=limit + 1,
    )  # fmt: skip
    sessions = [listed(row) for row in rows[:limit]]
    last = rows[limit - 1] if len(rows) > limit else None
    cursor = f"{round(last['created_at'].timestamp() * 1000):016x}{last['id'].replace('-', '')}" if last else None
    return ORJSONResponse({"sessions": sessions, "next_cursor": cursor})


@app.get("/api/v1/speech-practice/sessions/{session_id}")
async def get_session(session_id: str, user: int = Depends(caller)):
    rows = await fetch(f"SELECT {HEAD}, analysis_result FROM speech_practice_sessions WHERE id = :id", id=session_id)
    if not rows or rows[0]["user_id"] != user:
        raise HTTPException(404)
    return ORJSONResponse(session(rows[0]))


async def settings_of(user: int) -> tuple[str, int]:
    rows = await fetch("SELECT time_zone, locale, level, daily_goal_minutes FROM learner_settings WHERE user_id = :user", user=user)
    return (rows[0]["time_zone"], rows[0]["daily_goal_minutes"]) if rows else ("Asia/Ho_Chi_Minh", 10)


async def days_of(user: int, first: int, last: int):
    return await fetch(
        f"SELECT day, sessions, practice_ms, {SUMS} FROM practice_days WHERE user_id = :user AND day BETWEEN :first AND :last ORDER BY day",
        user=user, first=first, last=last,
    )  # fmt: skip


def date_of(day: int | None) -> str | None:
    return None if day is None else (datetime.date(1970, 1, 1) + datetime.timedelta(days=day)).isoformat()


def today_in(zone: str) -> int:
    return (datetime.datetime.now(ZoneInfo(zone)).date() - datetime.date(1970, 1, 1)).days


def minutes(ms: int) -> float:
    return round(ms / 6000) / 10


@app.get("/api/v1/speech-practice/progress")
async def progress(user: int = Depends(caller)):
    zone, goal = await settings_of(user)
    rows = await fetch(
        "SELECT total_sessions, practice_ms, avg_overall_score, avg_pronunciation_score, avg_prosody_score, avg_emotion_score, avg_confidence_score, "
        "avg_fluency_score, score_trend, current_streak_days, longest_streak_days, last_practice_day, weak_areas, updated_at "
        "FROM user_progress_llm WHERE user_id = :user",
        user=user,
    )  # fmt: skip
    today = today_in(zone)
    days = await days_of(user, today, today)
    row = rows[0]
    weak = row["weak_areas"]
    practised = days[0]["practice_ms"] if days else 0
    return ORJSONResponse({
        "total_sessions": row["total_sessions"], "total_practice_minutes": minutes(row["practice_ms"]),
        "averages": {skill: round(row[f"avg_{skill}_score"], 2) for skill in SKILLS},
        "score_trend": None if row["score_trend"] is None else round(row["score_trend"], 3),
        "current_streak_days": row["current_streak_days"] if row["last_practice_day"] >= today - 1 else 0,
        "longest_streak_days": row["longest_streak_days"], "last_practice_date": date_of(row["last_practice_day"]),
        "today": {"date": date_of(today), "minutes": minutes(practised), "goal_minutes": goal, "is_goal_met": practised >= goal * 60000},
        "weak_areas": orjson.loads(weak) if isinstance(weak, str) else weak, "time_zone": zone,
    })  # fmt: skip


def slope(days) -> float | None:
    if len(days) < 2:
        return None
    xs = [day["day"] for day in days]
    ys = [day["overall_sum"] / 1000 / day["sessions"] for day in days]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    return 7 * sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / sum((x - mean_x) ** 2 for x in xs)


def mean(days) -> float | None:
    count = sum(day["sessions"] for day in days)
    return sum(day["overall_sum"] for day in days) / 1000 / count if count else None


@app.get("/api/v1/speech-practice/analytics/trends")
async def trends(user: int = Depends(caller)):
    zone, _ = await settings_of(user)
    last = today_in(zone)
    first = last - 29
    days = await days_of(user, last - 60, last)
    chosen = [day for day in days if day["day"] >= first]
    points = []
    for i, day in enumerate(chosen):
        points.append({
            "start": date_of(day["day"]), "sessions": day["sessions"], "minutes": minutes(day["practice_ms"]),
            "scores": {skill: round(day[f"{skill}_sum"] / 1000 / day["sessions"], 2) for skill in SKILLS},
            "moving_average": round(mean(chosen[max(0, i - 6) : i + 1]), 3),
        })  # fmt: skip
    now, before = mean(chosen), mean([day for day in days if last - 59 <= day["day"] < first])
    rise = slope(chosen)
    return ORJSONResponse({
        "period": "day", "from": date_of(first), "to": date_of(last), "time_zone": zone, "points": points,
        "slope_per_week": None if rise is None else round(rise, 3),
        "change_30_days": None if now is None or before is None else round(now - before, 3),
    })  # fmt: skip


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=PORT, log_level="error", access_log=False)
