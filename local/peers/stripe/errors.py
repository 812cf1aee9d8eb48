"""The errors of Stripe's API and the JSON they are told in."""

from local.peers.database import Json
from local.peers.outside import ProviderError


class ApiError(ProviderError):
    """An answer other than 200. `executed`: work had begun, so an idempotency key remembers it.
    `keeps_effects`: what was written stays (a declined attempt is recorded); else all is undone."""

    def __init__(
        self, status: int, message: str, *, code: str | None = None, param: str | None = None,
        kind: str = "invalid_request_error", executed: bool = False, keeps_effects: bool = False,
        **more: object,
    ) -> None:  # fmt: skip
        super().__init__(message)
        self.status = status
        self.executed = executed or keeps_effects
        self.keeps_effects = keeps_effects
        told = {"type": kind, "code": code, "message": message, "param": param, **more}
        self.error: Json = {name: value for name, value in told.items() if value is not None}
        if code:
            self.error["doc_url"] = f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"

    def body(self) -> Json:
        return {"error": self.error}


def invalid(message: str, param: str | None = None, code: str | None = None) -> ApiError:
    return ApiError(400, message, param=param, code=code)


def missing(param: str) -> ApiError:
    return invalid(f"Missing required param: {param}.", param, "parameter_missing")


def no_such(kind: str, key: str, param: str) -> ApiError:
    return ApiError(404, f"No such {kind}: '{key}'", code="resource_missing", param=param)


def unexpected_state(intent: Json, verb: str, allowed: tuple[str, ...]) -> ApiError:
    message = f"This PaymentIntent is {intent['status']}; it can be {verb} only in: {', '.join(allowed)}."
    return ApiError(
        400, message, code="payment_intent_unexpected_state", payment_intent=intent, executed=True
    )
