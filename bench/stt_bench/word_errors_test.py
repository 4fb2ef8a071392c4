import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import word_errors  # noqa: E402


def test_counts_substitutions_insertions_and_deletions():
    assert word_errors.errors("WE CALL IT BEAR", "We call it beer.") == 1
    assert word_errors.errors("WE CALL IT BEAR", "We call it a bear") == 1
    assert word_errors.errors("WE CALL IT BEAR", "") == 4


def test_reads_numbers_as_the_reference_does():
    assert word_errors.errors("ZERO THREE FIVE ONE", "0351.") == 0
    assert word_errors.errors("THREE HUNDRED FIFTY ONE", "351") == 0
    assert word_errors.errors("IN NINETEEN EIGHTY FOUR", "in 1984") == 0
    assert word_errors.errors("SHE IS TWELVE", "She is 13") == 1
    assert word_errors.errors("A THOUSAND TWO", "a 1,002") == 1


def test_marks_and_case_do_not_count():
    assert word_errors.errors("I'M A WELL KNOWN MAN", "I\u2019m a well-known man!") == 0


def test_the_interval_holds_the_difference():
    difference, low, high = word_errors.difference_interval([1, 0, 2, 1] * 20, [1, 1, 2, 2] * 20, [5, 5, 5, 5] * 20)
    assert low <= difference <= high < 0
