"""What somebody brings is looked at before anything is done: what may do harm, or is no section, is refused and leaves nothing."""

import io
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from libhub.base.errors import LibHubError
from libhub.installing import candidate, placing
from libhub.kit import archive
from tests.installing.brought import files_of, zipped


def added(
    name: str, content: bytes = b"x = 1\n", mode: int = 0, packing: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """Return a good section with one more file under exactly this name."""
    body = io.BytesIO(zipped(files_of()))
    with zipfile.ZipFile(body, "a", packing) as target:
        info = zipfile.ZipInfo("-" * len(name))
        info.compress_type = packing
        info.external_attr = mode << 16
        target.writestr(info, content)
    return body.getvalue().replace(b"-" * len(name.encode()), name.encode())


def locked() -> bytes:
    """Return an archive that says of one of its files that a password protects it."""
    content = bytearray(zipped(files_of()))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    return bytes(content)


def lying() -> bytes:
    """Return an archive with a file that is longer than the archive says."""
    content = added("news/long.txt", b"y" * 70_001, packing=zipfile.ZIP_STORED)
    real, told = (70_001).to_bytes(4, "little"), (10).to_bytes(4, "little")
    start = content.index(b"PK\x01\x02")
    place = content.rindex(real)
    assert place > start
    return content[:place] + told + content[place + 4 :]


def changed(**files: str | bytes) -> Callable[[], bytes]:
    named = {
        name.replace("__", "/", 1) if name.startswith("sub__") else name: text for name, text in files.items()
    }
    return lambda: zipped({**files_of(), **{f"{name}.py": text for name, text in named.items()}})


MANIFEST = files_of()["plugin.toml"]
HOSTILE: dict[str, Callable[[], bytes]] = {
    "no archive": lambda: b"hello",
    "empty": lambda: b"",
    "empty archive": lambda: zipped({}),
    "unfinished": lambda: zipped(files_of())[:-300],
    "path traversal": lambda: added("news/../../evil.py"),
    "traversal at the start": lambda: added("../news/evil.py"),
    "absolute name": lambda: added("/news/evil.py"),
    "drive": lambda: added("C:/news/evil.py"),
    "backslashes": lambda: added("news\\..\\evil.py"),
    "stream of a file": lambda: added("news/hooks.py:evil"),
    "device": lambda: added("news/aux.py"),
    "dot at the end": lambda: added("news/hooks.py."),
    "control character": lambda: added("news/a\nb.py"),
    "nothing between slashes": lambda: added("news//evil.py"),
    "link": lambda: added("news/link.py", b"/etc/passwd", stat.S_IFLNK | 0o777),
    "pipe": lambda: added("news/pipe.py", b"", stat.S_IFIFO | 0o644),
    "two of one name": lambda: added("news/hooks.py"),
    "names that differ by case": lambda: added("news/HOOKS.py"),
    "a file that is a folder": lambda: added("news/hooks.py/evil.py"),
    "two folders": lambda: added("other/evil.py"),
    "a file beside the folder": lambda: added("evil.py"),
    "too tightly packed": lambda: added("news/bomb.bin", b"\0" * 5_000_000),
    "password": locked,
    "longer than it says": lying,
    "too many files": lambda: zipped(
        {**files_of(), **{f"static/{number}.txt": "" for number in range(3_000)}}
    ),
    "too large": lambda: zipped(
        {**files_of(), **{f"static/{number}.bin": bytes(range(256)) * 40_000 for number in range(12)}}
    ),
    "no manifest": lambda: zipped({name: text for name, text in files_of().items() if name != "plugin.toml"}),
    "manifest of another": lambda: zipped(files_of(), "other/"),
    "manifest is no TOML": lambda: zipped({**files_of(), "plugin.toml": "id = "}),
    "manifest in bytes": lambda: zipped({**files_of(), "plugin.toml": b"\xff\xfe\x00"}),
    "an interface that comes later": lambda: zipped(
        {**files_of(), "plugin.toml": MANIFEST.replace('api = "1"', 'api = "1.99"')}
    ),
    "id of the core": lambda: zipped(files_of("search"), "search/"),
    "id of a section of the hub": lambda: zipped(files_of("events"), "events/"),
    "needs what is not here": lambda: zipped(files_of(manifest='requires = ["nosuch"]')),
    "no Python": changed(evil="def x(:"),
    "Python with zeros": changed(evil=b"x = 1\0"),
    "Python without end": changed(evil="(" * 5_000),
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_it_is_refused_and_nothing_of_it_stays(
    app: Flask, tmp_path: Path, instance: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(placing, "_try", lambda *_: pytest.fail("it would have been run"))
    source = tmp_path / "brought.zip"
    source.write_bytes(HOSTILE[name]())
    before = {path for path in tmp_path.rglob("*") if path.suffix in {".py", ".toml", ".bin"}}
    with app.app_context(), pytest.raises(LibHubError) as refused:
        placing.put_in_place(source)
    assert str(refused.value)
    assert {path for path in tmp_path.rglob("*") if path.suffix in {".py", ".toml", ".bin"}} == before
    assert not list((instance / "plugins").iterdir())
    assert not (instance / "installing").exists()
    assert not (instance / "renewal").exists()


def test_every_fault_of_an_archive_is_among_them(app: Flask, tmp_path: Path) -> None:
    found = set()
    for make in HOSTILE.values():
        source = tmp_path / "brought.zip"
        source.write_bytes(make())
        with app.app_context(), pytest.raises(LibHubError) as refused, placing.looked_at(source):
            pass
        found.add(getattr(refused.value, "fault", None))
    of_others = {archive.ArchiveFault.MISSING, archive.ArchiveFault.CHANGED}
    assert found - {None} >= set(archive.ArchiveFault) - of_others - {archive.ArchiveFault.LONGER}


def test_what_is_good_is_shown_whole(app: Flask, tmp_path: Path) -> None:
    source = tmp_path / "news.zip"
    source.write_bytes(
        zipped({**files_of(), "__pycache__/hooks.cpython-311.pyc": b"evil", "inner.zip": zipped({"a": "b"})})
    )
    with app.app_context(), placing.looked_at(source) as found:
        assert (found.id, found.manifest.version) == ("news", "1.0")
        assert set(found.files) == {f"news/{name}" for name in [*files_of(), "inner.zip"]}
        assert found.left == ("news/__pycache__/hooks.cpython-311.pyc",)
        assert not (found.folder / "__pycache__").exists()
        assert (found.folder / "inner.zip").is_file(), "an archive inside is a file like any other"
        place = found.folder
    assert not place.exists()


def test_a_folder_goes_the_way_of_an_archive(app: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    for name, content in files_of().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    hashes = set()
    for _time in range(2):
        with app.app_context(), placing.looked_at(folder) as found:
            hashes.add(found.sha256)
            assert set(found.files) == {f"news/{name}" for name in files_of()}
    assert len(hashes) == 1, "the same files have the same hash"
    (folder / "link.py").symlink_to("/etc/passwd")
    with app.app_context(), pytest.raises(LibHubError, match=r"link\.py"), placing.looked_at(folder):
        pass


def test_no_more_is_read_than_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("a", b"x" * 10**6)
    seen: list[int] = []
    read = zipfile.ZipExtFile.read

    def counted(self: zipfile.ZipExtFile, number: int = -1) -> bytes:
        chunk = read(self, number)
        seen.append(len(chunk))
        return chunk

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
    source = archive.OutsideArchive(body, archive.ArchiveLimits(10, 10**7))
    for most in (0, 10, -5):
        with pytest.raises(archive.HostileArchive) as refused:
            source.read("a", most)
        assert refused.value.fault is archive.ArchiveFault.LONGER
    assert sum(seen) <= 20
    assert source.read("a", 10**6) == b"x" * 10**6


def test_limits_are_sensible() -> None:
    assert archive.ArchiveLimits(files=3_000, bytes=100 * 1024**2, ratio=200) == candidate.LIMITS
