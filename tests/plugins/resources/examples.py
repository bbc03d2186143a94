"""What fills the addresses of the directory of resources."""

from collections.abc import Mapping

from libhub.accounts.permissions import LIBRARIAN, STUDENT
from libhub.api import set_archived
from plugins.resources import favourites, link_reports, rules
from plugins.resources.models import Resource
from plugins.resources.rules import ResourceData
from tests.walking import Values

NO_PAGES = {
    "resources.export_csv": "a file",
    "resources.export_xlsx": "a workbook",
    "resources.open_resource": "goes to the site",
}
PATHS = ()


def make(people: Mapping[str, int]) -> Values:
    """Make a resource with everything at its longest, one in the archive, a bookmark and a report."""
    long = rules.save(
        ResourceData(
            age=0,
            title="Рентгеноэлектрокардиографический-достопримечательностный справочник",
            url=f"https://example.org/{'ochen-dlinnyy-adres' * 8}",
            summary="Сводный каталог «Высокопревосходительство»: всё о превысокомногорассмотрительствующих.",
            kind="tales",
            access="free",
            for_whom=("pupils", "parents"),
            themes=("сказки", "человеконенавистничество и другие длинные слова"),
            platforms=("web", "android"),
        )
    )
    archived = rules.save(ResourceData(age=0, title="Закрытый сайт", url="https://example.org/closed"))
    set_archived(Resource, [archived], archived=True)
    favourites.set_favourite(people[STUDENT], long, wanted=True)
    favourites.set_favourite(people[LIBRARIAN], long, wanted=True)
    link_reports.report_broken_link(long, people[STUDENT], "не открывается")
    some = [{"resource_id": long}, {"resource_id": 1}]
    return {
        "resources.edit": [*some[:1], {"resource_id": archived}],
        "resources.index": [{}, {"q": "сказки"}, {"q": "абракадабра"}, {"theme": "сказки", "letter": "С"}],
        "resources.manage": [{}, {"state": "archived"}, {"q": "абракадабра"}],
        "resources.open_resource": some[:1],
        "resources.poster": some[:1],
        "resources.show": some,
        "resources.themes": [{}, {"q": "сказки"}],
    }
