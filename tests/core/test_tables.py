"""Tables whose rows become blocks on a small screen."""

from markupsafe import Markup

from libhub.web.rendering.tables import with_columns_named

TABLE = (
    '<table><thead><tr><th scope="col">Имя</th><th scope="col"><b>Класс &amp; буква</b></th>'
    '<th scope="col"><span class="unseen">Удалить</span></th></tr></thead>'
    "<tbody>{}</tbody></table>"
)


def test_cells_bear_the_name_of_their_column() -> None:
    row = '<tr class="x"><th scope="row">Маша</th><td>5А</td><td><a href="/">Удалить</a></td></tr>'
    named = with_columns_named(Markup(TABLE.format(row * 2)))
    assert named.count('<th data-column="Имя" scope="row">Маша</th>') == 2
    assert named.count('<td data-column="Класс &amp; буква">5А</td>') == 2
    assert named.count("<td><a") == 2
    assert named.count("data-column") == 4


def test_more_cells_than_headings_and_no_head_at_all() -> None:
    row = "<tr><td>1</td><td>2</td><td>3</td><td>4</td></tr>"
    assert with_columns_named(Markup(TABLE.format(row))).count("data-column") == 2
    bare = Markup(f"<table>{row}</table>")
    assert with_columns_named(bare) == bare
