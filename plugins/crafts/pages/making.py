"""Pages for those who are making something: one step a screen, how much for a class, sheets to print."""

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import gettext as _
from libhub.api import limited, page, parse_number, public, today
from plugins.crafts import amounts, rules
from plugins.crafts.pages.browsing import shown, tiles, visible_or_404, vocabulary

blueprint = Blueprint("crafts", __name__, url_prefix="/crafts")

USUAL_CLASS = 28


@blueprint.get("/<int:activity_id>/steps/<int:number>")
@public
def step(activity_id: int, number: int) -> Response:
    """Show one large step a screen; after the last one asks how it went."""
    activity = visible_or_404(activity_id)
    data = rules.data_of(activity)
    if not 1 <= number <= len(data.steps):
        abort(404)
    return page(
        "crafts/step.html",
        block="content",
        activity=activity,
        data=data,
        number=number,
        step=data.steps[number - 1],
        **shown(activity, data),
    )


@blueprint.get("/<int:activity_id>/done")
@public
def done(activity_id: int) -> Response:
    """Ask whether it worked out, and offer what to do next."""
    activity = visible_or_404(activity_id)
    data = rules.data_of(activity)
    return page("crafts/done.html", block="content", activity=activity, data=data, **tiles([activity]))


@blueprint.post("/<int:activity_id>/made")
@public
@limited(20, minutes=10)
def made(activity_id: int) -> AnyResponse:
    """Count that somebody made it; who it was is not kept."""
    activity = visible_or_404(activity_id)
    rules.count(activity.id, "made", today())
    flash(_("Well done! One more thing made in our library."), "success")
    return redirect(url_for("crafts.show", activity_id=activity_id))


@blueprint.get("/<int:activity_id>/shopping")
@public
def shopping(activity_id: int) -> Response:
    """Show how much is needed for a number of children, as a list to take to the shop."""
    activity = visible_or_404(activity_id)
    typed = request.args.get("children", str(USUAL_CLASS))
    children = parse_number(typed) or 0
    fine = 1 <= children <= amounts.MOST_CHILDREN
    data = rules.data_of(activity)
    return page(
        "crafts/shopping.html",
        activity=activity,
        data=data,
        typed=typed[:10],
        children=children,
        most=amounts.MOST_CHILDREN,
        needs=amounts.needs(data.materials, children) if fine else [],
        problem=not fine,
        tools=amounts.tools(data.materials),
        status=200 if fine else 422,
    )


@blueprint.get("/<int:activity_id>/print")
@public
def print_sheets(activity_id: int) -> Response:
    """Show the steps and the sheets of an activity as they are printed on A4, and count it without a name."""
    activity = visible_or_404(activity_id)
    data, published = rules.data_of(activity), activity.standing == "published"
    response = page(
        "crafts/print.html", activity=activity, data=data, **shown(activity, data), vocabulary=vocabulary()
    )
    if published:
        rules.count(activity_id, "printed", today())
    return response
