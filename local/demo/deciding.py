"""Chapter two: the merchant reads the mail, takes the order as CSV and approves it by the link."""

import csv
import io

from local.demo.mailbox import link_to, token_in
from local.demo.outside import Api, Missed
from local.demo.scene import ADDRESS, CUSTOMER, Scene


def download(scene: Scene) -> None:
    """The CSV behind the mail's link carries every accent as it was typed."""
    mail = scene.expect_mail("merchant_order")
    link = link_to(mail, rf"/orders/{scene.order_id}/export\.csv")
    answer = Api("").call("GET", link, accept="text/csv")
    rows = read_csv(answer.content)
    scene.expect(len(rows), len(scene.lines), "rows in the CSV")
    for text in (CUSTOMER, *ADDRESS.values()):
        if not any(text in value for value in rows[0].values()):
            raise Missed(f"{text!r} in the CSV", rows[0], link)
    scene.tell.detail(f"{len(rows)} rows, {len(rows[0])} columns: {CUSTOMER}, {ADDRESS['line1']}")


def approve(scene: Scene) -> None:
    """The page shows the order and changes nothing; approving tells the customer."""
    mail = scene.mailbox.wait("merchant_order", scene.order_id)
    link = link_to(mail, "/approve-order")
    Api("").call("GET", link, accept="text/html")
    scene.expect(scene.order()["approved"], False, "approved after looking at the page")
    body = {"token": token_in(link), "decision": "approve"}
    scene.shop.call("POST", "/approve-order", body)
    scene.expect_mail("order_approved")


def read_csv(content: bytes) -> list[dict[str, str]]:
    """Rows by column name, of a file for machines or for spreadsheets."""
    text = content.decode("utf-8-sig")
    delimiter = ";" if text.splitlines()[0].count(";") > text.splitlines()[0].count(",") else ","
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
