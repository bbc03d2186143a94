"""``libhub resources …`` as another program calls it."""

from pathlib import Path

from libhub.testing import run_libhub


def test_import_reports_by_line_and_what_came_in_is_indexed(instance: Path, tmp_path: Path) -> None:
    table = tmp_path / "таблица.csv"
    table.write_bytes("title;url\nЛедокол;https://ice.example.org\nПлохо;ftp://x\n".encode("cp1251"))
    dry = run_libhub(instance, "resources", "import", str(table), "--dry-run")
    assert dry.returncode == 0, dry.stderr
    done = run_libhub(instance, "resources", "import", str(table))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == dry.stdout.splitlines()[0]
    assert "3" in done.stderr
    doctor = run_libhub(instance, "doctor")
    assert doctor.returncode == 0, doctor.stdout
    back = tmp_path / "back.xlsx"
    assert run_libhub(instance, "resources", "export", str(back)).returncode == 0
    again = run_libhub(instance, "resources", "import", str(back))
    assert again.returncode == 0
    assert again.stderr == ""
    assert again.stdout.count(" 0") == 2 + 1


def test_a_file_that_cannot_be_read_is_one_line(instance: Path, tmp_path: Path) -> None:
    broken = tmp_path / "t.csv"
    broken.write_bytes(b"\x00\x01\x02")
    for path in (broken, tmp_path / "nothing.csv"):
        done = run_libhub(instance, "resources", "import", str(path))
        assert done.returncode != 0
        assert "Traceback" not in done.stderr
