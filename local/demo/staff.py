"""A member of staff at the HTTP API: signs in, reads orders, gives commands on the version they have seen."""

from typing import Any

import boto3

from local.demo.outside import Answer, Api, Missed, fresh_key

TRIES = 4


def aws(stack: dict[str, Any], service: str) -> Any:
    """A client of the embedded AWS, as an operator has one."""
    make: Any = boto3.client
    return make(
        service,
        endpoint_url=stack["aws_endpoint_url"],
        region_name=stack["region"],
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def sign_in(stack: dict[str, Any], role: str) -> str:
    """A bearer token from the user pool; the password flow is the one for scripts."""
    person = stack["users"][role]
    answer = aws(stack, "cognito-idp").initiate_auth(
        ClientId=stack["cognito"]["client_id"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": person["username"], "PASSWORD": person["password"]},
    )
    token: str = answer["AuthenticationResult"]["AccessToken"]
    return token


class Staff(Api):
    def order(self, order_id: str) -> dict[str, Any]:
        order: dict[str, Any] = self.get(f"/admin/orders/{order_id}")
        return order

    def command(self, order_id: str, command: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Give a command; read again and repeat when a colleague or a payment was faster."""
        key = fresh_key()
        for _ in range(TRIES):
            answer = self.attempt(order_id, command, body, key)
            if answer.status != 412:
                break
        if answer.status != 200:
            raise Missed(f"200 to {command!r}", answer.brief(), "log/ beside stack.json")
        result: dict[str, Any] = answer.body
        return result

    def attempt(
        self, order_id: str, command: str, body: dict[str, Any] | None, headers: dict[str, str]
    ) -> Answer:
        """One try with the version of this moment; any answer."""
        version = {"If-Match": f'"{self.order(order_id)["version"]}"'}
        return self.send("POST", f"/admin/orders/{order_id}/{command}", body or {}, headers=headers | version)
