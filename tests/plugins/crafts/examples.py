"""What fills the addresses of the workshop."""

from collections.abc import Mapping

from sqlalchemy import select

from libhub.accounts.permissions import STUDENT
from libhub.api import attach, db
from libhub.web.visitor import viewer_for
from plugins.crafts import activity_quizzes, pictures, rules
from plugins.crafts.gallery import approval, gallery_works
from plugins.crafts.gallery.gallery_works import NewWork
from plugins.crafts.models import Activity
from tests.plugins.crafts import factory
from tests.questions import EVERY_KIND
from tests.walking import Values

NO_PAGES = {
    "crafts.export": "a file",
    "crafts.random_one": "goes to an activity",
}
FORMS_THAT_STAY = {"crafts.answer": "tells what was right, and keeps nothing"}
SHOWN_TO_OTHERS = {
    "crafts.show": "works in the gallery are there for everybody, once the pupil agreed and the librarian approved",
    "crafts.works": "the same",
}
PATHS = ()


def make(people: Mapping[str, int]) -> Values:
    """Make an activity with pictures and a quiz, a draft, and works of a pupil in every state."""
    made = rules.save(factory.sample("Бумажный журавлик"), state="published")
    draft = rules.save(factory.sample("Поделка без названия"), state="draft")
    attach(Activity.ref_of(made), "обложка.jpg", factory.photo(), place=pictures.COVER)
    for question in EVERY_KIND:
        activity_quizzes.put(made, None, question)
    pupil = viewer_for(people[STUDENT])
    assert pupil is not None
    for number, approve in enumerate((True, False, None)):
        new = NewWork("работа.jpg", factory.photo(), f"Мой журавлик {number}", "Маша", consent=True)
        work = gallery_works.add(rules.get(made), pupil, new)
        if approve is not None:
            approval.decide(work, approve=approve, reason="" if approve else "На фото чужая работа")
    starter = db.session.scalar(select(Activity.id).where(Activity.uid == "fonarik"))
    of_made, of_starter = {"activity_id": made}, {"activity_id": starter}
    return {
        "crafts.add_question": [{**of_made, "kind": question.kind} for question in EVERY_KIND],
        "crafts.add_work": [of_made],
        "crafts.at_hand": [{}, {"have": ["ножницы", "клей"], "more": "нитки"}],
        "crafts.done": [of_made, of_starter],
        "crafts.edit": [of_made, {"activity_id": draft}],
        "crafts.edit_question": [{**of_made, "place": place} for place in range(len(EVERY_KIND))],
        "crafts.export": [of_made],
        "crafts.index": [{}, {"q": "абракадабра"}, {"time": "20"}],
        "crafts.manage": [{}, {"state": "draft"}, {"q": "абракадабра"}],
        "crafts.picture_page": [of_made],
        "crafts.preview": [{"activity_id": draft}],
        "crafts.print_sheets": [of_starter],
        "crafts.question_list": [of_made, of_starter],
        "crafts.quiz": [of_made],
        "crafts.shopping": [of_made, {**of_starter, "children": 25}],
        "crafts.show": [of_made, of_starter],
        "crafts.step": [{**of_made, "number": 1}, {**of_made, "number": 2}, {**of_starter, "number": 1}],
        "crafts.works": [of_made, of_starter],
        "file_editing.index": [
            {"plugin": "crafts", "kind": "activity", "key": made, "place": pictures.COVER}
        ],
    }
