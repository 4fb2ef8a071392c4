"""What the judgement of pronunciation takes beyond the bare transcript, a recording a core."""

from pathlib import Path

from . import program

ROUNDS = 3


def measure(recordings: list[tuple[Path, str]]) -> list[float]:
    """Milliseconds for each recording: all that follows the transcript, and the decoder's reading of the text, which the transcript does without, each by
    the program's own timer. The least of some rounds counts for each part: what else the machine does only ever adds."""
    rounds = [program.score(recordings) for _ in range(ROUNDS)]
    costs = []
    for answers in zip(*rounds):
        if all("analysis" in answer for answer in answers):
            times = [answer["analysis"]["stage_times"] for answer in answers]
            costs.append(sum(min(each[part] for each in times) for part in ("scoring_ms", "text_ms")))
    return costs
