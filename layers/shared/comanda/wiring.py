"""The one composition root: what stands behind each port. Imports are local so that a function
loads only what it uses."""

import json
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from comanda.environment import variable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from comanda.backoffice.bulk.bulking import Bulking, BulkRuns
    from comanda.backoffice.customers.file import CustomerFile
    from comanda.backoffice.customers.find import CustomerList
    from comanda.backoffice.listing.list_orders import OrderList
    from comanda.backoffice.listing.query import Query
    from comanda.backoffice.office import Office
    from comanda.carts.edit import Carts
    from comanda.carts.start_cart import Started
    from comanda.carts.store import CartStore
    from comanda.conversation.notice_book import NoticeBook
    from comanda.conversation.room import MailRoom
    from comanda.customers.credit import Till
    from comanda.customers.model import Customer
    from comanda.customers.open_account import OpenAccounts
    from comanda.customers.store import CustomerStore
    from comanda.customers.wallet_store import Wallets
    from comanda.discounts.store import CodeStore
    from comanda.exports.exporting import Exporting
    from comanda.fulfilment.scan import Scanning
    from comanda.fulfilment.webhook import CarrierDoor
    from comanda.idempotency.once import Once
    from comanda.idempotency.store import KeyStore
    from comanda.inbox.apply import Inbox
    from comanda.inbox.bodies import Bodies
    from comanda.links.issue import Links
    from comanda.links.keys import Keys
    from comanda.orders.backorder import Arrivals
    from comanda.orders.decision import Loaded
    from comanda.orders.desk import Desk
    from comanda.orders.drafts.place import Counter as DraftCounter
    from comanda.orders.drafts.repeat import OnSale
    from comanda.orders.drafts.write import DraftDesk
    from comanda.orders.edits.desk import EditDesk
    from comanda.orders.outbox import Outbox
    from comanda.orders.purge import Invoices, Purging
    from comanda.orders.store import OrderStore
    from comanda.payments.apply import PaymentEvents
    from comanda.payments.pay import Paying
    from comanda.payments.provider import PaymentProvider
    from comanda.payments.record import Recorder
    from comanda.payments.settle import Settling
    from comanda.payments.start import Starter
    from comanda.payments.webhook import WebhookDesk
    from comanda.pricelists.store import PriceStore
    from comanda.search.of_customer import CustomerOrders
    from comanda.search.store import SearchStore
    from comanda.settings.sections import Limits
    from comanda.settings.store import SettingsStore
    from comanda.settings.versions import VersionStore
    from comanda.stock.adjust_stock import Book
    from comanda.stock.store import StockStore
    from comanda.storefront.checkout import Checkout
    from comanda.storefront.customer import CustomerDesk
    from comanda.storefront.known_customer import KnownCustomer
    from comanda.storefront.shelf import ShelfReader
    from comanda.storefront.visits import Visits
    from comanda.workflow.executions import Executions
    from comanda.workflow.publish import Bus
    from comanda.workflow.steps import Steps
    from comanda.workflow.sweep import Sweep
    from comanda.workflow.waits import WaitStore
    from comanda.workflow.wake import Waker


def now() -> datetime:
    """The clock; tests replace it."""
    return datetime.now(UTC)


def public_url() -> str:
    return variable("PUBLIC_URL").rstrip("/")


@cache
def settings() -> "SettingsStore":
    from comanda.settings.store import SettingsStore

    return SettingsStore(variable("SETTINGS_TABLE"))


@cache
def codes() -> "CodeStore":
    from comanda.discounts.store import CodeStore

    return CodeStore(variable("SETTINGS_TABLE"))


@cache
def prices() -> "PriceStore":
    from comanda.pricelists.store import PriceStore

    return PriceStore(variable("STOCK_TABLE"))


def group_of(event: dict[str, Any]) -> str:
    """The group of the known customer who looks at the shop; empty for a guest."""
    from comanda.runtime.requests import bearer, cookie

    token = bearer(event, required=False) or cookie(event, "customer")
    customer = customer_of(token) if token else None
    return customer.group if customer and customer.verified else ""


@cache
def stock() -> "StockStore":
    from comanda.stock.store import StockStore

    return StockStore(variable("STOCK_TABLE"))


@cache
def customers() -> "CustomerStore":
    from comanda.customers.store import CustomerStore

    return CustomerStore(variable("CUSTOMERS_TABLE"))


@cache
def open_accounts() -> "OpenAccounts":
    from comanda.customers.open_account import OpenAccounts

    return OpenAccounts(variable("CUSTOMERS_TABLE"))


@cache
def wallets() -> "Wallets":
    from comanda.customers.wallet_store import Wallets

    return Wallets(variable("CUSTOMERS_TABLE"))


@cache
def till() -> "Till":
    """Where staff see and correct store credit and gift cards."""
    from comanda.customers.credit import Till

    return Till(wallets(), keys_seen(), lambda one: customers().load(one) is not None, lambda: keys().active)


@cache
def carts() -> "CartStore":
    from comanda.carts.store import CartStore

    return CartStore(variable("CARTS_TABLE"))


@cache
def cart_edits() -> "Carts":
    from comanda.carts.edit import Carts
    from comanda.carts.window import WindowReader
    from comanda.ids import new_id

    return Carts(carts(), WindowReader(settings(), stock(), prices()), keys_seen(), new_id, now)


@cache
def stock_book() -> "Book":
    """Where staff's corrections of stock are written."""
    from comanda.ids import new_id
    from comanda.stock.adjust_stock import Book
    from comanda.stock.adjustments import AdjustmentStore

    return Book(stock(), AdjustmentStore(variable("JOBS_TABLE")), keys_seen(), new_id)


@cache
def keys_seen() -> "KeyStore":
    from comanda.idempotency.store import KeyStore

    return KeyStore(variable("DEDUPE_TABLE"))


@cache
def orders() -> "OrderStore":
    from comanda.orders.store import OrderStore

    return OrderStore(variable("ORDERS_TABLE"), stock=stock(), signatures=settings())


def keys() -> "Keys":
    """The signing keys; read again every few minutes, so a rotation needs no restart."""
    from comanda.links.keys import Keys
    from comanda.secrets import secret

    found = secret("SIGNING_SECRET")
    return Keys(found["current"], found.get("previous", ""))


@cache
def links() -> "Links":
    from comanda.links.issue import Links
    from comanda.links.store import LinkStore

    return Links(LinkStore(variable("SETTINGS_TABLE")), keys)


@cache
def desk() -> "Desk":
    from comanda.orders.consequences import Consequences
    from comanda.orders.desk import Desk

    return Desk(orders(), Consequences(links(), codes(), open_accounts(), wallets()), stock())


@cache
def edits() -> "EditDesk":
    """What changing a placed order takes."""
    from comanda.ids import new_id
    from comanda.orders.edits.desk import EditDesk
    from comanda.orders.edits.reader import EditReader

    return EditDesk(EditReader(settings(), stock(), prices(), customers()), customers(), links(), new_id)


def aws(service: str, **config: Any) -> Any:
    """A low-level client of another AWS service, made from the shared session."""
    from comanda.dynamo.client import session

    return session().create_client(service, **config)


@cache
def shelf_reader() -> "ShelfReader":
    from comanda.storefront.shelf import ShelfReader

    return ShelfReader(settings(), stock(), customers(), keys_seen(), codes(), prices(), now)


def currency() -> str:
    """The shop's currency now."""
    return str(settings().section("shop")[0].currency)


def repeated(loaded: "Loaded", key: str) -> "Started":
    """A cart of what an order asked for, once per Idempotency-Key."""
    from comanda.carts.repeat_cart import repeat_cart
    from comanda.idempotency.store import Request

    request = Request.of(f"repeat#{loaded.order.order_id}", key, {}) if key else None
    return repeat_cart(loaded, cart_edits(), request)


@cache
def on_sale() -> "OnSale":
    """How many of each product can be bought now; what is not for sale is missing."""
    windows = cart_edits().windows

    def left(skus: "Iterable[str]") -> "dict[str, int | None]":
        window = windows.read(skus)
        return {sku: number for sku, number in window.available.items() if window.on_sale(sku)}

    return left


@cache
def drafts() -> "DraftDesk":
    from comanda.ids import new_id
    from comanda.orders.drafts.write import DraftDesk

    return DraftDesk(shelf_reader(), settings(), new_id)


@cache
def draft_counter() -> "DraftCounter":
    """Where drafts are placed."""
    from comanda.ids import new_id
    from comanda.orders.drafts.place import Counter as DraftCounter

    return DraftCounter(shelf_reader(), links(), customers(), new_id, codes())


@cache
def checkout() -> "Checkout":
    from comanda.ids import new_id
    from comanda.orders.place import Counter
    from comanda.storefront.checkout import Checkout

    counter = Counter(desk(), links(), settings(), customers(), keys_seen(), new_id, codes(), open_accounts())
    return Checkout(
        counter=counter,
        reader=shelf_reader(),
        pay=paying(),
        keys=keys,
        public_url=public_url(),
        now=now,
        count=rate_limited,
        customer=customer_of,
        cart_lines=lambda cart_id: carts().lines_and_contact(cart_id),
        ordered_cart=lambda cart_id: carts().ordered(cart_id),
        wallet=lambda account: wallets().read(account),
    )


def rate_limited(what: str, address: str, email: str, moment: datetime) -> None:
    """Count a public write against the shop's limits. Raises RateLimited."""
    from comanda.runtime.limits import count, window

    limits = limits_of(window(moment))
    count(variable("DEDUPE_TABLE"), what, address, limits.per_address, moment)
    if email:
        count(variable("DEDUPE_TABLE"), f"{what}-email", email, limits.per_email, moment)


@lru_cache(maxsize=1)
def limits_of(window: int) -> "Limits":
    """The shop's limits, read once a minute: a changed one holds from the next minute on."""
    limits: Limits = settings().section("limits")[0]
    return limits


def customer_of(token: str) -> "Customer | None":
    """The customer a token stands for, if it is genuine and not revoked."""
    found = keys().customer_of(token)
    customer = customers().load(found[0]) if found else None
    return customer if customer and found and customer.token_version == found[1] else None


@cache
def paying() -> "Paying":
    from comanda.payments.pay import Paying

    return Paying(desk(), outbox(), settings(), starter(), now)


@cache
def starter() -> "Starter":
    from comanda.payments.start import Starter

    return Starter(desk(), outbox(), provider, now)


@cache
def recorder() -> "Recorder":
    from comanda.payments.record import Recorder

    return Recorder(desk(), provider)


@cache
def settling() -> "Settling":
    from comanda.payments.settle import Settling

    return Settling(desk(), outbox(), starter(), recorder(), now)


@cache
def payment_events() -> "PaymentEvents":
    from comanda.payments.apply import PaymentEvents

    return PaymentEvents(provider, recorder(), now)


@cache
def payment_webhooks() -> "WebhookDesk":
    from comanda.payments.webhook import WebhookDesk

    def secrets(code: str) -> list[str]:
        return list(payment_secret(code).get("webhook_secrets", []))

    return WebhookDesk(provider, secrets, bodies(), variable("RAW_BUCKET"), now)


@cache
def provider(code: str) -> "PaymentProvider":
    """The adapter of a payment provider. Raises NotFound for one that is not connected."""
    from comanda.payments.providers import connect

    return connect(code, secret_of=payment_secret, api_base=lambda: variable("STRIPE_API_BASE"))


def payment_secret(code: str) -> dict[str, Any]:
    """A provider's keys. Raises KeyOfAnotherStage (nothing is sent with a key that is not ours to use)."""
    from comanda.payments.stage import key_for
    from comanda.secrets import secret

    found: dict[str, Any] = secret("PAYMENT_SECRETS").get(code, {})
    key_for(variable("STAGE"), str(found.get("api_key", "")))
    return found


@cache
def outbox() -> "Outbox":
    from comanda.orders.outbox import Outbox

    return Outbox(variable("ORDERS_TABLE"))


@cache
def purging() -> "Purging":
    from comanda.orders.purge import Purging
    from comanda.orders.tombstones import Tombstones

    return Purging(orders(), Tombstones(variable("ORDERS_TABLE")), lambda: invoices(), keys_seen())


@cache
def invoices() -> "Invoices":
    """Nothing here issues invoices yet; whoever does answers instead."""
    from comanda.orders.purge import NoInvoices

    return NoInvoices()


@cache
def executions() -> "Executions":
    from comanda.workflow.executions import Executions

    return Executions(aws("stepfunctions"), lambda: variable("LIFECYCLE_STATE_MACHINE"))


@cache
def bus() -> "Bus":
    from comanda.workflow.publish import Bus

    return Bus(aws("events"), variable("EVENT_BUS"))


@cache
def waits() -> "WaitStore":
    from comanda.workflow.waits import WaitStore

    return WaitStore(variable("ORDERS_TABLE"))


@cache
def waker() -> "Waker":
    from comanda.workflow.wake import Waker

    return Waker(desk(), waits(), executions(), now)


@cache
def steps() -> "Steps":
    from comanda.workflow.steps import Steps

    return Steps(desk(), waits(), executions(), outbox(), now)


@cache
def sweep() -> "Sweep":
    from comanda.workflow.sweep import Sweep

    table, finish = variable("ORDERS_TABLE"), purging().finish
    return Sweep(table, desk(), waker(), outbox(), bus(), executions(), now, finish)


@cache
def arrivals() -> "Arrivals":
    """Orders that wait for stock, served when it comes in."""
    from comanda.orders.backorder import Arrivals

    return Arrivals(desk(), stock(), now)


@cache
def customer_desk() -> "CustomerDesk":
    from comanda.ids import new_id
    from comanda.storefront.customer import CustomerDesk

    return CustomerDesk(
        desk(), orders(), links(), customers(), settings(), paying(), now, new_id, rate_limited
    )


@cache
def known_customer() -> "KnownCustomer":
    from comanda.storefront.known_customer import KnownCustomer

    return KnownCustomer(customer_of, customers(), customer_orders(), keys, public_url())


@cache
def inbox() -> "Inbox":
    """Webhooks of partners: their bodies in S3, their records in the Jobs table."""
    from comanda.inbox.apply import Inbox
    from comanda.inbox.store import InboxStore

    return Inbox(InboxStore(variable("JOBS_TABLE")), bodies(), now)


@cache
def bodies() -> "Bodies":
    from comanda.inbox.bodies import Bodies

    return Bodies(aws("s3"))


@cache
def exporting() -> "Exporting":
    from zoneinfo import ZoneInfo

    from comanda.exports.contents import Contents
    from comanda.exports.couriers import courier
    from comanda.exports.exporting import Exporting
    from comanda.exports.filter import understood
    from comanda.exports.index import OrderIndex
    from comanda.exports.notice import MailNotice
    from comanda.exports.queue import RunsQueue
    from comanda.exports.reader import OrderReader
    from comanda.exports.seats import Seats
    from comanda.exports.store import BatchStore
    from comanda.ids import new_id

    return Exporting(
        batches=BatchStore(variable("JOBS_TABLE")),
        seats=Seats(variable("JOBS_TABLE")),
        contents=Contents(variable("EXPORT_BUCKET"), lambda: aws("s3")),
        index=OrderIndex(variable("ORDERS_TABLE"), orders().shards),
        reader=OrderReader(variable("ORDERS_TABLE")),
        desk=desk(),
        shop=lambda: settings().section("shop")[0],
        destinations=lambda: settings().section("exports")[0].destinations,
        courier=lambda code, destination: courier(code, destination, destination_secret),
        filters=lambda wanted, at: understood(wanted, at, ZoneInfo(settings().section("shop")[0].time_zone)),
        runs=RunsQueue(variable("EXPORT_RUNS_QUEUE"), lambda: aws("sqs")),
        notice=MailNotice(bus),
        now=now,
        new_id=new_id,
    )


def destination_secret(code: str) -> dict[str, Any]:
    from comanda.secrets import secret

    found: dict[str, Any] = secret("DESTINATION_SECRETS").get(code, {})
    return found


@cache
def carrier_door() -> "CarrierDoor":
    from comanda.fulfilment.webhook import CarrierDoor
    from comanda.inbox.bodies import Bodies

    return CarrierDoor(Bodies(aws("s3")), variable("RAW_BUCKET"), carrier_secrets, now)


def carrier_secrets(code: str) -> list[str]:
    """The active webhook secrets of a carrier; during a rotation there are two."""
    from comanda.secrets import secret

    found: list[str] = secret("CARRIER_SECRETS").get(code, {}).get("webhook_secrets", [])
    return found


@cache
def scanning() -> "Scanning":
    from comanda.fulfilment.parked import ParkedScans
    from comanda.fulfilment.scan import Scanning

    return Scanning(orders(), desk(), ParkedScans(variable("DEDUPE_TABLE")))


@cache
def notices() -> "NoticeBook":
    from comanda.conversation.notice_book import NoticeBook

    return NoticeBook(variable("JOBS_TABLE"))


@cache
def mail_room() -> "MailRoom":
    from comanda.conversation.post import Ses, client
    from comanda.conversation.room import MailRoom
    from comanda.conversation.urls import Urls
    from comanda.dynamo.client import session

    return MailRoom(
        orders=orders(),
        outbox=outbox(),
        notices=notices(),
        settings=settings(),
        post=Ses(client(session()), variable("MAIL_CONFIGURATION_SET")),
        urls=lambda: Urls(public_url(), keys()),
        sender=variable("MAIL_FROM"),
        now=now,
    )


@cache
def visits() -> "Visits":
    from comanda.conversation.urls import Urls
    from comanda.storefront.visits import Visits

    return Visits(desk(), links(), settings(), orders(), lambda: Urls(public_url(), keys()), now)


@cache
def office() -> "Office":
    from comanda.backoffice.office import Office
    from comanda.ids import new_id

    return Office(
        desk=desk(),
        orders=orders(),
        keys_seen=keys_seen(),
        scanning=scanning(),
        links=links(),
        execution_arn=lambda order_id, run: executions().arn(order_id, run),
        new_id=new_id,
        now=now,
    )


@cache
def setting_versions() -> "VersionStore":
    from comanda.settings.versions import VersionStore

    return VersionStore(variable("JOBS_TABLE"))


def send_again(kind: str, message: dict[str, Any]) -> None:
    """Put a stored webhook back into the queue it came through."""
    payments = kind == "payments"
    queue = variable("PAYMENT_EVENTS_QUEUE") if payments else variable("CARRIER_EVENTS_QUEUE")
    aws("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(message))


@cache
def search_tokens() -> "SearchStore":
    from comanda.search.store import SearchStore

    return SearchStore(variable("SEARCH_TABLE"))


@cache
def customer_tokens() -> "SearchStore":
    from comanda.search.store import CUSTOMERS, SearchStore

    return SearchStore(variable("SEARCH_TABLE"), CUSTOMERS)


@cache
def customer_orders() -> "CustomerOrders":
    from comanda.search.of_customer import CustomerOrders

    return CustomerOrders(search_tokens(), variable("ORDERS_TABLE"))


@cache
def customer_list() -> "CustomerList":
    from comanda.backoffice.customers.find import CustomerList

    return CustomerList(customer_tokens(), customers())


@cache
def customer_file() -> "CustomerFile":
    from comanda.backoffice.customers.file import CustomerFile
    from comanda.ids import new_id

    return CustomerFile(customers(), customer_orders(), open_accounts(), settings(), new_id)


@cache
def order_list() -> "OrderList":
    from comanda.backoffice.listing.counts import Counts
    from comanda.backoffice.listing.index import ListIndex
    from comanda.backoffice.listing.list_orders import OrderList

    index = ListIndex(variable("ORDERS_TABLE"), orders().shards)
    counts = Counts(index, lambda: settings().signatures("state"), now)
    return OrderList(index, settings(), search_tokens(), counts, orders().parcels, now)


def staff_names(actor: str) -> tuple[str, ...]:
    """What somebody of the staff is called in the shop's settings."""
    from comanda.orders.assign import names_of

    return names_of(actor, settings().section("sales")[0])


def order_query(filter: dict[str, Any], at: str) -> "Query":
    """A bulk job's filter as the list's query. Raises Invalid."""
    from zoneinfo import ZoneInfo

    from comanda.backoffice.bulk.select import understood

    return understood(filter, at, ZoneInfo(settings().section("shop")[0].time_zone))


@cache
def bulking() -> "Bulking":
    from time import sleep

    from comanda.backoffice.bulk.bulking import Bulking
    from comanda.backoffice.bulk.select import ids_of, matching
    from comanda.backoffice.bulk.store import JobStore
    from comanda.backoffice.run_command import CommandDesk
    from comanda.ids import new_id

    return Bulking(
        jobs=JobStore(variable("JOBS_TABLE")),
        commands=CommandDesk(desk(), orders(), keys_seen()),
        orders=orders(),
        scanning=scanning,
        exporting=exporting,
        select=lambda filter, at: matching(order_query(filter, at), order_list()),
        ids_of=lambda numbers: ids_of(numbers, search_tokens(), variable("ORDERS_TABLE")),
        now=now,
        new_id=new_id,
        pause=sleep,
    )


@cache
def bulk_runs() -> "BulkRuns":
    from comanda.backoffice.bulk.bulking import BulkRuns

    return BulkRuns(aws("stepfunctions"), variable("BULK_STATE_MACHINE"))


def once(event: dict[str, Any], route: str, body: dict[str, Any]) -> "Once":
    """The command of a mailed link under its caller's key, if there is one. Raises Malformed."""
    from comanda.idempotency.once import Once
    from comanda.idempotency.store import Request
    from comanda.runtime.http import idempotency_key
    from comanda.times import stamp

    key = idempotency_key(event, required=False)
    return Once(keys_seen(), Request.of(route, key, body) if key else None, stamp(now()))
