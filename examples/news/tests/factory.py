"""Things of the section for the contract suite."""

from libhub.api import save_row
from plugins.news.models import Post
from plugins.news.rules import PostData


def make_items(number: int) -> None:
    """Make posts; everybody may find them."""
    for place in range(number):
        save_row(Post, PostData(age=0, title=f"Новость номер {place}", text="Читаем **сказки**."))
