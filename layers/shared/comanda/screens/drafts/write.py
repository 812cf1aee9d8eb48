"""What a draft's form asks for: all of it is saved as it stands, then the button's own work is done."""

from collections.abc import Callable
from urllib.parse import urlencode

from comanda.backoffice.bodies import TagBody
from comanda.backoffice.find_products import find_products, product_of_code
from comanda.backoffice.run_command import Commanded
from comanda.errors import Invalid, NotFound
from comanda.idempotency.store import Request
from comanda.orders.assign import assignee, assigning, tagging
from comanda.orders.desk import Decide
from comanda.orders.drafts.write import changing, starting
from comanda.orders.model import Draft
from comanda.screens.drafts.address_hint import better_address
from comanda.screens.drafts.desk import SalesDesk
from comanda.screens.drafts.form import Values, body_of_draft, put_in, taken_off, typed
from comanda.screens.drafts.known import known_customer, written
from comanda.screens.drafts.page import address_of
from comanda.screens.house.answers import Answer, Goto
from comanda.screens.house.asked import Asked
from comanda.screens.orders.reading import body_of
from comanda.stock.model import Product

type Button = Callable[[Asked, Values, str, SalesDesk], tuple[Values, dict[str, str]]]


def write(asked: Asked, desk: SalesDesk, order_id: str = "") -> Answer:
    """Do what the button says with what is typed, save it, and show the draft again."""
    do, _, what = asked.field("do").partition(":")
    values, more = BUTTONS.get(do, _add)(asked, typed(asked), what, desk)
    done = save(asked, values, desk, order_id)
    address = address_of(done.order.order_id)
    return Goto(f"{address}?{urlencode(more)}" if more else address)


def save(asked: Asked, values: Values, desk: SalesDesk, order_id: str = "") -> Commanded:
    """Begin the draft, or write into it; whose it is and its tags follow. Raises what the use cases raise."""
    office, origin, body = desk.office(), asked.origin, body_of_draft(values)
    wishes, sent = body.wishes(desk.currency), body.model_dump(mode="json", exclude_unset=True)
    if order_id:
        decide = changing(wishes, desk.drafts())
        done = command(asked, desk, "change-draft", order_id, decide, asked.version, sent)
    else:
        request = Request.of(f"{origin.actor}#drafts", asked.key, sent) if asked.key else None
        done = office.begin(lambda: starting(wishes, origin, desk.drafts()), origin, request=request)
    return _marked(asked, desk, done)


def command(
    asked: Asked, desk: SalesDesk, name: str, order_id: str, decide: Decide, version: int, sent: Values
) -> Commanded:
    """A command of the staff API under the form's own key."""
    scope = f"{asked.origin.actor}#{name}#{order_id}"
    request = Request.of(scope, asked.key, sent) if asked.key else None
    return desk.office().command(order_id, decide, asked.origin, version=version, request=request)


def _marked(asked: Asked, desk: SalesDesk, done: Commanded) -> Commanded:
    """Whose order it is and its tags, where the form says otherwise than the order."""
    order = done.order
    if "assigned" in asked.form:
        sales = desk.settings().section("sales")[0]
        to = assignee(asked.field("assigned") or None, asked.origin.actor, sales, "/assigned")
        if to != order.assigned:
            decide = assigning(to)
            done = command(asked, desk, "assign", order.order_id, decide, done.order.version, {"to": to})
    if "tags" in asked.form:
        wanted = _tags(asked)
        if set(wanted) != set(order.tags):
            decide, sent = tagging(wanted, set(order.tags) - set(wanted)), {"tags": sorted(wanted)}
            done = command(asked, desk, "tag", order.order_id, decide, done.order.version, sent)
    return done


def _tags(asked: Asked) -> list[str]:
    """Raises Invalid at the one field that all tags are typed into."""
    try:
        return list(body_of(TagBody, {"add": asked.field("tags").replace(",", " ").split()}).add)
    except Invalid as invalid:
        raise Invalid.at("/tags", str(invalid.extra["errors"][0]["detail"])) from invalid


def _add(asked: Asked, values: Values, what: str, desk: SalesDesk) -> tuple[Values, dict[str, str]]:
    """One more of what was scanned or chosen; words that are no code are looked for."""
    code = what or asked.field("code")
    if not code:
        who = asked.field("who")
        return values, {"who": who} if who else {}
    found = _product(code, desk)
    if found:
        return put_in(values, found.sku, 1), {}
    if _words(code, desk):
        return values, {"find": code}
    raise Invalid.at(
        "/code", asked.tongue.say("No product on sale has the code or the words “%(code)s”.", code=code)
    )


def _remove(asked: Asked, values: Values, what: str, desk: SalesDesk) -> tuple[Values, dict[str, str]]:
    return taken_off(values, what), {}


def _find_people(asked: Asked, values: Values, what: str, desk: SalesDesk) -> tuple[Values, dict[str, str]]:
    return values, {"who": asked.field("who")}


def _take(asked: Asked, values: Values, what: str, desk: SalesDesk) -> tuple[Values, dict[str, str]]:
    """A known customer's contact and address. Raises NotFound."""
    known = known_customer(what, desk)
    taken = values | {"customer": known.contact, "locale": known.locale}
    return (taken | {"shipping_address": known.place} if known.place else taken), {}


def _address(asked: Asked, values: Values, what: str, desk: SalesDesk) -> tuple[Values, dict[str, str]]:
    """Another place of the customer's address book. Raises NotFound."""
    reader, contact = desk.drafts().reader, values.get("customer") or {}
    owner = reader.shelf(Draft(), contact).owner
    book = desk.file().customers.addresses(owner) if owner else []
    place = next((one.place for one in book if one.address_id == what), None)
    if place is None:
        raise NotFound("no such address")
    return values | {"shipping_address": written(place)}, {}


def _suggested(asked: Asked, values: Values, what: str, desk: SalesDesk) -> tuple[Values, dict[str, str]]:
    """The typed address as the check writes it; one that it would not write otherwise stays."""
    place = values.get("shipping_address") or {}
    better = better_address(place, values.get("delivery") or "", desk)
    return (values | {"shipping_address": better} if better else values), {}


def _product(code: str, desk: SalesDesk) -> Product | None:
    try:
        return product_of_code(code, desk.products())
    except NotFound:
        return None


def _words(text: str, desk: SalesDesk) -> bool:
    try:
        return bool(find_products(text[:200], 1, desk.products())["items"])
    except Invalid:
        return False


BUTTONS: dict[str, Button] = {
    "add": _add, "remove": _remove, "who": _find_people, "take": _take, "address": _address,
    "suggested": _suggested,
}  # fmt: skip
