"""Files."""

import io

from sqlalchemy import func, select

from libhub.api import attach, attachments, db, first_pictures, open_file
from plugins.crafts.models import Activity

number = db.session.scalar(select(func.min(Activity.id)))
assert number is not None
thing = Activity.ref_of(number)
attach(thing, "список.txt", io.BytesIO("Ножницы, клей".encode()))
(file,) = attachments([thing])[thing]
with open_file(file.id) as content:
    assert content.read().decode() == "Ножницы, клей"
assert first_pictures([thing]) == {}
