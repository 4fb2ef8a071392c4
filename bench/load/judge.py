"""Whether a run under load was good: computed from its samples, never by the run itself."""

import math
import statistics
from dataclasses import dataclass

LATENCY_P95_S = 4.0  # last sound -> feedback, of a language model that is silent for two seconds
RATE_SHARE = 0.95  # of the sessions an hour that were asked for
WORDED_SHARE = 0.95  # of the answers: with a language model's words, not the rules'
# Between the second and the last quarter of a run: what is still growing then goes on growing.
MEMORY_GROWTH = (0.05, 16.0)  # share, MiB: the larger one
MORE_DESCRIPTORS = 10
MORE_THREADS = 2
SLOWER = (0.25, 0.2)  # share, s: the larger one; the median of the last half against that of the first
FEWEST_SAMPLES = 8  # of a process; fewer say nothing of growth


@dataclass
class Finding:
    what: str
    value: float | None
    bar: str
    holds: bool


def percentile(samples: list[float], share: float) -> float:
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def quarter_medians(samples: list[float]) -> tuple[float, float]:
    """Of the second and of the last quarter."""
    n = len(samples)
    return statistics.median(samples[n // 4 : n // 2]), statistics.median(samples[3 * n // 4 :])


def growth(process: str, samples: list[dict]) -> list[Finding]:
    if len(samples) < FEWEST_SAMPLES:
        return [Finding(f"{process}: samples", len(samples), f">= {FEWEST_SAMPLES}", False)]
    findings = []
    for key, unit, allowed in (
        ("rss_mib", "MiB", lambda before: max(MEMORY_GROWTH[0] * before, MEMORY_GROWTH[1])),
        ("descriptors", "descriptors", lambda _: MORE_DESCRIPTORS),
        ("threads", "threads", lambda _: MORE_THREADS),
    ):
        before, after = quarter_medians([sample[key] for sample in samples])
        limit = allowed(before)
        findings.append(Finding(f"{process}: {unit} gained, from {before:.0f}", round(after - before, 1), f"<= {limit:.0f}", after - before <= limit))
    return findings


def judge(report: dict) -> list[Finding]:
    practices, counted = report["practices"], report["counted"]
    latencies = [practice["complete_s"] for practice in sorted(practices, key=lambda p: p["began_at"]) if practice["complete_s"] is not None]
    late = counted["told late or not"]
    findings = [
        Finding("sessions lost", counted["lost"], "0", counted["lost"] == 0),
        Finding("answers 5xx", counted["http_5xx"], "0", counted["http_5xx"] == 0),
        Finding("connections lost", counted["reconnects"], "0", counted["reconnects"] == 0),
        Finding("sessions told late or not", late, "0", late == 0),
    ]
    if len(latencies) < 2:
        return [*findings, Finding("sessions complete", len(latencies), ">= 2", False)]
    worded = 1 - counted["degraded"] / len(latencies)
    findings.append(Finding("answers with a language model's words, share", round(worded, 3), f">= {WORDED_SHARE:g}", worded >= WORDED_SHARE))
    # Whoever got no answer in time waited longer than everybody else.
    p95 = percentile(latencies + [math.inf] * (len(practices) - len(latencies)), 0.95)
    findings.append(Finding("last sound -> feedback, p95, s", round(p95, 2), f"< {LATENCY_P95_S:g}", p95 < LATENCY_P95_S))
    rate = len(latencies) / report["settings"]["minutes"] * 60
    wanted = RATE_SHARE * report["settings"]["sessions_per_hour"]
    findings.append(Finding("sessions an hour", round(rate), f">= {wanted:.0f}", rate >= wanted))
    half = len(latencies) // 2
    first, last = statistics.median(latencies[:half]), statistics.median(latencies[half:])
    limit = max(SLOWER[0] * first, SLOWER[1])
    findings.append(Finding(f"median latency gained, s, from {first:.2f}", round(last - first, 2), f"<= {limit:.2f}", last - first <= limit))
    for process, samples in report["processes"].items():
        findings += growth(process, samples)
    return findings


def table(findings: list[Finding]) -> str:
    lines = ["| what | value | bar | holds |", "|---|---|---|---|"]
    lines += [f"| {f.what} | {'-' if f.value is None else f'{f.value:g}'} | {f.bar} | {'yes' if f.holds else 'NO'} |" for f in findings]
    return "\n".join(lines)
