"""What parcels are packed in, and when one counts as stuck."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from comanda.settings.sections.section import Code, Section

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Millimetres = Annotated[int, Field(ge=1, le=20_000)]


class Box(Section):
    """A box by its inner size, and what it weighs empty, padding included."""

    code: Code
    name: Name
    length_mm: Millimetres
    width_mm: Millimetres
    height_mm: Millimetres
    tare_grams: Annotated[int, Field(ge=0, le=100_000)] = 0


class Parcels(Section):
    """`stuck_after_days` without a scan a parcel that has not arrived is listed; None: none ever is."""

    boxes: Annotated[tuple[Box, ...], Field(max_length=100)] = ()
    stuck_after_days: Annotated[int, Field(ge=1, le=90)] | None = 5

    @model_validator(mode="after")
    def _told_apart(self) -> Self:
        codes = [box.code for box in self.boxes]
        if len(codes) != len(set(codes)):
            raise ValueError("each box has a short name of its own")
        return self
