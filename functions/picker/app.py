"""ANY /picking… — the picker's phone: one's own waves, without prices and without anybody's data."""

from comanda import wiring
from comanda.runtime.http import http_function
from comanda.screens.picking.api import hang_api
from comanda.screens.picking.door import Door
from comanda.screens.picking.files import static, worker
from comanda.screens.picking.page import page

app, handler = http_function()
hang_api(app, wiring.picking, wiring.colleague_names)
door = Door(
    handler,
    wiring.entrance,
    lambda: wiring.settings().section("shop")[0],
    lambda: wiring.now(),
    page,
    static,
    worker,
)
lambda_handler = door.lambda_handler
