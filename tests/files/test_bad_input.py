"""Files that are broken, hostile or too much: each is told in words, and the hub goes on."""

import errno
import io
import os
import random
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from libhub.api import Attachment, ItemRef, LibHubError, attach, attachments, check_upload
from libhub.files import pictures, store
from libhub.files.reading.process import Limits, read_file
from libhub.files.reading.queue import read_next
from libhub.plugging import settings
from tests.files import documents

AddFile = Callable[..., Attachment]
LONG_LINES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {new} "{"&" + old + ";" * 1}{("&" + old + ";") * 9}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True)
) + "]>"  # fmt: skip


def bomb(name: str = "word/media/zeros.bin", size: int = 90_000_000) -> bytes:
    """Return a Word document that unpacks to a thousand times its size."""
    target = io.BytesIO(documents.docx(["текст"]))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, b"\0" * size)
    return target.getvalue()


def read_all(app: Flask, ref: ItemRef) -> list[Attachment]:
    with app.app_context():
        while read_next(Limits(seconds=30)):
            pass
        return attachments([ref])[ref]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("короткий.pdf", documents.pdf(["слово"] * 20)[:900], "Он повреждён"),
        ("пароль.pdf", documents.encrypted_pdf(), "защищён паролем"),
        ("бомба.docx", bomb(), "В распакованном виде"),
        ("сущности.docx", documents.docx(["&i;"], prolog=LONG_LINES), "уловка"),
        ("путь.docx", bomb("../../../etc/passwd", 10), "упакован небезопасно"),
        (
            "путь.epub",
            documents.epub({"Один": "<p>x</p>"}, extra={"/etc/passwd": "x"}),
            "упакован небезопасно",
        ),
        (
            "сущности.fb2",
            documents.fb2({"Один": "x"}).replace(b"?>", b"?>" + LONG_LINES.encode(), 1),
            "уловка",
        ),
        ("битая.fb2", documents.fb2({"Один": "x"})[:-40], "Он повреждён"),
        (
            "пустая.epub",
            documents.packed({"x": "y"}, first=("mimetype", "application/epub+zip")),
            "Он повреждён",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_what_cannot_be_read_is_kept_and_told(
    app: Flask, librarian: FlaskClient, add_file: AddFile, name: str, content: bytes, words: str
) -> None:
    added = add_file(content, name)
    (read,) = read_all(app, added.ref)
    assert read.state == "failed"
    assert words in read.reason
    page = librarian.get("/files/of/shelf/thing/вещь")
    assert words in page.text
    assert "Повторить" in page.text
    assert librarian.get(added.download_url, buffered=True).data == content
    librarian.post(f"/files/{added.id}/retry")
    with app.app_context():
        assert attachments([added.ref])[added.ref][0].state == "waiting"


def huge_png(side: int = 60_000) -> bytes:
    """Return the header of a picture of so many points on each side, and hardly anything else."""
    target = io.BytesIO()
    Image.new("1", (8, 8)).save(target, "PNG")
    content = target.getvalue()
    header = b"IHDR" + side.to_bytes(4, "big") * 2 + content[24:29]
    return content[:12] + header + zlib.crc32(header).to_bytes(4, "big") + content[33:]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("пусто.pdf", b"", "Файл пуст"),
        ("великан.png", huge_png(), "слишком велика"),
        ("большая.png", huge_png(10_000), "10000 × 10000"),
        ("битая.jpg", b"\xff\xd8\xff\xe0" + b"x" * 500, "Картинка повреждена"),
        ("оборвана.zip", documents.docx(["x"])[:-30], "Файл повреждён"),
        ("программа.pdf", b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 100, "Непонятно, что это за файл"),
        ("пароль.docx", documents.ole("EncryptedPackage"), "защищён паролем"),
        ("рисунок.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "не принимаются"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_what_will_not_do_is_refused_in_words(
    app: Flask,
    instance: Path,
    librarian: FlaskClient,
    put: Callable[..., ItemRef],
    name: str,
    content: bytes,
    words: str,
) -> None:
    ref = put("вещь")
    answer = librarian.post(
        "/files/of/shelf/thing/вещь", data={"files": (io.BytesIO(content), name)}, follow_redirects=True
    )
    assert f"{name}: " in answer.text
    assert words in answer.text
    with app.app_context():
        assert attachments([ref])[ref] == []
        with pytest.raises(LibHubError, match=words):
            check_upload(name, io.BytesIO(content))
    assert not [path for path in (instance / "files").rglob("*") if path.is_file()]


def test_a_wrong_extension_is_put_right_and_told(
    app: Flask, librarian: FlaskClient, put: Callable[..., ItemRef]
) -> None:
    ref = put("вещь")
    answer = librarian.post(
        "/files/of/shelf/thing/вещь",
        data={"files": (io.BytesIO(documents.pdf(["x"])), "картинка.jpg")},
        follow_redirects=True,
    )
    assert "«картинка.jpg» добавлен под именем «картинка.pdf»" in answer.text
    with app.app_context():
        assert [each.media_type for each in attachments([ref])[ref]] == ["application/pdf"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("ы" * 300 + ".pdf", "ы" * 116 + ".pdf"),
        ("..\\..\\windows\\cmd.pdf", "cmd.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie x=1.pdf"),
        ("фото\u202efdp.exe", "фото fdp.pdf"),
        ("CON.pdf", "_CON.pdf"),
        (" . ", "file.pdf"),
        ("  Отчёт 1.2  ", "Отчёт 1.2.pdf"),
    ],
)
def test_names_are_made_safe(add_file: AddFile, client: FlaskClient, sent: str, kept: str) -> None:
    added = add_file(documents.pdf(["x"]), sent)
    assert added.name == kept
    answer = client.get(added.download_url, buffered=True)
    assert answer.status_code == 200
    assert "Set-Cookie" not in {name for name, _value in answer.headers}


def test_too_large_a_file_is_refused_as_soon_as_it_is_too_large(
    app: Flask, instance: Path, put: Callable[..., ItemRef]
) -> None:
    ref = put("вещь")

    class Endless(io.RawIOBase):
        """A sender who never stops."""

        sent = 0

        def read(self, size: int = -1) -> bytes:
            self.sent += size
            return b"x" * size

    with app.app_context():
        settings.change_settings(settings.CORE, {"file_mb": 2})
        stream = Endless()
        with pytest.raises(LibHubError, match="2\u00a0МБ"):
            attach(ref, "a.txt", stream)  # type: ignore[arg-type]
    assert stream.sent <= 2 * 1024 * 1024 + store.CHUNK_BYTES
    assert not list((instance / "files" / "receiving").iterdir())


@pytest.mark.parametrize("place", ["write", "rename"])
def test_a_full_disk_is_told_and_leaves_nothing(
    app: Flask, instance: Path, put: Callable[..., ItemRef], monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    ref = put("вещь")

    def full(*_arguments: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(*((os, "fsync") if place == "write" else (Path, "replace")), full)
    with app.app_context():
        with pytest.raises(LibHubError, match="нет места"):
            attach(ref, "a.txt", io.BytesIO(b"text"))
        monkeypatch.undo()
        assert attachments([ref])[ref] == []
        attach(ref, "a.txt", io.BytesIO(b"text"))
    assert not list((instance / "files" / "receiving").iterdir())


def test_a_disk_that_is_full_before_a_file_has_arrived_is_told(
    librarian: FlaskClient, put: Callable[..., ItemRef], monkeypatch: pytest.MonkeyPatch
) -> None:
    put("вещь")

    def full(*_arguments: Any, **_options: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("werkzeug.wrappers.request.Request._get_file_stream", full)
    answer = librarian.post("/files/of/shelf/thing/вещь", data={"files": (io.BytesIO(b"text"), "a.txt")})
    assert answer.status_code == 507
    assert "нет места" in answer.text


def test_no_previews_of_a_picture_that_a_bomb_made(tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(huge_png())
    with pytest.raises(LibHubError):
        pictures.preview(path, "png", 160)


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(seconds=0.05), "time"),
        (Limits(memory_bytes=300 * 1024 * 1024, watch=False), "memory"),
        (Limits(memory_bytes=1024 * 1024, watch=True), "memory"),
    ],
    ids=["time", "memory", "memory as on Windows"],
)
def test_a_reader_that_takes_too_much_is_stopped(tmp_path: Path, limits: Limits, reason: str) -> None:
    path = tmp_path / "content"
    path.write_bytes("слово ".encode() * 8_000_000)
    reading = read_file(path, "txt", limits)
    assert (reading.reason, reading.units) == (reason, [])


SEEDS = {
    "pdf": documents.pdf(["Страница один", "Страница два"]),
    "docx": documents.docx(["текст"], headings=["Один", "Два"]),
    "pptx": documents.pptx(["Слайд"]),
    "xlsx": documents.xlsx({"Лист": [["a", 1]]}),
    "odt": documents.odt(["текст"], heading="Один"),
    "epub": documents.epub({"Один": "<p>текст</p>"}),
    "fb2": documents.fb2({"Один": "текст"}),
    "rtf": documents.rtf("текст"),
    "html": "<html><h1>Один</h1><p>текст".encode(),
}


def mutated(content: bytes, dice: random.Random) -> bytes:
    """Return a file with a few bytes changed, a piece missing, doubled, or cut off."""
    changed = bytearray(content)
    for _turn in range(dice.randint(1, 6)):
        at = dice.randrange(len(changed))
        match dice.randrange(5):
            case 0:
                changed[at] = dice.randrange(256)
            case 1:
                del changed[at : at + dice.randint(1, 40)]
            case 2:
                changed[at:at] = changed[at : at + dice.randint(1, 200)]
            case 3:
                changed[at : at + 4] = dice.choice([b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"9999"])
            case _:
                del changed[max(at, 8) :]
        if not changed:
            changed = bytearray(content[:8])
    return bytes(changed)


@pytest.mark.slow
def test_mutated_files_end_without_a_crash_of_the_hub_or_a_stuck_process(tmp_path: Path) -> None:
    """``FUZZ_ROUNDS=500`` tries so many of each kind; ``FUZZ_SEED`` begins elsewhere."""
    rounds, seed = int(os.environ.get("FUZZ_ROUNDS", "4")), int(os.environ.get("FUZZ_SEED", "20261124"))
    print(f"FUZZ_SEED={seed}")
    dice = random.Random(seed)
    path = tmp_path / "content"
    limits = Limits(seconds=20, cpu_seconds=10)
    reasons: dict[str, int] = {}
    for _round in range(rounds):
        for type_name, content in SEEDS.items():
            path.write_bytes(mutated(content, dice))
            reading = read_file(path, type_name, limits)
            reasons[reading.reason] = reasons.get(reading.reason, 0) + 1
    print(reasons)
    assert "time" not in reasons
    assert sum(reasons.values()) == rounds * len(SEEDS)
    assert set(reasons) - {""}, "no file was hurt: this proves nothing"
