"""Word documents, by their headings."""

from typing import Any

import mammoth

from libhub.files.extraction import archives
from libhub.files.extraction.markup import Pictures, clean, write_chapters
from libhub.files.extraction.output import Output


def read(path: str, output: Output) -> None:
    """Give out a document by its headings."""
    pictures = Pictures(output)

    def picture(image: Any) -> dict[str, str]:
        def load() -> bytes:
            with image.open() as stream:
                return bytes(stream.read())

        number = pictures.number(str(id(image)), load)
        return {"src": f"picture/{number}"} if number is not None else {}

    with archives.opened(path), open(path, "rb") as stream:
        made = mammoth.convert_to_html(stream, convert_image=mammoth.images.img_element(picture))
    write_chapters(clean(made.value), output)
