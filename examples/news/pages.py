"""Pages of the section: for readers, for the librarian, for programs that follow the news."""

from flask import Blueprint, Response, render_template
from wtforms import BooleanField, StringField, TextAreaField

from libhub.api import (
    Editing,
    Form,
    Listing,
    Managed,
    Sort,
    Viewer,
    attachments,
    current_viewer,
    fields,
    get_setting,
    markdown,
    page,
    public,
    remembered_page,
    visible_or_404,
)
from libhub.api import lazy_gettext as _l
from plugins.news import rules
from plugins.news.models import Post

blueprint = Blueprint("news", __name__, url_prefix="/news", template_folder="templates")
LISTING = Listing(Post, {"": Sort(_l("Newest first"), (Post.pinned.desc(), Post.id.desc()))}, per_page=20)
MANAGED = Managed(
    model=Post,
    permission=rules.EDIT,
    section=_l("News"),
    title=_l("Manage the news"),
    order=(Post.id.desc(),),
    cells=((_l("Written"), lambda post: post.created_at), (_l("Last day"), lambda post: post.expires_on)),
    new=_l("New post"),
)


class PostForm(Form):
    """A post as the librarian edits it; what may stand in it the rules say."""

    title = StringField(_l("Title"))
    text = TextAreaField(
        _l("Text"), description=_l("An empty line begins a paragraph."), render_kw={"rows": 12}
    )
    visibility = fields.visibility()
    age = fields.age_mark(or_none=True)
    pinned = BooleanField(_l("Stands above the others"))
    expires_on = fields.optional_day(_l("Last day"), description=_l("Then readers do not find it any more."))


@blueprint.get("/")
@public
def index() -> Response:
    """List the news, those that are pinned first."""
    return remembered_page("news/index.html", lambda: {"found": LISTING.found()}, block="content")


@blueprint.get("/<int:number>")
@public
def show(number: int) -> Response:
    """Show a post with its files."""
    post = visible_or_404(Post, number)
    files = attachments([post.ref])[post.ref]
    text = markdown.to_html(post.text, {file.name: file.url for file in files})
    return page("news/show.html", post=post, text=text, files=files)


@blueprint.get("/feed.atom")
@public
def feed() -> Response:
    """Give the newest posts to programs that follow them (Atom, RFC 4287)."""
    body = render_template("news/feed.xml", posts=LISTING.first(current_viewer(), 20), html=markdown.to_html)
    return Response(body, content_type="application/atom+xml; charset=utf-8")


MANAGED.add_to(blueprint)
Editing(
    MANAGED,
    PostForm,
    rules.PostData,
    back=_l("“%(title)s” is among the news again."),
    files=True,
).add_to(blueprint)


def card(viewer: Viewer) -> dict[str, object]:
    """Return what the card on the home page shows."""
    return {"posts": LISTING.first(viewer, get_setting("news", "on_the_card"))}
