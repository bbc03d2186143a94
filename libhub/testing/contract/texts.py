"""Every text of a section is translated, and set as Russian is."""

import re
from gettext import GNUTranslations

from babel.messages.catalog import Catalog, Message

from libhub.authoring import catalogs
from libhub.authoring.catalogs import Source

RUSSIAN_FORMS = 3
PLACES = re.compile(r"%\(\w+\)[a-z]|\{\w+\}")
CYRILLIC = re.compile(r"[А-Яа-яЁё]")


def key(message: Message) -> str:
    return str(message.id if isinstance(message.id, str) else message.id[0])


def forms(message: Message) -> list[str]:
    """Return the translation in all its forms; what is missing another test tells."""
    given = [message.string] if isinstance(message.string, str) else message.string or []
    return [form for form in given if form]


def texts(catalog: Catalog) -> dict[str, Message]:
    return {key(message): message for message in catalog if message.id}


def test_every_text_of_the_sources_is_translated(source: Source) -> None:
    translated = texts(catalogs.read(source))
    found = texts(catalogs.extract(source))
    missing = [f"run libhub texts, then translate: {text}" for text in found if text not in translated]
    for text in found.keys() & translated.keys():
        if translated[text].fuzzy or not catalogs.is_translated(translated[text].string):
            missing.append(f"not translated: {text}")
        elif translated[text].pluralizable != found[text].pluralizable:
            missing.append(f"with a number in one place, without in the other: {text}")
    assert not missing, "\n".join(sorted(missing))


def test_no_text_is_left_that_the_sources_lost(source: Source) -> None:
    catalog = catalogs.read(source)
    gone = (texts(catalog).keys() | {key(message) for message in catalog.obsolete.values()}) - texts(
        catalogs.extract(source)
    ).keys()
    assert not gone, "run libhub texts"


def test_what_is_counted_has_all_forms(source: Source) -> None:
    catalog = catalogs.read(source)
    assert catalog.num_plurals == RUSSIAN_FORMS
    for message in texts(catalog).values():
        if message.pluralizable:
            assert len(forms(message)) == RUSSIAN_FORMS, message.id
            one, _few, many = forms(message)
            counted = re.search(r"%\(num\)d \w", one)
            assert one != many or not counted, f"a noun after 1 and after 5 differs in Russian: {message.id}"


def test_places_for_values_are_the_same(source: Source) -> None:
    for text, message in texts(catalogs.read(source)).items():
        for form in forms(message):
            assert sorted(PLACES.findall(form)) == sorted(PLACES.findall(text)), text


def test_translations_are_russian_and_set_as_russian_is(source: Source) -> None:
    for text, message in texts(catalogs.read(source)).items():
        letters = re.search(r"[A-Za-z]", PLACES.sub("", text))
        for form in forms(message):
            assert CYRILLIC.search(form) or not letters, text
            assert not set("“”\"'") & set(form), f"quotation marks are «»: {form}"
            assert form == form.strip(), text
            assert "  " not in form, text
            assert form[-1:] in ".:;?!…" or text[-1:] not in ".:;?", f"ends otherwise than: {text}"


def test_what_was_compiled_is_what_is_written(source: Source) -> None:
    compiled = source.po_file.with_suffix(".mo")
    if compiled.exists():  # the hub reads what is written where nothing was compiled
        with compiled.open("rb") as stream:
            known = GNUTranslations(stream)
        for text, message in texts(catalogs.read(source)).items():
            if isinstance(message.string, str):
                assert known.gettext(text) == message.string, "run libhub texts"
