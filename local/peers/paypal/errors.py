"""The errors of PayPal's API and the JSON they are told in."""

from local.peers.database import Json
from local.peers.outside import ProviderError

DOCS = "https://developer.paypal.com/api/rest/reference/orders/v2/errors/"
NAMES = {
    400: "INVALID_REQUEST",
    401: "AUTHENTICATION_FAILURE",
    403: "NOT_AUTHORIZED",
    404: "RESOURCE_NOT_FOUND",
    422: "UNPROCESSABLE_ENTITY",
}
MESSAGES = {
    400: "Request is not well-formed, syntactically incorrect, or violates schema.",
    401: "Authentication failed due to missing authorization header, or invalid authentication credentials.",
    403: "Authorization failed due to insufficient permissions.",
    404: "The specified resource does not exist.",
    422: "The requested action could not be performed, is incorrect, or failed business validation.",
}


class ApiError(ProviderError):
    """An answer other than 2xx. All that the call wrote is undone, and its key is not remembered."""

    def __init__(self, status: int, issue: str, description: str, *links: Json) -> None:
        super().__init__(f"{issue}: {description}")
        self.status = status
        self.issue = issue
        self.description = description
        self.links = list(links)

    def body(self, debug_id: str) -> Json:
        about = {"href": f"{DOCS}#{self.issue}", "rel": "information_link", "method": "GET"}
        return {
            "name": NAMES.get(self.status, "INTERNAL_SERVER_ERROR"),
            "details": [{"issue": self.issue, "description": self.description}],
            "message": MESSAGES.get(self.status, "An internal server error has occurred."),
            "debug_id": debug_id,
            "links": [about, *self.links],
        }


def invalid(issue: str, description: str) -> ApiError:
    return ApiError(400, issue, description)


def refused(issue: str, description: str, *links: Json) -> ApiError:
    return ApiError(422, issue, description, *links)


def no_such(key: str) -> ApiError:
    told = "Specified resource ID does not exist. Please check the resource ID and try again."
    return ApiError(404, "INVALID_RESOURCE_ID", f"{told} ({key})")
