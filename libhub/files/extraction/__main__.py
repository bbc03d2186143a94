"""Read one file: ``python -m libhub.files.extraction TYPE PATH CPU_SECONDS MEMORY_BYTES OUTPUT_BYTES``.

0 bytes of memory is no limit."""

import importlib
import os
import sys
from typing import Final

import defusedxml
from defusedxml.common import DefusedXmlException

from libhub.base.processes.child_process import end_with_parent, limit, step_back
from libhub.files.extraction.output import CELLS, Output, TooLong, Unreadable

READERS: Final = {
    "pdf": "pdf:read",
    "docx": "word:read",
    "pptx": "powerpoint:read",
    "xlsx": "excel:read",
    "odt": "opendocument:read_odt",
    "odp": "opendocument:read_odp",
    "ods": "opendocument:read_ods",
    "epub": "epub:read",
    "fb2": "fb2:read",
    "fb2zip": "fb2:read_zipped",
    "rtf": "plain:read_rtf",
    "txt": "plain:read_txt",
    "md": "plain:read_md",
    "csv": "plain:read_csv",
    "html": "plain:read_html",
    CELLS: "cells:read",
}


def main() -> None:
    """Read the file that the arguments name."""
    type_name, path, *numbers = sys.argv[1:]
    cpu_seconds, memory_bytes, output_bytes = map(int, numbers)
    end_with_parent()
    step_back()
    limit(cpu_seconds, memory_bytes, output_bytes)
    defusedxml.defuse_stdlib()  # type: ignore[attr-defined]  # libraries that parse XML by themselves obey, too
    sys.stdout.reconfigure(encoding="ascii")  # type: ignore[union-attr]
    module, _colon, name = READERS[type_name].partition(":")
    output = Output()
    try:
        reader = getattr(importlib.import_module(f"libhub.files.extraction.{module}"), name)
        reader(path, output)
    except TooLong:
        output.end("long")
    except Unreadable as error:
        output.end(error.reason)
    except DefusedXmlException:
        output.end("entities")
    except MemoryError:
        output.end("memory")
    except Exception as error:  # noqa: BLE001 - whatever a parser raises over a file that is not as it should be
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        output.end("damaged")
    else:
        output.end("")


if __name__ == "__main__":
    main()
    # Daemon threads and half-read libraries have nothing to tidy up.
    sys.stdout.flush()
    os._exit(0)
