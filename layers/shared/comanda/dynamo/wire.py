"""The kept connections to DynamoDB."""

import urllib3

NAMED = {"user-agent": "comanda", "accept-encoding": "identity"}


class Wire:
    """Connections to one address, kept open; a connection that the other side closed is opened anew."""

    def __init__(self, endpoint: str, certificates: str | None, most: int) -> None:
        self._pool = urllib3.connection_from_url(
            endpoint,
            maxsize=most,
            timeout=urllib3.Timeout(connect=2, read=8),
            retries=False,
            **(
                {"ca_certs": certificates, "cert_reqs": "CERT_REQUIRED"}
                if endpoint.startswith("https")
                else {}
            ),
        )

    def send(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """The status and the body of the answer. Raises urllib3's HTTPError when there is none."""
        answer = self._pool.urlopen("POST", "/", body=body, headers=headers | NAMED)
        return answer.status, answer.data
