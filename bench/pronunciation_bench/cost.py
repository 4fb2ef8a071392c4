"""What the judgement of pronunciation takes beyond the bare transcript, a recording a core."""

from pathlib import Path

from . import program

ROUNDS = 3


def measure(recordings: list[tuple[Path, str]]) -> list[float]:
    """Milliseconds for each recording: scoring, and the decoder's reading of the text, which a conversation does without. The least of some rounds
    counts for each part: what else the machine does only ever adds."""
    rounds = [(program.score(recordings), program.score([(path, "") for path, _ in recordings])) for _ in range(ROUNDS)]

    def least(part: str, answers: list[dict]) -> float:
        return min(answer["analysis"]["stage_times"][part] for answer in answers)

    costs = []
    for i in range(len(recordings)):
        read = [with_text[i] for with_text, _ in rounds]
        spoken = [without[i] for _, without in rounds]
        if all("analysis" in answer for answer in read + spoken):
            costs.append(least("scoring_ms", read) + max(0.0, least("stt_ms", read) - least("stt_ms", spoken)))
    return costs
