"""Which interface and which Python packages a section asks for, and names that will go."""

import logging
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

import plugins
from libhub import api
from libhub.base.errors import LibHubError
from libhub.plugging import deprecation
from libhub.plugging.loading import versions
from libhub.plugging.loading.discovery import shipped_folder
from libhub.plugging.loading.registry import Registry
from libhub.testing import make_app, release

HEAD = '[name]\nru = "а"\nen = "a"\n[description]\nru = "а"\nen = "a"\n'


@pytest.mark.parametrize(
    ("wanted", "have", "works"),
    [
        ("1", "1.1", True),
        ("1.0", "1.1", True),
        ("1.1", "1.1", True),
        ("1.3", "1.10", True),
        ("1.10", "1.3", False),
        ("1.2", "1.1", False),
        ("2", "1.1", False),
        ("1.9", "2.0", False),
        ("0.9", "1.1", False),
    ],
)
def test_from_its_number_up_to_the_next_first_one(
    monkeypatch: pytest.MonkeyPatch, wanted: str, have: str, works: bool
) -> None:
    monkeypatch.setattr(versions, "API_VERSION", have)
    assert versions.has_interface(wanted) is works


@pytest.mark.parametrize("api_version", ["", "one", "1.", ".1", "1.1.1", ">=1", "-1", "1 "])
def test_what_is_no_number_breaks_the_section(
    instance: Path, fake_plugin: Callable[..., Path], api_version: str
) -> None:
    fake_plugin("demo", {"plugin.toml": f'id = "demo"\nversion = "1"\napi = "{api_version}"\n{HEAD}'})
    error = Registry([instance / "plugins"]).plugins["demo"].error
    assert error is not None
    assert "api" in error


def test_python_packages_are_checked_and_named(instance: Path, fake_plugin: Callable[..., Path]) -> None:
    have = metadata.version("flask").split(".")[0]
    wanted = {
        "flask": True,
        "Flask >= 1": True,
        f"flask>={have},<{int(have) + 1}": True,
        f"flask>{int(have) + 1}": False,
        f"flask!={metadata.version('flask')}": False,
        "no-such-package": False,
        "no-such-package>=7": False,
    }
    for number, requirement in enumerate(wanted):
        fake_plugin(
            f"demo{number}",
            {
                "plugin.toml": f'id = "demo{number}"\nversion = "1"\napi = "1"\n'
                f'python = ["{requirement}"]\n{HEAD}'
            },
        )
    found = Registry([instance / "plugins"]).plugins
    for number, (requirement, here) in enumerate(wanted.items()):
        error = found[f"demo{number}"].error
        assert (error is None) is here, (requirement, error)
        if error:
            assert requirement in error
            assert "-m pip install" in error


@pytest.mark.parametrize(
    "requirement", ["", "x; python_version < '4'", "x[extra]", "x @ https://x.test", "--index-url", "x>=1,,<"]
)
def test_a_requirement_that_is_none_is_refused(requirement: str) -> None:
    with pytest.raises(ValueError, match="qrcode"):
        versions.checked_requirement(requirement)


@pytest.mark.parametrize(
    ("have", "requirement", "enough"),
    [
        ("7.0", "x>=7", True),
        ("7", "x==7.0.0", True),
        ("6.9.9", "x>=7", False),
        ("7.10", "x>7.9,<8", True),
        ("8.0", "x<=7.9", False),
        ("7.1rc1", "x>=7.1", True),
    ],
)
def test_versions_are_compared_as_numbers(
    monkeypatch: pytest.MonkeyPatch, have: str, requirement: str, enough: bool
) -> None:
    monkeypatch.setattr(metadata, "version", lambda _name: have)
    if enough:
        versions.refuse_missing((requirement,))
    else:
        with pytest.raises(LibHubError, match="x"):
            versions.refuse_missing((requirement,))


@pytest.fixture
def outdated(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name of the interface that will go."""
    monkeypatch.setattr(
        api, "DEPRECATED", {"former_now": deprecation.Deprecated(lambda: api.now, "now", "1.1", "2.0")}
    )
    monkeypatch.setattr(deprecation, "_told", {})


def test_an_outdated_name_works_and_its_section_is_told_once(
    outdated: None, instance: Path, fake_plugin: Callable[..., Path], caplog: pytest.LogCaptureFixture
) -> None:
    code = "from libhub.api import former_now\nfrom libhub.api import former_now as again\nassert again is former_now\n"
    fake_plugin("demo", {"hooks.py": f"from plugins.demo import other\n{code}", "other.py": code})
    with caplog.at_level(logging.WARNING):
        app = make_app(instance)
    try:
        plugin = app.extensions["libhub.plugins"].plugins["demo"]
        assert plugin.error is None
        with app.app_context():
            (warning,) = map(str, plugin.warnings)
        assert "former_now" in warning
        assert ": now." in warning
        assert "2.0" in warning
    finally:
        release(app)
    told = [record.getMessage() for record in caplog.records if "former_now" in record.getMessage()]
    assert len(told) == 1
    assert "demo" in told[0]


def test_every_outdated_name_works_and_goes_with_a_first_number() -> None:
    for name, each in api.DEPRECATED.items():
        assert name not in api.__all__
        each.value()
        assert each.until.endswith(".0")
    with pytest.raises(AttributeError):
        api.no_such_name  # noqa: B018


def test_the_package_has_types_for_others() -> None:
    assert (Path(api.__file__).parent / "py.typed").is_file()


def test_another_package_of_that_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (shipped_folder() / "__init__.py").is_file()
    monkeypatch.delattr(plugins, "OWNER")
    with pytest.raises(LibHubError, match="plugins"):
        shipped_folder()
