"""Settings of an instance: what is wrong is said with the place where it stands."""

from pathlib import Path

import pytest

from libhub.base.errors import LibHubError
from libhub.config import CONFIG_FILE, load_config


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / CONFIG_FILE
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_without_a_file_the_defaults_are_used(tmp_path: Path) -> None:
    config = load_config(tmp_path)
    assert (config.host, config.port, config.workers, config.locale) == ("127.0.0.1", 8000, 2, "ru")
    assert config.timezone == "Asia/Novosibirsk"


def test_a_variable_stands_above_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "port = 8100\nworkers = 3\n")
    monkeypatch.setenv("LIBHUB_PORT", "8200")
    config = load_config(tmp_path)
    assert (config.port, config.workers) == (8200, 3)


def test_the_byte_order_mark_of_a_windows_editor_is_no_error(tmp_path: Path) -> None:
    write(tmp_path, b"\xef\xbb\xbfport = 8100\r\n")
    assert load_config(tmp_path).port == 8100


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('port = "many"', ("port", "many")),
        ("port = 0", ("port", "1")),
        ("port = 70000", ("port", "65535")),
        ("workers = 0", ("workers", "1")),
        ("workers = 1.5", ("workers", "1.5")),
        ("host = 5", ("host", "5")),
        ('locale = "de"', ("locale", "de", "ru", "en")),
        ('timezone = "Mars/Olympus"', ("timezone", "Mars/Olympus", "Asia/Novosibirsk")),
        ('timezone = "../etc/passwd"', ("timezone",)),
        ('log_level = "LOUD"', ("log_level", "LOUD", "DEBUG")),
        ("max_upload_mb = -1", ("max_upload_mb", "-1")),
        ("prot = 8000", ("prot",)),
        ("[server]\nport = 8000", ("server",)),
    ],
)
def test_a_wrong_value_is_named_with_its_file(tmp_path: Path, text: str, named: tuple[str, ...]) -> None:
    path = write(tmp_path, text)
    with pytest.raises(LibHubError) as error:
        load_config(tmp_path)
    message = str(error.value)
    for part in (str(path), *named):
        assert part in message
    assert "\n" not in message
    assert "pydantic" not in message


@pytest.mark.parametrize("text", ["port = ", "port 8000", "port = 1\nport = 2", b"\xff\xfe\x00"])
def test_a_file_that_is_not_toml_is_named(tmp_path: Path, text: str | bytes) -> None:
    path = write(tmp_path, text)
    with pytest.raises(LibHubError) as error:
        load_config(tmp_path)
    assert str(path) in str(error.value)


@pytest.mark.parametrize(("variable", "value"), [("LIBHUB_PORT", "x"), ("LIBHUB_PROT", "8000")])
def test_a_wrong_variable_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(LibHubError) as error:
        load_config(tmp_path)
    assert variable in str(error.value)


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    write(tmp_path, 'port = 0\nlocale = "de"')
    with pytest.raises(LibHubError) as error:
        load_config(tmp_path)
    assert len(str(error.value).splitlines()) == 2
