"""Which sections the last start could not make ready, and why: known to every process that serves, and to commands.

It is a file of the instance, not a row: it is also about sections whose tables cannot be made, and is read before
anybody knows whether there is a database. Every start writes it anew.
"""

import json
import logging
from collections.abc import Mapping
from pathlib import Path

logger = logging.getLogger(__name__)


def read(path: Path) -> dict[str, str]:
    """Return the reasons by section; none where the last start left out nothing."""
    try:
        return {str(plugin_id): str(reason) for plugin_id, reason in json.loads(path.read_bytes()).items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError):
        logger.exception("%s cannot be read; the next start writes it anew", path)
        return {}


def write(path: Path, reasons: Mapping[str, str]) -> None:
    """Keep the reasons by section, aside first, so that nobody reads half of them."""
    new = path.with_suffix(".new")
    new.write_text(json.dumps(reasons, ensure_ascii=False, indent=1), encoding="utf-8")
    new.replace(path)
