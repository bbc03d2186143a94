"""Uploads that wait for a yes: there until they were used, forgotten after a day, never another file of the instance."""

import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from libhub.base.moments import now
from libhub.submissions import pending_uploads


def test_an_upload_lies_there_until_it_was_used(app: Flask, instance: Path) -> None:
    with app.app_context():
        token = pending_uploads.hold_upload(io.BytesIO(b"content"))
        path = pending_uploads.held_upload(token)
        assert path is not None
        assert path.read_bytes() == b"content"
        pending_uploads.drop_upload(token)
        assert pending_uploads.held_upload(token) is None
        pending_uploads.drop_upload(token)
    assert not list((instance / "held").iterdir())


@pytest.mark.parametrize("token", ["", "../secret_key", "x" * 32, "0" * 31, "0" * 32 + "\n"])
def test_no_other_file_is_given_out_or_deleted(app: Flask, instance: Path, token: str) -> None:
    with app.app_context():
        assert pending_uploads.held_upload(token) is None
        pending_uploads.drop_upload(token)
    assert (instance / "secret_key").exists()


def test_what_nobody_wanted_is_forgotten_after_a_day(app: Flask, instance: Path) -> None:
    with app.app_context():
        pending_uploads.hold_upload(io.BytesIO(b"content"))
        pending_uploads.forget_old(now())
        (path,) = (instance / "held").iterdir()
        old = (now() - pending_uploads.KEPT - timedelta(minutes=1)).timestamp()
        os.utime(path, (old, old))
        pending_uploads.forget_old(now())
    assert not path.exists()
