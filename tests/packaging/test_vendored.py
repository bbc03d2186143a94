"""The browser libraries are exactly those that the manifest names."""

from pathlib import Path

import pytest

from libhub import vendoring


def test_the_folder_is_what_the_manifest_says() -> None:
    assert vendoring.complaints() == []


def test_every_package_brings_its_licence() -> None:
    files = vendoring.read_manifest()
    with_licence = {file.package for file in files if "LICENSE" in file.path}
    assert with_licence == {file.package for file in files}


def test_a_changed_missing_or_strange_file_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = vendoring.read_manifest()[0]
    (tmp_path / "manifest.toml").write_bytes(vendoring.MANIFEST.read_bytes())
    for other in vendoring.read_manifest()[1:-1]:
        (tmp_path / other.name).write_bytes((vendoring.FOLDER / other.name).read_bytes())
    (tmp_path / file.name).write_bytes((vendoring.FOLDER / file.name).read_bytes() + b"\n")
    (tmp_path / "strange.js").write_bytes(b"")
    monkeypatch.setattr(vendoring, "FOLDER", tmp_path)
    missing, strange, changed = vendoring.complaints()
    assert missing == f"{vendoring.read_manifest()[-1].name}: missing"
    assert strange == "strange.js: not in the manifest"
    assert changed.startswith(f"{file.name}: sha256 is ")
