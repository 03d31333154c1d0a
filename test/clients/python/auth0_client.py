"""What auth0-python does for an application and for an administrator, against the tenant of the environment."""

import json
import os

from auth0.authentication import GetToken, RevokeToken, Users
from auth0.authentication.exceptions import Auth0Error
from auth0.authentication.token_verifier import AsymmetricSignatureVerifier, TokenVerifier
from auth0.management import ManagementClient
from auth0.management.core.api_error import ApiError

DOMAIN = os.environ["AUTH0_DOMAIN"]
ISSUER = os.environ["ISSUER"]
APP = json.loads(os.environ["APP"])
EXPECTED = json.loads(os.environ["EXPECTED"])


def step(name):
    print(f"    {name}", flush=True)


def refused(call, *errors):
    try:
        call()
    except errors as error:
        return error
    raise AssertionError("The tenant took what it should have refused")


def authenticate():
    step("code for tokens")
    get_token = GetToken(DOMAIN, APP["id"], client_secret=APP["secret"])
    tokens = get_token.authorization_code(APP["code"], APP["callback"])

    step("ID token checked against the JWKS")
    verifier = TokenVerifier(
        signature_verifier=AsymmetricSignatureVerifier(f"{ISSUER}.well-known/jwks.json"),
        issuer=ISSUER,
        audience=APP["id"],
    )
    claims = verifier.verify(tokens["id_token"], nonce="a-nonce")
    assert claims[EXPECTED["claim"]] == EXPECTED["groups"], claims

    step("userinfo")
    assert Users(DOMAIN).userinfo(tokens["access_token"])["email"] == EXPECTED["email"]

    step("refresh, then revoke")
    fresh = get_token.refresh_token(tokens["refresh_token"])
    revoke = RevokeToken(DOMAIN, APP["id"], client_secret=APP["secret"])
    revoke.revoke_refresh_token(fresh["refresh_token"])
    error = refused(lambda: get_token.refresh_token(fresh["refresh_token"]), Auth0Error)
    assert error.error_code == "invalid_grant", error

    step("client credentials")
    assert get_token.client_credentials(EXPECTED["api"])["scope"] == "read:orders"
    return claims["sub"]


def manage(user_id):
    step("management: clients by page")
    auth0 = ManagementClient(
        domain=DOMAIN,
        client_id=os.environ["AUTH0_CLIENT_ID"],
        client_secret=os.environ["AUTH0_CLIENT_SECRET"],
    )
    made = [auth0.clients.create(name=f"client {index:02}", app_type="native") for index in range(53)]
    listed = list(auth0.clients.list(app_type="native"))
    assert {client.client_id for client in listed} == {client.client_id for client in made}
    assert len(list(auth0.clients.list(app_type="native", per_page=10))) == 53

    step("management: update, delete, 404")
    auth0.clients.update(made[0].client_id, name="renamed")
    assert auth0.clients.get(made[0].client_id).name == "renamed"
    auth0.clients.delete(made[0].client_id)
    assert refused(lambda: auth0.clients.get(made[0].client_id), ApiError).status_code == 404

    step("management: connections and grants by checkpoint")
    for index in range(5):
        auth0.connections.create(name=f"ad-{index}", strategy="waad", options={})
    assert len(list(auth0.connections.list(take=2, strategy=["waad"]))) == 6
    assert len(list(auth0.client_grants.list(take=1, client_id=APP["id"]))) == 1

    step("management: the employee, a role, the log")
    assert auth0.users.get(user_id).email == EXPECTED["email"]
    role = auth0.roles.create(name="Readers", description="May read orders")
    auth0.users.roles.assign(user_id, roles=[role.id])
    assert [item.name for item in auth0.users.roles.list(user_id)] == ["Readers"]
    assert any(entry.type == "s" for entry in auth0.logs.list())


manage(authenticate())
