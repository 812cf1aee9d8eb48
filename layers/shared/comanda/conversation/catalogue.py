"""The translations: compiled catalogues where the build made them, else the sources themselves."""

from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

LOCALES = Path(__file__).parent / "locales"
LANGUAGES = ("es", "en")


def language(locale: str) -> str:
    """The language of ours that fits a locale such as `en-US`; Spanish when none does."""
    code = locale.replace("_", "-").split("-")[0].strip().lower()
    return code if code in LANGUAGES else "es"


def preferred(accept_language: str, otherwise: str) -> str:
    """The first language of ours in an Accept-Language header; browsers name the best one first."""
    wanted = [part.split(";")[0].strip().lower() for part in accept_language.split(",")]
    ours = [code.split("-")[0] for code in wanted if code.split("-")[0] in LANGUAGES]
    return ours[0] if ours else language(otherwise)


@cache
def translations(locale: str) -> GNUTranslations:
    """The catalogue of one of our languages."""
    folder = LOCALES / language(locale) / "LC_MESSAGES"
    compiled = folder / "comanda.mo"
    if compiled.exists():
        with compiled.open("rb") as file:
            return GNUTranslations(file)
    return _from_source(folder / "comanda.po")


def _from_source(path: Path) -> GNUTranslations:
    """What the build does, done in memory: a checkout has no compiled catalogues."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as source:
        catalogue = read_po(source)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
