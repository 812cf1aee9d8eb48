"""Operations: every room, behind its permission."""

from comanda.conversation.speech import N_
from comanda.screens.house.routing import House
from comanda.screens.operations.audit import hang_audit
from comanda.screens.operations.desk import OperationsDesk
from comanda.screens.operations.effects import hang_effects
from comanda.screens.operations.executions import hang_executions
from comanda.screens.operations.incidents import COUNT, hang_incidents
from comanda.screens.operations.letters import hang_letters
from comanda.screens.operations.rooms import FRONT
from comanda.screens.operations.switches import hang_switches


def hang_operations(house: House, desk: OperationsDesk) -> None:
    house.menu(90, N_("Operations"), FRONT, "operations.read", key="p", count=COUNT)
    hang_incidents(house, desk)
    hang_executions(house, desk)
    hang_effects(house, desk)
    hang_letters(house, desk)
    hang_switches(house, desk)
    hang_audit(house, desk)
