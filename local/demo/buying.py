"""Chapter one: a guest fills a cart, places the order and confirms the address."""

from local.demo.mailbox import link_to, token_in
from local.demo.outside import Api, Missed, fresh_key
from local.demo.scene import ADDRESS, CUSTOMER, Scene, pesos

# How many of each of the three products.
QUANTITIES = (2, 1, 3)


def look_around(scene: Scene) -> None:
    """The shop shows products with their stock, and the form that it wants filled in."""
    found = scene.shop.get("/products?locale=es&limit=100")["items"]
    plenty = [item for item in found if (item["available"] or 0) >= 10]
    if len(plenty) < len(QUANTITIES):
        raise Missed("three products with ten units each", f"{len(plenty)} of {len(found)}", scene.shop.url)
    accented = sorted(plenty, key=lambda item: (item["name"].isascii(), item["sku"]))
    chosen = accented[: len(QUANTITIES)]
    scene.lines = [(item["sku"], units) for item, units in zip(chosen, QUANTITIES, strict=True)]
    form = scene.shop.get("/checkout/form?locale=es")
    offered = [method["code"] for method in form["payment_methods"]]
    if "stripe" not in offered:
        raise Missed("payment by card in the form", offered, f"{scene.shop.url}/checkout/form")
    scene.tell.detail(f"{len(found)} products; to pay: {', '.join(offered)}")
    for item, units in zip(chosen, QUANTITIES, strict=True):
        scene.tell.detail(
            f"{units} × {item['name']} ({item['sku']}), {pesos(item['price'])}, {item['available']} in stock"
        )


def fill_cart(scene: Scene) -> str:
    """Three lines and a contact; answers the cart's id."""
    cart = scene.shop.call("POST", "/carts", status=201).body
    for sku, units in scene.lines:
        cart = scene.shop.call("PUT", f"/carts/{cart['cart_id']}/lines/{sku}", {"quantity": units}).body
    contact = {"email": scene.email, "name": CUSTOMER, "phone": "+52 55 5533 4455"}
    cart = scene.shop.call("PUT", f"/carts/{cart['cart_id']}/contact", contact).body
    scene.expect(len(cart["lines"]), len(scene.lines), "lines in the cart")
    return str(cart["cart_id"])


def place(scene: Scene) -> None:
    """The cart becomes an order; the stock is taken with it."""
    cart_id = fill_cart(scene)
    before = _available(scene)
    form = scene.shop.get("/checkout/form?locale=es")
    body = {
        "cart_id": cart_id,
        "shipping_address": ADDRESS,
        "delivery": "ship",
        "payment_method": "stripe",
        "comment": "Tocar el timbre «Güemes», dejar con el portero",
        "fields": {f["name"]: _filled(f) for f in form["fields"] if f["required"]},
        "accept_privacy": True,
        "locale": "es",
    }
    placed = scene.shop.call("POST", "/orders", body, status=201, headers=fresh_key()).body
    scene.order_id, scene.number = placed["order_id"], placed["number"]
    scene.access_token, scene.tracking_url = placed["access_token"], placed["tracking_url"]
    scene.payment = placed.get("payment_action") or {}
    scene.expect(placed["lifecycle"], "awaiting_verification", "lifecycle")
    scene.expect(scene.payment.get("type"), "stripe_payment_intent", "how to pay")
    taken = {sku: before[sku] - left for sku, left in _available(scene).items()}
    scene.expect(taken, dict(scene.lines), "units taken from stock")
    scene.tell.detail(f"{scene.number}, {pesos(placed['totals']['total'])} with tax and shipping")
    scene.tell.detail(f"as its customer sees it: {scene.tracking_url}")


def _available(scene: Scene) -> dict[str, int]:
    wanted = {sku for sku, _ in scene.lines}
    items = scene.shop.get("/products?locale=es&limit=100")["items"]
    return {item["sku"]: item["available"] for item in items if item["sku"] in wanted}


def _filled(field: dict[str, object]) -> object:
    """An answer to one of the seller's own questions."""
    by_type = {"number": 1, "date": "2027-01-31", "checkbox": True}
    choices = field.get("choices")
    return choices[0] if isinstance(choices, list) else by_type.get(str(field["type"]), "Sí, por favor")


def verify(scene: Scene) -> None:
    """The mailed link shows a page and changes nothing; the page's button confirms the address."""
    mail = scene.expect_mail("verification")
    link = link_to(mail, "/verify-email")
    page = Api("").call("GET", link, accept="text/html")
    scene.expect(page.headers["content-type"].split(";")[0], "text/html", "what the link opens")
    scene.expect(scene.order()["lifecycle"], "awaiting_verification", "lifecycle after looking at the page")
    verified = scene.shop.call("POST", "/verify-email", {"token": token_in(link)}).body
    scene.expect(verified["email"], scene.email, "the verified address")
    scene.wait_for("lifecycle", "placed")
    again = scene.shop.send("POST", "/verify-email", {"token": token_in(link)})
    scene.expect((again.status, again.body.get("type")), (410, "link-used"), "the link a second time")


def receive_order(scene: Scene) -> None:
    """Once verified, the customer gets the order in writing."""
    mail = scene.expect_mail("order_placed")
    if scene.number not in mail["subject"] + mail["text"]:
        raise Missed(f"{scene.number} in the mail", mail["subject"], scene.mailbox.page(mail))
