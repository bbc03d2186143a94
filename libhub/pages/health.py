"""The health check."""

from libhub import __version__
from libhub.pages.home import blueprint
from libhub.web.gate import public


@blueprint.get("/healthz")
@public
def health() -> dict[str, str]:
    """Tell a monitoring program that the hub answers."""
    return {"status": "ok", "version": __version__}
