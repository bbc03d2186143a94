"""For pytest: ``pytest --libhub-plugin PATH`` runs the contract suite, and the section's own tests, over a section.

Every pytest of the environment in which LibHub is installed imports this module, so it imports nothing itself.
"""

import os
from pathlib import Path

import pytest

OPTION = "--libhub-plugin"
MORE_PLUGINS = "LIBHUB_MORE_PLUGINS"
"""The setting by which the hub, in whatever process, finds a section that lies elsewhere."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Know the option."""
    parser.getgroup("libhub").addoption(
        OPTION, metavar="PATH", help="check the section of LibHub in this folder"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, parser: pytest.Parser, args: list[str]
) -> None:
    """Let the hub find the section, and the tests be found: all of them, unless some are asked for by name."""
    asked = parser.parse_known_args(args)
    if asked.libhub_plugin is None:
        return
    folder = Path(asked.libhub_plugin).resolve()
    if not (folder / "plugin.toml").is_file():
        raise pytest.UsageError(f"{OPTION}: no plugin.toml in {folder}")
    os.environ[MORE_PLUGINS] = os.pathsep.join(filter(None, [os.environ.get(MORE_PLUGINS), str(folder)]))
    import plugins

    if str(folder.parent) not in plugins.__path__:  # before a hub loads it, its tests import what they test
        plugins.__path__.append(str(folder.parent))
    for fixtures in ("libhub.testing", "libhub.testing.contract.section"):
        early_config.pluginmanager.import_plugin(fixtures)
    if not asked.file_or_dir:
        contract = Path(__file__).parent / "testing" / "contract"
        args += [
            str(path) for path in sorted(contract.rglob("*.py")) if path.stem not in ("__init__", "section")
        ]
        args += [str(each) for each in [folder / "tests"] if each.is_dir()]
