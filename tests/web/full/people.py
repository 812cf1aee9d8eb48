"""Names, companies and telephones as a shop in Mexico has them, drawn by chance."""

import random
import unicodedata
from dataclasses import dataclass
from typing import Any

# fmt: off
FIRST = (
    "Alejandra", "Andrés", "Ángel", "Beatriz", "Camila", "Carlos", "Carmen", "César", "Daniela",
    "Diego", "Eduardo", "Elena", "Emilio", "Ernesto", "Esteban", "Fernanda", "Gabriel", "Gloria",
    "Guadalupe", "Héctor", "Isabel", "Iván", "Javier", "Jimena", "Jorge", "José", "Juan", "Julia",
    "Karla", "Leticia", "Lucía", "Luis", "Manuel", "Marcela", "María", "Mariana", "Mario", "Miguel",
    "Mónica", "Natalia", "Óscar", "Pablo", "Patricia", "Raúl", "Renata", "Ricardo", "Roberto", "Rosa",
    "Santiago", "Sofía", "Teresa", "Valeria", "Víctor", "Ximena",
)
LAST = (
    "Aguilar", "Álvarez", "Barrera", "Cabrera", "Campos", "Cárdenas", "Castillo", "Cervantes", "Chávez",
    "Cruz", "Delgado", "Díaz", "Domínguez", "Escobedo", "Espinoza", "Estrada", "Fernández", "Flores",
    "Fuentes", "García", "Gómez", "González", "Guerrero", "Gutiérrez", "Hernández", "Herrera", "Ibarra",
    "Jiménez", "Juárez", "Lara", "León", "López", "Luna", "Martínez", "Mejía", "Mendoza", "Morales",
    "Muñoz", "Navarro", "Núñez", "Ochoa", "Ortega", "Ortiz", "Peña", "Pérez", "Ramírez", "Ramos",
    "Reyes", "Rivera", "Robles", "Rodríguez", "Rojas", "Romero", "Ruiz", "Salazar", "Sánchez", "Santos",
    "Soto", "Suárez", "Torres", "Valdez", "Vargas", "Vázquez", "Vega", "Villanueva", "Zamora", "Zúñiga",
)
COMPANIES = (
    "Abarrotes", "Cafetería", "Comercializadora", "Distribuidora", "Ferretería", "Papelería",
    "Restaurante",
)
PLACES = ("del Bajío", "del Sureste", "La Esperanza", "San Ángel", "El Portal", "Tres Ríos", "de Occidente")
# fmt: on
PREFIXES = ("55", "33", "81", "222", "442", "477", "999")


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who `number` is; the same number is always the same person."""

    number: int

    @property
    def contact(self) -> dict[str, Any]:
        chance = random.Random(self.number)
        first, last, second = chance.choice(FIRST), chance.choice(LAST), chance.choice(LAST)
        if chance.random() < 0.2:
            first = f"{first} {chance.choice(FIRST)}"
        prefix = chance.choice(PREFIXES)
        phone = f"+52{prefix}{chance.randrange(10 ** (10 - len(prefix))):0{10 - len(prefix)}d}"
        contact = {
            "name": f"{first} {last} {second}",
            "email": f"{_plain(first)}.{_plain(last)}{self.number}@example.com",
            "phone": phone,
        }
        if chance.random() < 0.15:
            contact["company"] = f"{chance.choice(COMPANIES)} {chance.choice(PLACES)}"
        return contact


def _plain(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name.split()[0]).encode("ascii", "ignore").decode()
    return bare.lower()
