"""What a look at an address finds, by country."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.customers.addresses.check import check_address, is_po_box
from comanda.customers.addresses.country import country_of, folded
from comanda.customers.addresses.finding import Checked, Verdict

MADRID = {"line1": "Gran Vía 1", "city": "Madrid", "state": "Madrid", "postal_code": "28013", "country": "ES"}
ROMA = {
    "line1": "Av. Álvaro Obregón 45",
    "city": "Cuauhtémoc",
    "state": "CDMX",
    "postal_code": "06700",
    "country": "MX",
}
TEXAS = {"line1": "12 Main St", "city": "Austin", "state": "TX", "postal_code": "78701", "country": "US"}
BOGOTA = {
    "line1": "Cra 7 # 71",
    "city": "Bogotá",
    "state": "Bogotá",
    "postal_code": "110231",
    "country": "CO",
}
BERLIN = {"line1": "Torstr. 1", "city": "Berlin", "postal_code": "10119", "country": "DE"}
PAULISTA = {
    "line1": "Av. Paulista 1000",
    "city": "São Paulo",
    "state": "SP",
    "postal_code": "01310-100",
    "country": "BR",
}


def look(address: dict[str, Any], **changes: str) -> Checked:
    return check_address(address | changes)


def found(checked: Checked) -> list[tuple[Any, ...]]:
    return [(one.field, str(one.what), *one.expected) for one in checked.findings]


@pytest.mark.capability("D34")
@pytest.mark.parametrize(
    "address", [MADRID, ROMA, TEXAS, BOGOTA, BERLIN, PAULISTA], ids=lambda a: a["country"]
)
def test_a_whole_address_has_nothing_to_note(address: dict[str, str]) -> None:
    checked = look(address)
    assert (checked.verdict, checked.findings, checked.suggestion) == (Verdict.OK, (), None)


@pytest.mark.capability("D34")
@pytest.mark.parametrize(
    ("address", "changes"),
    [
        (BOGOTA, {"state": "Bogotá, D.C."}),
        (BOGOTA, {"state": "BOGOTÁ D. C."}),
        (BOGOTA, {"state": "Distrito Capital"}),
        (BOGOTA, {"postal_code": ""}),
        (ROMA, {"state": "Ciudad de México"}),
        (ROMA, {"state": "Estado de México", "postal_code": "50000", "city": "Toluca"}),
        (ROMA, {"state": "Coahuila", "postal_code": "25000", "city": "Saltillo"}),
        (ROMA, {"line1": "Calle Roble s/n"}),
        (ROMA, {"line1": "Domicilio conocido"}),
        (MADRID, {"state": "Illes Balears", "postal_code": "07001", "city": "Palma"}),
        (MADRID, {"state": "Gipuzkoa", "postal_code": "20001", "city": "Donostia"}),
        (BERLIN, {"country": "GB", "line1": "Rose Cottage", "city": "Bath", "postal_code": "BA1 1AA"}),
    ],
)
def test_what_people_really_write_is_no_doubt(address: dict[str, str], changes: dict[str, str]) -> None:
    checked = look(address, **changes)
    assert (checked.verdict, checked.findings) == (Verdict.OK, ())


@pytest.mark.capability("D34")
@pytest.mark.parametrize(
    ("address", "changes", "told", "mended"),
    [
        (BOGOTA, {"state": "Bogota"}, ("state", "spelling", "Bogotá"), {"state": "Bogotá"}),
        (ROMA, {"state": "D.F."}, ("state", "spelling", "Ciudad de México"), {"state": "Ciudad de México"}),
        (ROMA, {"postal_code": "6700"}, ("postal_code", "spelling", "06700"), {"postal_code": "06700"}),
        (ROMA, {"postal_code": "C.P. 06700"}, ("postal_code", "spelling", "06700"), {"postal_code": "06700"}),
        (TEXAS, {"state": "Texas"}, ("state", "spelling", "TX"), {"state": "TX"}),
        (
            TEXAS,
            {"postal_code": "787011234"},
            ("postal_code", "spelling", "78701-1234"),
            {"postal_code": "78701-1234"},
        ),
        (PAULISTA, {"city": "Sao Paulo"}, ("city", "spelling", "São Paulo"), {"city": "São Paulo"}),
        (BERLIN, {"postal_code": "D-10119"}, ("postal_code", "spelling", "10119"), {"postal_code": "10119"}),
    ],
)
def test_another_spelling_is_suggested_and_no_doubt(
    address: dict[str, str], changes: dict[str, str], told: tuple[str, ...], mended: dict[str, str]
) -> None:
    checked = look(address, **changes)
    assert (checked.verdict, found(checked)) == (Verdict.OK, [told])
    assert checked.suggestion == address | changes | mended


@pytest.mark.capability("D34")
@pytest.mark.parametrize(
    ("address", "changes", "told"),
    [
        (ROMA, {"state": "Jalisco"}, ("postal_code", "other_area", "Ciudad de México")),
        (MADRID, {"state": "Barcelona"}, ("postal_code", "other_area", "Madrid")),
        (TEXAS, {"postal_code": "10001"}, ("postal_code", "other_area", "NY")),
        (ROMA, {"state": "Jalsco", "postal_code": "44100"}, ("state", "unknown", "Jalisco")),
        (MADRID, {"state": "Cataluña", "postal_code": "08001"}, ("state", "unknown", "Barcelona")),
        (BERLIN, {"postal_code": "ABC"}, ("postal_code", "format", "26133", "53225")),
        (ROMA, {"line1": "Avenida Álvaro Obregón"}, ("line1", "no_number")),
        (MADRID, {"line1": "Apartado de correos 120"}, ("line1", "po_box")),
        (TEXAS, {"line1": "P.O. Box 12"}, ("line1", "po_box")),
    ],
)
def test_what_does_not_fit_is_a_doubt_with_its_choices(
    address: dict[str, str], changes: dict[str, str], told: tuple[str, ...]
) -> None:
    checked = look(address, **changes)
    assert (checked.verdict, found(checked)) == (Verdict.ODD, [told])
    assert checked.suggestion is None


@pytest.mark.capability("D34")
def test_a_city_that_is_not_known_comes_with_those_that_look_like_it() -> None:
    checked = look(PAULISTA, city="Sao Paolo")
    assert [(one.field, str(one.what), one.expected[0]) for one in checked.findings] == [
        ("city", "unknown", "São Paulo")
    ]


@pytest.mark.capability("D34")
def test_a_state_that_the_postal_code_tells_is_suggested() -> None:
    checked = look(ROMA, state="")
    assert (checked.verdict, found(checked)) == (Verdict.ODD, [("state", "required", "Ciudad de México")])
    assert checked.suggestion == ROMA | {"state": "Ciudad de México"}


@pytest.mark.capability("D34")
@pytest.mark.parametrize(
    ("address", "changes", "told"),
    [
        (ROMA, {"line1": ""}, ("line1", "required")),
        (BERLIN, {"city": ""}, ("city", "required")),
        (BERLIN, {"postal_code": ""}, ("postal_code", "required")),
        (BERLIN, {"country": "XX"}, ("country", "unknown")),
        (BERLIN, {"country": "../ES"}, ("country", "unknown")),
    ],
)
def test_nothing_can_be_delivered_where_a_part_is_missing(
    address: dict[str, str], changes: dict[str, str], told: tuple[str, ...]
) -> None:
    checked = look(address, **changes)
    assert (checked.verdict, found(checked)[0]) == (Verdict.UNUSABLE, told)


def test_a_state_is_only_needed_where_carriers_sort_by_it() -> None:
    assert look(TEXAS, state="", postal_code="").verdict is Verdict.UNUSABLE
    hong_kong = {"line1": "1 Queen's Road", "city": "Central", "postal_code": "-", "country": "HK"}
    assert look(hong_kong).verdict is Verdict.ODD


@pytest.mark.parametrize(
    "street", ["Calle Casilla Real 5", "Box Hill 3", "Apartamento 4, Calle 5", "Av. Post 12"]
)
def test_a_street_is_no_post_office_box(street: str) -> None:
    assert not is_po_box(street)


@pytest.mark.capability("D34")
@given(
    st.fixed_dictionaries(
        {
            "line1": st.text(max_size=60),
            "line2": st.text(max_size=40),
            "city": st.text(max_size=30),
            "state": st.one_of(st.text(max_size=20), st.sampled_from(["CDMX", "Jal.", "TX", "SP", "Madrid"])),
            "postal_code": st.one_of(st.text(max_size=12), st.from_regex(r"\A\d{3,7}\Z")),
            "country": st.one_of(
                st.text(max_size=3), st.sampled_from(["MX", "ES", "US", "BR", "CO", "CN", "GB"])
            ),
        }
    )
)
def test_whatever_is_typed_has_an_answer_and_a_suggestion_is_understood(address: dict[str, str]) -> None:
    """Taking a suggestion leaves no other spelling to suggest: it settles."""
    checked = check_address(address)
    if checked.suggestion:
        again = check_address(checked.suggestion)
        assert again.suggestion is None
        assert {(one.field, one.what) for one in again.doubts} <= {
            (one.field, one.what) for one in checked.doubts
        }


def test_every_country_of_the_data_is_read_with_its_states_in_every_language() -> None:
    spain = country_of("ES")
    assert spain is not None
    named = {area.name: {folded(name) for name in area.names} for area in spain.areas}
    assert {"bizkaia", "vizcaya"} <= next(names for name, names in named.items() if "vizcaya" in names)
    assert spain.required == {"line1", "city", "state", "postal_code"}
    assert country_of("ZZ") is None
    assert country_of("ES--ca") is None


@pytest.mark.parametrize("written", ["6700", "06700", "C.P. 06700"])
@pytest.mark.parametrize("state", ["", "Estado que no hay"])
def test_the_state_is_that_of_the_code_that_is_meant(written: str, state: str) -> None:
    checked = check_address(ROMA | {"postal_code": written, "state": state})
    assert "other_area" not in {found.what for found in checked.findings}
    (told,) = (found for found in checked.findings if found.field == "state")
    assert told.expected == ("Ciudad de México",)
