"""A section is held against the contract, wherever it lies: its manifest, then the tests, in a process of their own."""

import importlib.util
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.plugging.loading.manifest import read_manifest


def check(folder: Path, options: Sequence[str] = ()) -> int:
    """Check the section in a folder and return what pytest returned: 0 is well.

    :param options: more for pytest, such as ``-x`` or ``-k title``.
    :raises LibHubError: its manifest will not do, or there is no pytest.
    """
    read_manifest(folder)
    if importlib.util.find_spec("pytest") is None:
        raise LibHubError(
            _('The checks need pytest, which is not installed. Run: pip install "libhub[test]"')
        )
    command = [
        *(sys.executable, "-m", "pytest", "-p", "libhub.pytest_plugin", "-p", "no:cacheprovider"),
        *("--libhub-plugin", str(folder), "--rootdir", str(folder), *options),
    ]
    return subprocess.run(command, check=False).returncode  # noqa: S603 - our own interpreter and module
