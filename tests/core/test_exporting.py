"""A file that is written when it is asked for: it arrives whole, and what it was written into is closed in any case."""

from typing import IO

import pytest
from flask import Flask

from libhub.base.errors import LibHubError
from libhub.kit.pages.exporting import IN_MEMORY, give_file


@pytest.mark.parametrize("size", [0, 10, IN_MEMORY + 1], ids=["empty", "in memory", "on the disk"])
def test_a_file_arrives_whole_and_what_it_was_written_into_is_closed(app: Flask, size: int) -> None:
    bodies: list[IO[bytes]] = []
    with app.test_request_context():

        def write(body: IO[bytes]) -> None:
            bodies.append(body)
            body.write(b"x" * size)

        answer = give_file(write, "Опись.zip")
        answer.direct_passthrough = False
        assert answer.get_data() == b"x" * size
        assert answer.mimetype == "application/zip"
        assert "%D0%9E%D0%BF%D0%B8%D1%81%D1%8C.zip" in answer.headers["Content-Disposition"]
        answer.close()
    assert bodies[0].closed


def test_of_a_file_that_cannot_be_written_nothing_is_given(app: Flask) -> None:
    bodies: list[IO[bytes]] = []

    def write(body: IO[bytes]) -> None:
        bodies.append(body)
        body.write(b"half")
        raise LibHubError("no more")

    with app.test_request_context(), pytest.raises(LibHubError, match="no more"):
        give_file(write, "half.zip")
    assert bodies[0].closed
