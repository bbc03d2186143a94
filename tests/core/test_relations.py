"""Parents and children, classes and their teachers."""

import pytest
from flask import Flask

from libhub.accounts import accounts, classes, relations
from libhub.accounts.accounts import UserDetails
from libhub.accounts.school_class import ClassName
from libhub.base.db import writing
from libhub.base.errors import LibHubError
from libhub.testing import PASSWORD, viewer_with


def add(name: str, role: str, school_class: str = "") -> int:
    return accounts.add_user(UserDetails(name, name.title(), role, school_class=school_class), PASSWORD).id


def test_a_code_makes_one_parent_once(app: Flask) -> None:
    with app.app_context():
        child, mother, father = (
            add("masha", "student", "3а"),
            add("mother", "parent"),
            add("father", "parent"),
        )
        codes = [relations.new_codes([child])[child] for _parent in range(2)]
        assert relations.use_code(mother, f" {codes[0].upper()} ").id == child
        with pytest.raises(LibHubError):
            relations.use_code(father, codes[0])
        relations.use_code(father, codes[1].replace("-", ""))
        assert [each.username for each in relations.parents_of(child)] == ["father", "mother"]
        assert relations.waiting_codes(child) == []
    assert viewer_with(app, "mother").children == {child}
    with app.app_context():
        relations.part(mother, child)
    assert viewer_with(app, "mother").children == frozenset()
    assert viewer_with(app, "father").children == {child}


def test_a_code_is_for_parents_of_pupils_while_it_holds(app: Flask) -> None:
    with app.app_context():
        child, teacher, mother = add("petya", "student"), add("oleg", "teacher"), add("mother", "parent")
        code = relations.new_codes([child])[child]
        with pytest.raises(LibHubError):
            relations.use_code(teacher, code)
        relations.revoke_codes(child)
        with pytest.raises(LibHubError):
            relations.use_code(mother, code)


def test_a_class_is_one_however_it_is_written(app: Flask) -> None:
    with app.app_context():
        first, second = add("anya", "student", "2A"), add("boris", "student", "2 «а»")
        made = classes.every_class()
        assert [each.name for each in made] == ["2А"]
        assert [each.id for each in classes.members([made[0].id])] == [first, second]
        teacher = add("oleg", "teacher")
        with writing():
            classes.get_class(made[0].id).teacher_id = teacher
        found = classes.class_named(ClassName(2, "А"))
        assert found is not None
        number = found.id
    assert viewer_with(app, "oleg").classes == {number}
    assert (viewer_with(app, "anya").class_id, viewer_with(app, "anya").grade) == (number, 2)


def test_yo_makes_no_other_name(app: Flask) -> None:
    with app.app_context():
        number = add("пётр", "student")
        found = accounts.find_user("Петр")
        assert found is not None
        assert found.id == number
        with pytest.raises(LibHubError):
            add("петр", "student")
