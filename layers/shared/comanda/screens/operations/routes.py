"""Operations: every room, behind its permission."""

from comanda.conversation.speech import N_
from comanda.screens.house.routing import House
from comanda.screens.operations.desk import OperationsDesk
from comanda.screens.operations.effects import hang_effects
from comanda.screens.operations.executions import hang_executions
from comanda.screens.operations.letters import hang_letters
from comanda.screens.operations.switches import PAGE, hang_switches


def hang_operations(house: House, desk: OperationsDesk) -> None:
    house.menu(90, N_("Operations"), PAGE, "operations.read", key="p")
    hang_executions(house, desk)
    hang_effects(house, desk)
    hang_letters(house, desk)
    hang_switches(house, desk)
