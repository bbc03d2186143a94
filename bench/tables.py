"""How long 50,000 rows take python-calamine and openpyxl, and how much memory; each in a process of its own. For Linux.

XLS and ODS need LibreOffice (``soffice``) to be made; without it only XLSX is measured.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from libhub.kit.tables.workbooks import write_rows

ROWS: Final = 50_000
READERS: Final = {
    "python-calamine": """
from python_calamine import CalamineWorkbook
with open(path, "rb") as file:
    rows = sum(1 for _row in CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).iter_rows())
""",
    "openpyxl": """
from openpyxl import load_workbook
rows = sum(1 for _row in load_workbook(path, read_only=True, data_only=True).worksheets[0].iter_rows(values_only=True))
""",
}
AROUND: Final = """
import sys, time
path, began = sys.argv[1], time.process_time()
{}
most = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(rows, round(time.process_time() - began, 2), int(most) // 1024)
"""


def main() -> None:
    """Print a line of JSON for each library and format: seconds of the processor, megabytes at most."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder, "table.xlsx")
        first = date(2010, 1, 1)
        rows = (
            (f"Иванов{n}", "Пётр", "Ильич", "5А", first + timedelta(n % 3000), f"{n:05d}")
            for n in range(ROWS)
        )
        with table.open("wb") as body:
            write_rows(body, "Школа", ("Фамилия", "Имя", "Отчество", "Класс", "Дата", "Номер"), rows)
        for form in ("xls", "ods") if shutil.which("soffice") else ():
            command = ["soffice", "--headless", "--convert-to", form, "--outdir", folder, str(table)]
            subprocess.run(command, check=True, capture_output=True)
        for library, code in READERS.items():
            for path in sorted(Path(folder).glob("table.*")):
                if library == "openpyxl" and path.suffix != ".xlsx":
                    continue
                done = subprocess.run(
                    [sys.executable, "-c", AROUND.format(code), str(path)],
                    check=True,
                    capture_output=True,
                    text=True,
                )
                count, seconds, megabytes = done.stdout.split()
                told = {"library": library, "format": path.suffix[1:], "rows": int(count)}
                print(json.dumps(told | {"seconds": float(seconds), "megabytes": int(megabytes)}))


if __name__ == "__main__":
    main()
