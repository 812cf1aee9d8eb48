"""The one error tree, and the problem type and status each error has for the outside.

Problem
├── Invalid              invalid                 422   errors: [{pointer, detail}]
│   ├── AmbiguousLine        ambiguous-line          422
│   ├── PrivacyNotAccepted   privacy-not-accepted    422
│   └── IdempotencyKeyReused idempotency-key-reused  422
├── Malformed            malformed               400
│   └── IdempotencyKeyMissing idempotency-key-missing 400
├── Unauthenticated      unauthenticated         401
│   └── BadSignature         bad-signature           401
├── Forbidden            forbidden               403
├── NotFound             not-found               404
├── Conflict
│   ├── OutOfStock           out-of-stock            409   lines: [{sku, requested, available}]
│   ├── PriceChanged         price-changed           409   totals
│   ├── CreditLimit          credit-limit            409   limit, owed, order (minor units)
│   ├── WrongState           wrong-state             409   guard
│   └── InProgress           in-progress             409
├── Gone
│   ├── LinkUsed             link-used               410
│   └── LinkExpired          link-expired            410
├── Stale                stale                   412
├── IfMatchMissing       if-match-missing        428
├── TooLarge             too-large               413
├── RateLimited          rate-limited            429   Retry-After
└── Busy                 busy                    503   Retry-After
"""

from typing import Any, ClassVar


class Problem(Exception):
    """Something the caller is told about. `detail` says what, where and why; `extra` goes beside it."""

    type: ClassVar[str] = "invalid"
    status: ClassVar[int] = 422
    title: ClassVar[str] = "The request could not be carried out"

    def __init__(self, detail: str, **extra: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra = extra


class Invalid(Problem):
    """The body was understood and is not acceptable; `errors` names each place."""

    title = "Something in the request is not valid"

    @classmethod
    def at(cls, pointer: str, detail: str) -> "Invalid":
        """One error at one JSON pointer."""
        return cls(detail, errors=[{"pointer": pointer, "detail": detail}])


class AmbiguousLine(Invalid):
    type = "ambiguous-line"
    title = "The SKU is on several lines; name the line"


class PrivacyNotAccepted(Invalid):
    type = "privacy-not-accepted"
    title = "The privacy policy has to be accepted"


class IdempotencyKeyReused(Invalid):
    type = "idempotency-key-reused"
    title = "This Idempotency-Key was used with another request"


class Malformed(Problem):
    type, status = "malformed", 400
    title = "The request could not be read"


class IdempotencyKeyMissing(Malformed):
    type = "idempotency-key-missing"
    title = "This call needs an Idempotency-Key"


class Unauthenticated(Problem):
    type, status = "unauthenticated", 401
    title = "Sign in first"


class BadSignature(Unauthenticated):
    type = "bad-signature"
    title = "The signature does not fit"


class Forbidden(Problem):
    type, status = "forbidden", 403
    title = "Your role does not allow this"


class NotFound(Problem):
    type, status = "not-found", 404
    title = "There is no such thing here"


class Conflict(Problem):
    type, status = "wrong-state", 409
    title = "The present state does not allow this"


class OutOfStock(Conflict):
    type = "out-of-stock"
    title = "Not enough in stock"


class PriceChanged(Conflict):
    type = "price-changed"
    title = "The total has changed"


class CreditLimit(Conflict):
    """An order on terms would go beyond what the customer may owe."""

    type = "credit-limit"
    title = "The credit limit is reached"


class WrongState(Conflict):
    """A guard refused; `guard` is its name in docs/guards.md."""

    def __init__(self, guard: str, detail: str, **extra: Any) -> None:
        super().__init__(detail, guard=guard, **extra)
        self.guard = guard


class InProgress(Conflict):
    type = "in-progress"
    title = "The same request is still being carried out"


class Gone(Problem):
    type, status = "link-used", 410
    title = "This link has been used"


class LinkUsed(Gone):
    """A single-use link was used before."""


class LinkExpired(Gone):
    type = "link-expired"
    title = "This link has expired"


class Stale(Problem):
    type, status = "stale", 412
    title = "Somebody changed this in the meantime"


class TooLarge(Problem):
    type, status = "too-large", 413
    title = "The request is too large"


class IfMatchMissing(Problem):
    type, status = "if-match-missing", 428
    title = "Send If-Match with the version you have seen"


class RetryLater(Problem):
    """Nothing happened; the same request may be sent again after `retry_after` seconds."""

    type, status = "busy", 503
    title = "Too busy just now"

    def __init__(self, detail: str, retry_after: int = 1) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class RateLimited(RetryLater):
    type, status = "rate-limited", 429
    title = "Too many requests"


class Busy(RetryLater):
    """Conflicts or throttling outlasted our patience."""


class ProviderUnavailable(Busy):
    """An outside provider did not answer, or answered with a passing fault."""

    title = "An outside service does not answer"
