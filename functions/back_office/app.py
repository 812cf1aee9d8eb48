"""ANY /back-office… — staff's screens: server-rendered pages behind a session of the user pool's people.

A topic hangs its screens here by one import and one line.
"""

from comanda import wiring
from comanda.backoffice.shelf import Shelf
from comanda.screens.accounts.desk import AccountsDesk
from comanda.screens.accounts.routes import hang_accounts
from comanda.screens.customers.routes import Registry, hang_customers
from comanda.screens.deliveries.hand_over import hang_hand_over
from comanda.screens.deliveries.routes import hang_deliveries
from comanda.screens.drafts.desk import SalesDesk
from comanda.screens.drafts.routes import hang_drafts
from comanda.screens.exports.routes import hang_exports
from comanda.screens.house.door import Door
from comanda.screens.house.routing import House
from comanda.screens.inbox.routes import hang_inbox
from comanda.screens.jobs.routes import hang_jobs
from comanda.screens.operations.desk import OperationsDesk
from comanda.screens.operations.routes import hang_operations
from comanda.screens.order_list.desk import ListDesk
from comanda.screens.order_list.routes import hang_order_list
from comanda.screens.orders.desk import OrderDesk
from comanda.screens.orders.routes import hang_orders
from comanda.screens.pickup.desk import CounterDesk
from comanda.screens.pickup.routes import hang_pickup
from comanda.screens.prices.desk import PriceDesk
from comanda.screens.prices.routes import hang_prices
from comanda.screens.settings.codes import CodeDesk, hang_codes
from comanda.screens.settings.desk import SettingsDesk
from comanda.screens.settings.people import hang_people
from comanda.screens.settings.routes import hang_settings
from comanda.screens.start.routes import StartDesk, hang_start
from comanda.screens.statements.routes import hang_statements
from comanda.screens.stock.routes import hang_stock
from comanda.screens.vans.routes import VanScreens, hang_vans
from comanda.screens.waves.routes import hang_waves

house = House()
hang_start(house, StartDesk(wiring.dashboard, wiring.settings, wiring.stock))
order_list = ListDesk(
    wiring.office,
    wiring.order_list,
    wiring.settings,
    wiring.saved_views,
    wiring.bulking,
    wiring.bulk_runs,
    wiring.keys_seen,
    wiring.order_query,
    wiring.staff_names,
    wiring.assignee_of_job,
    wiring.undoing,
)
hang_order_list(house, order_list)
hang_jobs(house, wiring.bulking, wiring.bulk_runs, wiring.order_numbers)
hang_orders(
    house,
    OrderDesk(
        wiring.office,
        wiring.settings,
        wiring.edits,
        wiring.drafts,
        wiring.on_sale,
        wiring.purging,
        wiring.colleague_names,
        wiring.undoing,
        wiring.presence,
        lambda: wiring.printing(),
        lambda: wiring.short_desk(),
        lambda: wiring.label_desk(),
        wiring.outbox,
    ),
)
hang_waves(house, wiring.picking)
hang_deliveries(house, wiring.order_list, wiring.settings, lambda: wiring.stuck_parcels())
hang_hand_over(house, order_list)
hang_vans(house, VanScreens(lambda: wiring.van_desk(), wiring.order_list, wiring.colleague_names))
hang_drafts(
    house,
    SalesDesk(
        wiring.office,
        wiring.settings,
        wiring.drafts,
        wiring.draft_counter,
        wiring.on_sale,
        wiring.product_list,
        wiring.customer_list,
        wiring.customer_file,
        wiring.cart_edits,
        wiring.order_list,
    ),
)
hang_pickup(house, CounterDesk(wiring.office, wiring.counter, wiring.undoing, wiring.settings))
hang_exports(house, lambda: wiring.exporting(), wiring.keys_seen)
hang_inbox(house, lambda: wiring.inbox().store, wiring.send_again)
hang_stock(
    house,
    Shelf(wiring.stock_book, wiring.settings, wiring.arrivals),
    wiring.order_list,
    wiring.carts,
    wiring.file_imports,
)
hang_customers(
    house,
    Registry(
        wiring.customer_list,
        wiring.customer_file,
        wiring.till,
        wiring.duplicates,
        wiring.merge_preview,
        wiring.merging,
        wiring.settings,
    ),
)
hang_accounts(
    house,
    AccountsDesk(
        wiring.payout_views,
        wiring.dispute_list,
        wiring.reconciliation,
        wiring.asking,
        wiring.locking,
        wiring.days,
        wiring.money_ledger,
        wiring.colleague_names,
    ),
)
hang_statements(house, wiring.statements, wiring.keys_seen)
hang_settings(
    house,
    SettingsDesk(
        wiring.settings,
        wiring.setting_versions,
        lambda: wiring.team().names(),
        lambda: wiring.probing(),
        lambda: wiring.press(),
    ),
)
hang_people(house, lambda: wiring.team())
hang_codes(house, CodeDesk(wiring.codes, wiring.settings))
hang_prices(house, PriceDesk(wiring.prices, wiring.settings, wiring.stock))
hang_operations(
    house,
    OperationsDesk(
        wiring.pausing,
        wiring.dead_letters,
        wiring.operating,
        wiring.unsettled,
        wiring.outbox,
        wiring.office,
        wiring.incidents,
        wiring.own_bounces,
        wiring.deeds,
        wiring.colleague_names,
    ),
)
door = Door(house, wiring.entrance, lambda: wiring.settings().section("shop")[0], lambda: wiring.now())
lambda_handler = door.lambda_handler
