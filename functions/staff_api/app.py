"""ANY /admin/{proxy+} — the staff API, behind the user pool's access tokens and the roles' permissions."""

from comanda import wiring
from comanda.backoffice.routes import StaffRoutes
from comanda.backoffice.routes_addresses import hang_addresses
from comanda.backoffice.routes_books import hang_books
from comanda.backoffice.routes_bulk import hang_bulk
from comanda.backoffice.routes_carts import hang_carts
from comanda.backoffice.routes_commands import hang_commands
from comanda.backoffice.routes_credit import hang_credit
from comanda.backoffice.routes_customers import hang_customers
from comanda.backoffice.routes_days import hang_days
from comanda.backoffice.routes_deliveries import hang_deliveries, hang_short_picks, hang_steps
from comanda.backoffice.routes_discounts import hang_discounts
from comanda.backoffice.routes_documents import hang_documents
from comanda.backoffice.routes_drafts import hang_drafts
from comanda.backoffice.routes_edits import hang_edits
from comanda.backoffice.routes_exports import hang_exports
from comanda.backoffice.routes_goods import hang_goods
from comanda.backoffice.routes_history import hang_history
from comanda.backoffice.routes_labels import hang_labels
from comanda.backoffice.routes_ledger import hang_ledger
from comanda.backoffice.routes_merge import hang_merge
from comanda.backoffice.routes_operations import (
    hang_dead_letters,
    hang_deeds,
    hang_effects,
    hang_executions,
    hang_switches,
)
from comanda.backoffice.routes_orders import hang_orders
from comanda.backoffice.routes_parcels import hang_parcels
from comanda.backoffice.routes_payouts import hang_payouts
from comanda.backoffice.routes_people import hang_people
from comanda.backoffice.routes_periods import hang_periods
from comanda.backoffice.routes_pickup import hang_pickup
from comanda.backoffice.routes_prices import hang_prices
from comanda.backoffice.routes_products import hang_products
from comanda.backoffice.routes_purge import hang_purge
from comanda.backoffice.routes_reconciliation import hang_disputes, hang_reconciliation
from comanda.backoffice.routes_sales import hang_sales
from comanda.backoffice.routes_settings import hang_settings
from comanda.backoffice.routes_shipping_labels import hang_shipping_labels
from comanda.backoffice.routes_statements import hang_statements
from comanda.backoffice.routes_stock import hang_stock
from comanda.backoffice.routes_undo import hang_undo
from comanda.backoffice.routes_vans import hang_vans
from comanda.backoffice.routes_waves import hang_waves
from comanda.backoffice.routes_webhooks import hang_webhooks
from comanda.environment import variable
from comanda.runtime.http import http_function

app, handler = http_function()
routes = StaffRoutes(app, lambda: variable("USER_POOL_CLIENT"), lambda: wiring.now())
hang_orders(routes, wiring.office, wiring.order_list, wiring.settings, wiring.cart_edits, wiring.exporting)
hang_steps(routes, wiring.office)
hang_short_picks(routes, wiring.office, wiring.short_desk, wiring.undoing)
hang_deliveries(routes, wiring.order_list, wiring.settings)
hang_waves(routes, wiring.picking)
hang_parcels(routes, lambda: wiring.stuck_parcels())
hang_commands(routes, wiring.office)
hang_documents(routes, lambda: wiring.printing())
hang_shipping_labels(routes, wiring.office, wiring.label_desk)
hang_vans(routes, wiring.van_desk)
hang_goods(routes, wiring.office, wiring.settings)
hang_undo(routes, wiring.office, wiring.undoing)
hang_pickup(routes, wiring.office, wiring.counter, wiring.undoing)
hang_ledger(routes, wiring.office, wiring.settings)
hang_bulk(
    routes,
    wiring.bulking,
    wiring.bulk_runs,
    wiring.keys_seen,
    wiring.order_query,
    wiring.staff_names,
    wiring.assignee_of_job,
)
hang_labels(routes, wiring.settings)
hang_history(routes, wiring.office)
hang_purge(routes, wiring.purging)
hang_drafts(routes, wiring.office, wiring.drafts, wiring.draft_counter, wiring.on_sale, wiring.currency)
hang_customers(routes, wiring.customer_list, wiring.customer_file, wiring.once)
hang_merge(routes, wiring.merging, wiring.merge_preview, wiring.duplicates)
hang_carts(routes, wiring.office, wiring.cart_edits, wiring.drafts, wiring.settings)
hang_sales(routes, wiring.office, wiring.settings)
hang_edits(routes, wiring.office, wiring.edits)
hang_addresses(routes, wiring.office)
hang_prices(routes, wiring.prices, wiring.settings)
hang_payouts(routes, wiring.payout_views)
hang_reconciliation(routes, wiring.asking, wiring.reconciliation)
hang_disputes(routes, wiring.dispute_list)
hang_periods(routes, wiring.locking)
hang_days(routes, wiring.days)
hang_books(routes, wiring.money_ledger)
hang_credit(routes, wiring.till, wiring.currency)
hang_settings(routes, wiring.settings, wiring.setting_versions)
hang_discounts(routes, wiring.codes, wiring.settings, wiring.once)
hang_exports(routes, wiring.exporting, wiring.keys_seen, lambda: wiring.probing())
hang_stock(routes, wiring.stock_book, wiring.settings, wiring.arrivals, wiring.order_list, wiring.carts)
hang_products(routes, wiring.product_list)
hang_statements(routes, wiring.statements, wiring.keys_seen)
hang_switches(routes, wiring.pausing)
hang_dead_letters(routes, wiring.dead_letters)
hang_executions(routes, wiring.operating)
hang_deeds(routes, wiring.deeds)
hang_effects(routes, wiring.office, wiring.unsettled, wiring.outbox)
hang_webhooks(routes, lambda: wiring.inbox().store, wiring.send_again)
hang_people(routes, lambda: wiring.team())
lambda_handler = routes.guarded(handler)
