"""Pictures: written anew, so that nothing but the picture is kept, and made smaller for pages. No Flask.

A photograph tells where and when it was taken and with what; all of that is dropped. Which way up it is, is obeyed.
"""

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS: Final = 60_000_000
"""Of one picture, known from its header; 60 million are 180 MB of memory while it is being decoded."""
MOST_FRAMES: Final = 200
"""Of a moving picture."""
WIDTHS: Final = (160, 320, 640, 1280)
"""Of previews, in pixels."""
_PILLOW_NAMES: Final = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF"}
_SAVING: Final[dict[str, dict[str, Any]]] = {
    "jpeg": {"quality": 90, "optimize": True},
    "png": {"optimize": False, "compress_level": 6},
    "webp": {"quality": 90, "method": 4},
    "gif": {},
}
_HARMLESS: Final = frozenset(
    [
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "dpi",
        "progressive",
        "progression",
        "duration",
        "loop",
        "background",
        "version",
        "extension",
        "transparency",
        "gamma",
        "interlace",
        "timestamp",
    ]
)
"""What Pillow tells of a picture that is no metadata."""
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Picture:
    """A picture written anew; ``bare`` says that it had nothing but its pixels before."""

    content: bytes
    width: int
    height: int
    bare: bool


def rewrite(path: Path, type_name: str) -> Picture:
    """Decode a picture and write it anew, upright and without anything but its pixels.

    :raises LibHubError: it is damaged, or too large to be decoded safely.
    """
    from PIL import ImageOps

    with _opened(path, type_name) as image:
        frames = int(getattr(image, "n_frames", 1))
        bare = set(image.info) <= _HARMLESS and not image.getexif()
        if frames > 1 and type_name in ("gif", "webp"):
            return _rewrite_frames(image, type_name, frames, bare)
        upright = _flat(ImageOps.exif_transpose(image), type_name)
        return Picture(_saved(upright, type_name), *upright.size, bare)


def preview(path: Path, type_name: str, width: int) -> bytes:
    """Return a picture as WebP, not wider than ``width`` pixels.

    :raises LibHubError: it cannot be decoded.
    """
    with _opened(path, type_name) as image:
        image.draft("RGB", (width, width * 4))  # of JPEG: decoded smaller at once
        small = image.convert("RGBA" if _has_alpha(image) else "RGB")
        if small.width > width:
            small = small.resize((width, max(1, round(small.height * width / small.width))))
        return _saved(small, "webp", quality=80)


@contextmanager
def _opened(path: Path, type_name: str) -> Iterator["Image"]:
    """Open a picture as just this type, and look at its size before a pixel is decoded."""
    from PIL import Image, UnidentifiedImageError  # 3 MB that a worker needs only where a picture is sent

    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of odd metadata, which is dropped
        try:
            with Image.open(path, formats=[_PILLOW_NAMES[type_name]]) as image:
                frames = min(int(getattr(image, "n_frames", 1)), MOST_FRAMES)
                if image.width * image.height * (frames if type_name in ("gif", "webp") else 1) > MOST_PIXELS:
                    raise LibHubError(
                        _(
                            "The picture is too large: %(width)d × %(height)d points. Make it smaller, to at most "
                            "%(most)d million points.",
                            width=image.width,
                            height=image.height,
                            most=MOST_PIXELS // 1_000_000,
                        )
                    )
                yield image
        except LibHubError:
            raise
        except (Image.DecompressionBombError, MemoryError) as error:
            raise LibHubError(_("The picture is too large to be opened. Make it smaller.")) from error
        except (
            UnidentifiedImageError,
            OSError,
            SyntaxError,
            ValueError,
            EOFError,
            IndexError,
            KeyError,
            TypeError,
        ) as error:
            raise LibHubError(
                _("The picture is damaged and cannot be opened. Save it again in a program for pictures.")
            ) from error


def _rewrite_frames(image: "Image", type_name: str, frames: int, bare: bool) -> Picture:
    from PIL import ImageSequence

    if frames > MOST_FRAMES:
        raise LibHubError(_("The moving picture has more than %(most)d frames.", most=MOST_FRAMES))
    copies, durations = [], []
    for frame in ImageSequence.Iterator(image):
        durations.append(int(frame.info.get("duration", 100)))
        copies.append(frame.convert("RGBA"))
    content = _saved(
        copies[0], type_name, save_all=True, append_images=copies[1:], duration=durations, loop=0, disposal=2
    )
    return Picture(content, *image.size, bare)


def _flat(image: "Image", type_name: str) -> "Image":
    """Return only the pixels, in a mode that the type can hold and every browser shows."""
    if type_name == "jpeg":
        plain = image if image.mode in ("L", "RGB") else image.convert("RGB")
    elif type_name == "png":
        simple = image.mode in ("1", "L", "LA", "RGB", "RGBA") and "transparency" not in image.info
        plain = image if simple else image.convert("RGBA" if _has_alpha(image) else "RGB")
    else:
        plain = image.convert("RGBA" if _has_alpha(image) else "RGB")
    bare = plain.copy()
    bare.info = {}
    return bare


def _has_alpha(image: "Image") -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info


def _saved(image: "Image", type_name: str, **options: Any) -> bytes:
    target = io.BytesIO()
    image.save(target, _PILLOW_NAMES[type_name], **{**_SAVING[type_name], **options})
    return target.getvalue()
