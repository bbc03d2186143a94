"""A person is erased from all that the hub and its sections keep."""

from libhub.accounts import accounts
from libhub.base.audit import Actor
from libhub.base.db import writing
from libhub.files import personal_data
from libhub.plugging import calls


def erase_person(user_id: int, actor: Actor) -> list[calls.SectionFailure]:
    """Erase a person; return the failures of sections: with any of them, what the others keep is gone and the account stays.

    :raises LibHubError: a section says why it cannot be done, or nobody would be left to administer the hub.
    """
    with writing():
        failures = calls.call_each_apart("erase_personal_data", user_id=user_id, actor=actor)
        personal_data.erase(user_id)
        if not failures:
            accounts.erase(user_id)
    return failures
