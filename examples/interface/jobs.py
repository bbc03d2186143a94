"""Long work."""

from libhub.api import JobKind, JobResult, JobWork, lazy_ngettext, writing


def check(work: JobWork, *, year: int) -> JobResult:
    """Look at what there is of a year, and go on where it was broken off."""
    numbers = range(year % 100)
    for number in numbers[work.state or 0 :]:
        with writing():
            work.save(number + 1)
        work.progress(number + 1, len(numbers))
    return JobResult(
        lazy_ngettext("%(num)d book checked.", "%(num)d books checked.", len(numbers)), "/board/"
    )


CHECK = JobKind("board.check", "Check of the board", check, "board.edit")
assert CHECK.name.partition(".")[0] == "board"
