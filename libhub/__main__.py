"""``libhub`` and ``python -m libhub``.

The garbage collector is held back while the program is being imported, which makes the start a third shorter.
The processes of ``libhub serve`` import this file, too, and therefore nothing is imported at its top.
"""

import gc


def main() -> None:
    """Run the command line."""
    gc.disable()
    from libhub.cli import main as run

    gc.freeze()
    gc.enable()
    run()


if __name__ == "__main__":
    main()
