"""What the judgement of pronunciation takes beyond the bare transcript."""

from pathlib import Path

from . import program


def measure(recordings: list[tuple[Path, str]]) -> list[float]:
    """Milliseconds for each recording: scoring, and the decoder's reading of the text, which a conversation does without."""
    read = program.score(recordings)
    spoken = program.score([(path, "") for path, _ in recordings])
    costs = []
    for with_text, without in zip(read, spoken):
        if "analysis" in with_text and "analysis" in without:
            times, bare = with_text["analysis"]["stage_times"], without["analysis"]["stage_times"]
            costs.append(times["scoring_ms"] + max(0, times["stt_ms"] - bare["stt_ms"]))
    return costs
