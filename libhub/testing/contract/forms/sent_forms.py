"""After a form that was accepted comes another address: F5 does not do it once more, and what was made is not lost."""

from collections.abc import Mapping

from libhub.testing.sent_forms import Sent
from libhub.testing.walking import Examples


def test_an_accepted_form_leads_on(sent: list[Sent], examples: Mapping[str, Examples]) -> None:
    reasons = {name for some in examples.values() for name in getattr(some, "FORMS_THAT_STAY", {})}
    stays = [str(each) for each in sent if each.stays and not reasons & {each.endpoint, each.what}]
    assert not stays, "\n".join(stays)


def test_no_form_fails(sent: list[Sent]) -> None:
    assert [str(each) for each in sent if each.status >= 500] == []
