"""What the screens of operations work with."""

from collections.abc import Callable
from dataclasses import dataclass

from comanda.backoffice.office import Office
from comanda.backoffice.operations.dead_letters import DeadLetters
from comanda.backoffice.operations.deeds import Deeds
from comanda.backoffice.operations.executions import Operating
from comanda.backoffice.operations.incidents import Incidents
from comanda.backoffice.operations.pausing import Pausing
from comanda.backoffice.operations.unresolved import Unsettled
from comanda.conversation.own_bounces import OwnBounces
from comanda.orders.outbox import Outbox
from comanda.screens.house.people import Names


@dataclass(frozen=True, slots=True)
class OperationsDesk:
    """Each is made when it is first asked for."""

    pausing: Callable[[], Pausing]
    dead_letters: Callable[[], DeadLetters]
    operating: Callable[[], Operating]
    unsettled: Callable[[], Unsettled]
    outbox: Callable[[], Outbox]
    office: Callable[[], Office]
    incidents: Callable[[], Incidents]
    bounces: Callable[[], OwnBounces]
    deeds: Callable[[], Deeds]
    staff_names: Names
