"""The errors of Mercado Pago's API and the JSON they are told in."""

from local.peers.database import Json
from local.peers.outside import ProviderError

NAMES = {400: "bad_request", 401: "unauthorized", 404: "not_found", 405: "method_not_allowed"}


class ApiError(ProviderError):
    """An answer other than 2xx; all that the call wrote is undone."""

    def __init__(self, status: int, message: str, code: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code

    def body(self) -> Json:
        cause = [] if self.code is None else [{"code": self.code, "description": str(self)}]
        error = NAMES.get(self.status, "internal_error")
        return {"message": str(self), "error": error, "status": self.status, "cause": cause}


def no_such(kind: str, key: str) -> ApiError:
    return ApiError(404, f"{kind} {key} not found", 2000)


def invalid(message: str, code: int | None = None) -> ApiError:
    return ApiError(400, message, code)
