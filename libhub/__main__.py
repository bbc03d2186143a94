"""``libhub`` and ``python -m libhub``.

The garbage collector is held back while the program is being imported, which makes the start a third shorter.
The processes of ``libhub serve`` import this file, too, and therefore nothing of the hub is imported at its top.
"""

import gc
import os


def main() -> None:
    """Run the command line."""
    gc.disable()
    # Nothing here multiplies matrices: else numpy starts a thread for each core, here and in every process of the hub.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from libhub.cli import main as run

    gc.freeze()
    gc.enable()
    run()


if __name__ == "__main__":
    main()
