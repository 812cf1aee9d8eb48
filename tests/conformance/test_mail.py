"""Mail from the emulator to our mailbox: whole, and not lost while the mailbox is away."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from local.mailbox.smtp import controller
from local.mailbox.store import Store, Wanted
from local.mailbox.web import Mailbox, server
from local.ports import HOST, choose
from tests.conformance.world import World, eventually, fetch, world

PICTURE = bytes(range(256)) * 1200


@pytest.fixture(scope="module")
def mailed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("mailed")
    port = choose(["smtp"], folder / "smtp.json")["smtp"]
    with world(folder, smtp_port=port) as made:
        made.clients("ses").verify_email_identity(EmailAddress="shop@shop.example")
        yield made


@contextmanager
def open_mailbox(folder: Path, port: int) -> Iterator[Store]:
    store = Store(folder)
    taking: Any = controller(store, HOST, port)
    taking.start()
    try:
        yield store
    finally:
        taking.stop()


def letter(subject: str) -> EmailMessage:
    made = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    made["From"] = "Tienda Ñandú <shop@shop.example>"
    made["To"] = "Ángela <angela@customer.example>"
    made["Cc"] = "boss@shop.example"
    made["Reply-To"] = "orders+abc@shop.example"
    made["Subject"] = subject
    made["Message-ID"] = "<ours@shop.example>"
    made["X-Comanda-Event"] = "shipped"
    made["X-Comanda-Order"] = "ord_1"
    made.set_content("Tu pedido va en camino.\n")
    made["Content-Language"] = "es"
    made.add_alternative("<p>Tu pedido va en camino.</p>", subtype="html")
    made.add_attachment(PICTURE, maintype="application", subtype="pdf", filename="nota año.pdf")
    return made


def send(world: World, message: EmailMessage) -> str:
    answer = world.clients("ses").send_raw_email(
        Source="shop@shop.example",
        Destinations=["angela@customer.example", "boss@shop.example"],
        RawMessage={"Data": message.as_bytes()},
    )
    identity: str = answer["MessageId"]
    return identity


def test_a_raw_mail_arrives_whole(mailed: World, tmp_path: Path) -> None:
    with open_mailbox(tmp_path, mailed.smtp_port) as store:
        identity = send(mailed, letter("Tu pedido P-000123 va en camino"))
        assert eventually(lambda: store.find(Wanted()))
        (arrived,) = served(store)
    assert arrived["to"] == ["angela@customer.example"]
    assert arrived["cc"] == ["boss@shop.example"]
    assert arrived["subject"] == "Tu pedido P-000123 va en camino"
    assert arrived["text"] == "Tu pedido va en camino.\n"
    assert arrived["html"] == "<p>Tu pedido va en camino.</p>\n"
    assert (arrived["event"], arrived["order_id"], arrived["locale"]) == ("shipped", "ord_1", "es")
    assert arrived["reply_to"] == "orders+abc@shop.example"
    assert arrived["message_id"].startswith(f"<{identity}")  # SES puts its own in place of ours
    (attached,) = arrived["attachments"]
    assert (attached["name"], attached["type"], attached["size"]) == (
        "nota año.pdf",
        "application/pdf",
        len(PICTURE),
    )


def served(store: Store) -> list[dict[str, Any]]:
    """The mails as the mailbox answers them over HTTP, where the attachment's address works too."""
    web = server(Mailbox(store, "http://nowhere"), HOST, 0)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    try:
        url = f"http://{HOST}:{web.server_address[1]}"
        found: list[dict[str, Any]] = fetch(url).json()
        path = found[0]["attachments"][0]["url"].removeprefix("http://nowhere")
        assert fetch(url + path).body == PICTURE
        return found
    finally:
        web.shutdown()
        web.server_close()


def test_a_mail_waits_for_a_mailbox_that_is_away(mailed: World, tmp_path: Path) -> None:
    """Defect: a mail that SMTP does not take at once is gone. Cure: it is tried again."""
    send(mailed, letter("while away"))
    with open_mailbox(tmp_path, mailed.smtp_port) as store:
        assert eventually(lambda: [found.header("Subject") for found in store.find(Wanted())]) == [
            "while away"
        ]


def test_eight_bit_content_never_arrives(mailed: World, tmp_path: Path) -> None:
    """Defect: the relay fails with only a warning. Hence: mails are made 7-bit clean."""
    raw = "From: shop@shop.example\r\nTo: a@customer.example\r\nSubject: ocho\r\n\r\nañejo\r\n".encode()
    with open_mailbox(tmp_path, mailed.smtp_port) as store:
        mailed.clients("ses").send_raw_email(RawMessage={"Data": raw})
        send(mailed, letter("after it"))
        assert eventually(lambda: [found.header("Subject") for found in store.find(Wanted())]) == ["after it"]


def test_the_newer_interface_loses_attachments(mailed: World, tmp_path: Path) -> None:
    """Defect: SESv2 forwards neither attachments nor headers. Hence: version 1 and SendRawEmail."""
    simple = {
        "Subject": {"Data": "v2"},
        "Body": {"Text": {"Data": "x"}},
        "Headers": [{"Name": "X-Comanda-Event", "Value": "shipped"}],
        "Attachments": [{"FileName": "a.pdf", "RawContent": b"%PDF", "ContentType": "application/pdf"}],
    }
    with open_mailbox(tmp_path, mailed.smtp_port) as store:
        mailed.clients("sesv2").send_email(
            FromEmailAddress="shop@shop.example",
            Destination={"ToAddresses": ["a@customer.example"]},
            Content={"Simple": simple},
        )
        (found,) = eventually(lambda: store.find(Wanted()))
        assert found.parts() == []
        assert found.header("X-Comanda-Event") is None


def test_nothing_is_published_for_a_sent_mail(mailed: World, tmp_path: Path) -> None:
    """Missing: event destinations are stored, no event comes. Hence: tests put bounces on the bus."""
    sqs, events, ses = (mailed.clients(name) for name in ("sqs", "events", "ses"))
    url = sqs.create_queue(QueueName="bounces")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="mail", EventPattern=json.dumps({"source": ["aws.ses"]}))
    events.put_targets(Rule="mail", Targets=[{"Id": "queue", "Arn": arn}])
    mailed.clients("sesv2").create_configuration_set(ConfigurationSetName="shop")
    bus = "arn:aws:events:us-east-1:000000000000:event-bus/default"
    mailed.clients("sesv2").create_configuration_set_event_destination(
        ConfigurationSetName="shop",
        EventDestinationName="bus",
        EventDestination={
            "Enabled": True,
            "MatchingEventTypes": ["SEND"],
            "EventBridgeDestination": {"EventBusArn": bus},
        },
    )
    with open_mailbox(tmp_path, mailed.smtp_port) as store:
        ses.send_raw_email(RawMessage={"Data": letter("sent").as_bytes()}, ConfigurationSetName="shop")
        assert eventually(partial(store.find, Wanted()))
    assert "Messages" not in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1)
