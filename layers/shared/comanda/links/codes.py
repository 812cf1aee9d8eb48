"""Short codes that people show at a counter, made of a token that is stored nowhere."""

from comanda.ids import derived_token, same_token, token_hash
from comanda.links.keys import Keys
from comanda.links.store import Link, LinkStore

PURPOSE = "pickup"
NEVER = "9999-12-31T23:59:59.999Z"  # a code is told apart for good, also after the goods are gone
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O and U, which are misread or misheard
LENGTH = 8  # 40 bits: with a few tries a minute nobody guesses one
MEANT = str.maketrans({"I": "1", "L": "1", "O": "0"})


def code_of(keys: Keys, order_id: str, serial: str, mark: str) -> str:
    """The code behind a mark, as it is read out: `K7QX-3MPD`; empty when its key is gone."""
    token = keys.link_with_hash(PURPOSE, order_id, serial, mark)
    code = _short(token) if token else ""
    return f"{code[:4]}-{code[4:]}" if code else ""


def tidy(typed: str) -> str:
    """A code as it is compared: people type it in any case, with spaces, and I for 1."""
    return "".join(filter(str.isalnum, typed.upper())).translate(MEANT)


def same_code(typed: str, code: str) -> bool:
    """Constant-time; nothing is the same as no code."""
    return bool(code) and same_token(tidy(typed), tidy(code))


def minted(keys: Keys, order_id: str, serial: str) -> tuple[str, Link]:
    """The mark of a new code, and the entry by which the code finds its order."""
    token = keys.link(PURPOSE, order_id, serial)
    entry = _entry(keys.current, _short(token))
    return token_hash(token), Link(token_hash(entry), PURPOSE, order_id, serial, NEVER)


def order_of(typed: str, keys: Keys, store: LinkStore) -> str:
    """The order that a code is of; empty for one that nobody was given."""
    code = tidy(typed)
    if len(code) != LENGTH:
        return ""
    for key in keys.active:
        link = store.known(_entry(key, code), PURPOSE)
        if link:
            return link.order_id
    return ""


def _short(token: str) -> str:
    number = int(token_hash(f"{PURPOSE}|{token}")[:16], 16)
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(LENGTH))


def _entry(key: str, code: str) -> str:
    """What stands for a code where codes are looked up: only a holder of the key can make it, so the few
    bits of a code are not found by trying all of them against what is stored."""
    return derived_token(key, "code", PURPOSE, code)
