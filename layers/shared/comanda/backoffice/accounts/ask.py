"""Ask a payment provider at once what happened there, instead of at the next round."""

import json
from collections.abc import Callable
from typing import Any

from comanda.errors import Busy, NotFound


class AskNow:
    """Starts the function that reconciles, which needs the providers' keys and this one does not.

    `client` answers the Lambda client, `codes` the providers there are.
    """

    def __init__(self, client: Callable[[], Any], function: str, codes: Callable[[], list[str]]) -> None:
        self.client = client
        self.function = function
        self.codes = codes

    def ask(self, code: str) -> None:
        """Begin; what is found is in the orders' histories and among the payouts. Raises NotFound, Busy."""
        from botocore.exceptions import BotoCoreError, ClientError

        if code not in self.codes():
            raise NotFound("there is no such payment provider")
        payload = json.dumps({"ask": code}).encode()
        try:
            self.client().invoke(FunctionName=self.function, InvocationType="Event", Payload=payload)
        except (BotoCoreError, ClientError) as error:
            raise Busy("the provider could not be asked just now") from error
