"""The libraries fetched from npm are exactly those that the manifests name."""

from pathlib import Path

import pytest

from tools import vendoring

GATES = Path(__file__).parents[1] / "gates" / "vendor"
each_folder = pytest.mark.parametrize("folder", [vendoring.FOLDER, GATES], ids=["hub", "gates"])


@each_folder
def test_the_folder_is_what_the_manifest_says(folder: Path) -> None:
    assert vendoring.complaints(folder) == []


@each_folder
def test_every_package_brings_its_licence(folder: Path) -> None:
    files = vendoring.read_manifest(folder)
    with_licence = {file.package for file in files if "LICENSE" in file.path}
    assert with_licence == {file.package for file in files}


def test_a_changed_missing_or_strange_file_is_told(tmp_path: Path) -> None:
    first, *others, last = vendoring.read_manifest(vendoring.FOLDER)
    for name in (vendoring.MANIFEST, first.name, *(other.name for other in others)):
        (tmp_path / name).write_bytes((vendoring.FOLDER / name).read_bytes())
    (tmp_path / first.name).write_bytes((tmp_path / first.name).read_bytes() + b"\n")
    (tmp_path / "strange.js").write_bytes(b"")
    missing, strange, changed = vendoring.complaints(tmp_path)
    assert missing == f"{last.name}: missing"
    assert strange == "strange.js: not in the manifest"
    assert changed.startswith(f"{first.name}: sha256 is ")
