"""How usual a sequence of letters is in a language: tells English from Russian typed with the wrong layout.

One row for every letter that comes before (first the beginning of a word), one sign for every letter that
follows (first the end of a word): the sign is -log2 of the probability, 0 to f. The English table was counted on
manuals of programs, the Russian one on the word forms of the dictionary.
"""

from typing import Final

_ENGLISH: Final = "abcdefghijklmnopqrstuvwxyz"
_RUSSIAN: Final = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_TABLES: Final = {
    _ENGLISH: [
        "f45344465477545547434565889",
        "59545a8595a6343a4b343667769",
        "43666388946a37746e446389e59",
        "43b6738a35f446828a4635a9c7b",
        "24886279938968748a557589a7f",
        "2584366797b945385733596757b",
        "34e87447a2bb47737a4654b8a6e",
        "1598838644ee57557e457579e99",
        "328972bae3b966738e5746baa6e",
        "65645555bad8452459544a6b6b6",
        "33b8636bb476bb737bb5b276b7b",
        "247a6276938857667a736586d7d",
        "3387527893a938737c855579b4c",
        "42586289f3f865743c8575c9f7a",
        "34944463859778658a843669a8a",
        "56644866969644254a3554558a9",
        "3397738864b848844b3545a8b5f",
        "458b8b8bb8bb5757bb64707bbbb",
        "3385627693d665647d544678c6f",
        "26a5838854b76785599434a7b6c",
        "3486727a43ca67847d445598a5a",
        "6545646595c944364e333aae9aa",
        "4287d19892dd8775dda779a9dad",
        "3398637842d8674478448887add",
        "2584637c73cc657738762779669",
        "1676757695da55563d745986999",
        "43bb81bb73bb7674786667b8b67",
    ],
    _RUSSIAN: [
        "f454558745b4654424455678769fff699",
        "5a6365465765443b64448757677fffa45",
        "9387863793f6465393574c89877758a97",
        "52baa94c74f7695497676dbaa29d49dd7",
        "93b8a94cc3f94851c3895fde88ffccbae",
        "8385773673f6674264574c9777a958b97",
        "387455576745433763458888668fffa69",
        "929a9427a2f69746867a5acaacddf8abb",
        "8264555683f75443b58b5ebb98f758b97",
        "477366585755544664459746488fffb86",
        "1a99779d9bf68758a835e9a886afcfecb",
        "62a6bc5e93f85962c4554db8c8ffbcbcc",
        "638a883992f66973ac775a9d9ccf63c54",
        "237bbc4ba3f8776379473aacabbf4bbd7",
        "63a9763a93f6cc32ba5559a77bad36c96",
        "495344576745444754448778678fff968",
        "a3eefd3ff4f94d7282765bbb8bcf59cc7",
        "8278673783f6865288664879789f68b85",
        "9586995ad5f356645752588878ba65ca2",
        "5385883ab3f6785373575a9a88ab45b86",
        "375555556875455a5444a968556fffa38",
        "83ef9b3db2fa4772b47456accadf77ea9",
        "14b6ba7fb4f9565495467ddca8fecbaff",
        "63a59b2ca1f498959a8a5ebafbff5babf",
        "62e9ee2cf2f58938d9975dcedbfff7fee",
        "a4c7cf1fe1f669687aa65ecddefff5daf",
        "a4fbff1ff1ffff8ad9ff5feffffffdfff",
        "accccc1cc9ccccccccccccccccccccc42",
        "3d7267476b45637f6556bd3a768fffffb",
        "2a77763b76f5c6288a35f787676fffa54",
        "8e8576b98c7224385354a67bb6eeeeeeb",
        "2b7998a78ba7877ca745fc79781fffd9e",
        "1d8466566b87655d7655be68795ffff5a",
    ],
}
_MOST_UNUSUAL: Final = 15


def unusualness(form: str) -> float:
    """Return how unlikely a folded word looks in the language of its letters: bits a letter, 15 at most."""
    letters = _ENGLISH if form.isascii() else _RUSSIAN
    table, cost, before = _TABLES[letters], 0, 0
    for char in form:
        here = letters.find(char) + 1
        if not here:
            return _MOST_UNUSUAL
        cost += int(table[before][here], 16)
        before = here
    return (cost + int(table[before][0], 16)) / (len(form) + 1)
