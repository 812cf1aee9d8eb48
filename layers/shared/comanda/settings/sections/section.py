"""What every section is made from: its base and the kinds of value. Seconds; minor units."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Seconds = Annotated[int, Field(ge=1, le=400 * 86_400)]
Minor = Annotated[int, Field(ge=0, le=10**12)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
PostalCode = Annotated[
    str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z0-9-]{1,12}$")
]
Address = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)
]
Locale = Literal["es", "en"]


class Section(BaseModel):
    """A section is replaced as a whole and refuses what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Section):
    """A text in both languages; a missing one is filled by the other."""

    es: Text = ""
    en: Text = ""

    def of(self, locale: str) -> str:
        return (self.en or self.es) if locale == "en" else (self.es or self.en)
