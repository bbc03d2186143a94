"""Things of the directory for the contract suite."""

from plugins.resources import favourites, link_reports, rules
from plugins.resources.rules import ResourceData

PERSONAL_WORDS = ("пишетчтонеоткрывается",)
"""What :func:`make_personal_data` lets the person write."""


def make_items(number: int) -> None:
    """Make resources that everybody may see; each with tags, so that a query per tag is noticed."""
    for place in range(number):
        data = ResourceData(
            age=0,
            title=f"Ресурс номер {place}",
            url=f"https://example.org/{place}",
            summary="Собрание сказок",
            kind="tales",
            access="free",
            for_whom=("pupils", "parents"),
            themes=("сказки", f"тема {place}"),
            platforms=("web", "android"),
        )
        rules.save(data)


def make_personal_data(user_id: int) -> None:
    """Make one row of everything that the directory keeps of a person."""
    resource_id = rules.save(ResourceData(age=0, title="Для закладки", url="https://example.org/bookmark"))
    favourites.set_favourite(user_id, resource_id, wanted=True)
    link_reports.report_broken_link(resource_id, user_id, PERSONAL_WORDS[0])
