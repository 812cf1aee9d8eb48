"""The words under which a customer is found: name, company, tax id, telephone, every address. Pure."""

from comanda.customers.model import Customer
from comanda.search.words import NO_WORDS, Words, contact_words, plain_text

GOOGLE = ("gmail.com", "googlemail.com")  # one mailbox, with dots before the @ or without
SHARDS = "0123"  # the list of all customers begins with one read of each


def customer_words(customer: Customer) -> Words:
    """What a customer is found by; nothing for one that was merged into another."""
    if customer.merged_into:
        return NO_WORDS
    marks = frozenset({all_mark(customer.customer_id)})
    return contact_words(customer.contact(), customer.emails, map(email_base, customer.emails), marks)


def customer_tokens(customer: Customer) -> frozenset[str]:
    return customer_words(customer).tokens


def all_mark(customer_id: str) -> str:
    """The token that stands for any customer, in one of a few partitions."""
    return f"={SHARDS[sum(customer_id.encode()) % len(SHARDS)]}"


ALL_MARKS = tuple(f"={shard}" for shard in SHARDS)


def email_base(email: str) -> str:
    """The address without what its owner may add at will: a `+word`, and at Google any dot."""
    local, _, domain = email.strip().casefold().rpartition("@")
    local = local.partition("+")[0]
    if domain in GOOGLE:
        local, domain = local.replace(".", ""), GOOGLE[0]
    return plain_text(f"{local}@{domain}")
