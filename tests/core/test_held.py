"""Uploads that wait for a yes: given out once, forgotten after a day, never another file of the instance."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from libhub import held
from libhub.db import now


def test_an_upload_is_given_out_once(app: Flask, instance: Path) -> None:
    with app.app_context():
        token = held.hold_upload(b"content")
        assert len(list((instance / "held").iterdir())) == 1
        with held.held_upload(token) as content:
            assert content == b"content"
        with held.held_upload(token) as content:
            assert content is None
    assert not list((instance / "held").iterdir())


def test_a_block_that_fails_leaves_it(app: Flask) -> None:
    def fail(token: str) -> None:
        with held.held_upload(token):
            raise RuntimeError

    with app.app_context():
        token = held.hold_upload(b"content")
        with pytest.raises(RuntimeError):
            fail(token)
        with held.held_upload(token) as content:
            assert content == b"content"


@pytest.mark.parametrize("token", ["", "../secret_key", "x" * 32, "0" * 31, "0" * 32 + "\n"])
def test_no_other_file_is_given_out_or_deleted(app: Flask, instance: Path, token: str) -> None:
    with app.app_context(), held.held_upload(token) as content:
        assert content is None
    assert (instance / "secret_key").exists()


def test_what_nobody_wanted_is_forgotten_after_a_day(app: Flask, instance: Path) -> None:
    with app.app_context():
        held.hold_upload(b"content")
        held.forget_old(now())
        (path,) = (instance / "held").iterdir()
        old = (now() - held.KEPT - timedelta(minutes=1)).timestamp()
        os.utime(path, (old, old))
        held.forget_old(now())
    assert not path.exists()
