"""How long 5,000 people of a table take: to be looked at, to come in, to come in again, to go out.

Prints one line of JSON. ``docs/performance.md`` says what the figures mean.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from libhub.installation import prepare
from libhub.kit.importing import as_shown
from libhub.kit.tables.workbooks import write, write_rows
from libhub.people.exchange import importing
from libhub.people.exchange.columns import EXPORTED
from libhub.people.exchange.entries import read_people
from libhub.people.exchange.exporting import exported
from libhub.testing import make_app, release

HEADER = ("Фамилия", "Имя", "Отчество", "Класс", "Дата рождения", "№ личного дела")


def timed(seconds: dict[str, float], name: str, act: Callable[[], Any]) -> Any:
    """Do something and note how long it took; of a busy machine the processor's time says more than the clock's."""
    began, worked = time.perf_counter(), time.process_time()
    result = act()
    seconds[name] = round(time.perf_counter() - began, 2)
    seconds[f"{name}, processor"] = round(time.process_time() - worked, 2)
    return result


def main(count: int) -> None:
    """Bring a table of so many people into a new hub."""
    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        app = make_app(Path(folder, "instance"))
        table, out = Path(folder, "table.xlsx"), Path(folder, "out.xlsx")
        rows = (
            (f"Иванов{'абвгдежз'[each % 8]}{'иклмнопр'[each // 8 % 8]}", "Пётр", "Ильич", f"{each % 11 + 1}{'АБВГ'[each % 4]}",
             f"{each % 28 + 1:02d}.{each % 12 + 1:02d}.{2008 + each % 11}", str(each))
            for each in range(count)
        )  # fmt: skip
        with table.open("wb") as body:
            write_rows(body, "Школа", HEADER, rows)
        prepare(app, lambda _done, _all: None)
        with app.app_context():
            people = timed(seconds, "read", lambda: read_people(table))
            shown = timed(seconds, "look", lambda: importing.look(people, {}))
            with as_shown(shown):
                done = timed(seconds, "bring in", lambda: importing.bring_in(people, {}))
            assert done.added == count, done
            again = timed(seconds, "again", lambda: importing.bring_in(read_people(table), {}))
            assert (again.unchanged, again.changed) == (count, 0), again
            with out.open("wb") as body:
                timed(seconds, "export", lambda: write(exported(), EXPORTED, body))
        release(app)
    print(json.dumps({"people": count, "seconds": seconds}))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
