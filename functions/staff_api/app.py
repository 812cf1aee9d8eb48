"""ANY /admin/{proxy+} — the staff API, behind the user pool's access tokens and the roles' permissions."""

from comanda import wiring
from comanda.backoffice.routes import StaffRoutes
from comanda.backoffice.routes_commands import hang_commands
from comanda.backoffice.routes_orders import hang_orders
from comanda.environment import variable
from comanda.runtime.http import http_function

app, handler = http_function()
routes = StaffRoutes(app, lambda: variable("USER_POOL_CLIENT"), lambda: wiring.now())
hang_orders(routes, wiring.office)
hang_commands(routes, wiring.office)
lambda_handler = routes.guarded(handler)
