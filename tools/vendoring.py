"""``python -m tools.vendoring [FOLDER …]`` (``make vendor``): fetch the npm files that a folder's manifest names.

``manifest.toml`` names package, exact version, file and checksum of each. ``libhub/static/vendor`` has what browsers
get from the hub alone, so a school needs no Internet; other folders have what the tests need. A file that is not what
the manifest says is refused here, and by a test.
To take a newer version: change ``version``, empty ``sha256``, run this, read what changed, write down the new sum.
"""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tools import trimming

FOLDER = Path(__file__).parents[1] / "libhub" / "static" / "vendor"
MANIFEST = "manifest.toml"


@dataclass(frozen=True)
class VendoredFile:
    """A file of an npm package: where it is there, its name here, and its checksum (hexadecimal SHA-256).

    At most one of ``sass``, ``subset`` and ``icons`` is set: what is made of it before it is kept.
    """

    package: str
    version: str
    path: str
    name: str
    sha256: str
    sass: str = ""
    subset: str = ""
    icons: tuple[str, ...] = ()

    def complaint(self, content: bytes) -> str | None:
        """Say what is wrong with this content, or None."""
        found = hashlib.sha256(content).hexdigest()
        return (
            None if found == self.sha256 else f"{self.name}: sha256 is {found}, not {self.sha256 or '(none)'}"
        )


def read_manifest(folder: Path) -> list[VendoredFile]:
    """Return every file that belongs into the folder, beside the manifest."""
    packages = tomllib.loads((folder / MANIFEST).read_text(encoding="utf-8"))["package"]
    return [
        VendoredFile(package["name"], package["version"], **{**file, "icons": tuple(file.get("icons", ()))})
        for package in packages
        for file in package["files"]
    ]


def complaints(folder: Path) -> list[str]:
    """Hold the folder against its manifest."""
    files = read_manifest(folder)
    found = {path.name for path in folder.iterdir()} - {MANIFEST}
    named = {file.name for file in files}
    return [
        *(f"{name}: missing" for name in sorted(named - found)),
        *(f"{name}: not in the manifest" for name in sorted(found - named)),
        *(
            complaint
            for file in files
            if file.name in found and (complaint := file.complaint((folder / file.name).read_bytes()))
        ),
    ]


def fetch(package: str, version: str, folder: Path) -> dict[str, bytes]:
    """Return the files of a published npm package by their path in it.

    :raises subprocess.CalledProcessError: npm cannot get it; npm says why on the terminal.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("npm is not installed; on Debian: apt install npm")
    done = subprocess.run(  # noqa: S603
        [npm, "pack", "--silent", f"{package}@{version}"],
        cwd=folder,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    with tarfile.open(folder / done.stdout.split()[-1]) as archive:
        return {
            member.name.removeprefix("package/"): stream.read()
            for member in archive
            if member.isfile() and (stream := archive.extractfile(member))
        }


def content_of(file: VendoredFile, published: Mapping[str, bytes]) -> bytes:
    """Return what the hub keeps of a package: a file as it is, or what is made of it."""
    if file.sass:
        return trimming.compile_sass(published, file.sass)
    if file.icons:
        return trimming.icon_sheet({name: published[f"{file.path}/{name}.svg"] for name in file.icons})
    content = published[file.path]
    return trimming.subset_font(content, file.subset) if file.subset else content


def bring(files: Sequence[VendoredFile], target: Path) -> list[str]:
    """Fetch the files into a folder; return what is wrong with those that are not what they should be.

    :raises subprocess.CalledProcessError: npm cannot get a package.
    """
    with TemporaryDirectory() as folder:
        packages = {
            key: fetch(*key, Path(folder))
            for key in dict.fromkeys((file.package, file.version) for file in files)
        }
    wrong = []
    for file in files:
        content = content_of(file, packages[file.package, file.version])
        complaint = file.complaint(content)
        if complaint:
            wrong.append(complaint)
        else:
            (target / file.name).write_bytes(content)
    return wrong


def main() -> int:
    """Fill the folders that are given, by default the hub's own, and tell about what is wrong."""
    folders = [Path(name) for name in sys.argv[1:]] or [FOLDER]
    wrong = [f"{folder / line}" for folder in folders for line in bring(read_manifest(folder), folder)]
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
