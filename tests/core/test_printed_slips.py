from flask import Flask

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.permissions import *
from libhub.testing import PASSWORD, sign_in


def test_smoke(app: Flask):
    lib = sign_in(app, LIBRARIAN)
    with app.app_context():
        ids = [
            accounts.add_user(UserDetails(f"m{i}", f"Маша {i}", STUDENT, school_class="3А"), PASSWORD).id
            for i in range(3)
        ]
    print(lib.get("/admin/slips/").status_code)
    a = lib.post("/admin/slips/", data={"class_id": "1", "parents": "2"})
    print(a.status_code, a.location)
    p = lib.get(a.location)
    print(p.status_code, p.text[-6000:])
    print(lib.get("/admin/users/2").status_code)
    assert 0
