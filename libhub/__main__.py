"""``python -m libhub`` is the same as ``libhub``."""

from libhub.cli import main

if __name__ == "__main__":
    main()
