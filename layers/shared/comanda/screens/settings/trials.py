"""The test of a destination's connection: what it has shown, in plain words, and confirming the key."""

from datetime import timedelta

from comanda.conversation.speech import N_
from comanda.errors import NotFound
from comanda.exports.probing import LOST_SECONDS, Finding
from comanda.screens.house.answers import Answer, Goto, Screen
from comanda.screens.house.asked import Asked
from comanda.screens.settings.desk import SettingsDesk
from comanda.screens.settings.destinations import fingerprint, place
from comanda.screens.settings.form import number
from comanda.times import moment

# By the problems of docs/exports.md: what is wrong, and what to do.
WORDS = {
    "destination-no-such-host": (
        N_("There is no server of this name"),
        N_("Look for a slip in “Server”, or ask its owner for the name."),
    ),
    "destination-refused": (
        N_("The server is there and takes no connection"),
        N_("Look at “Port”, and ask its owner whether SFTP runs there and lets us through."),
    ),
    "destination-unreachable": (
        N_("The server does not answer as an SFTP server"),
        N_("It may be down, behind a firewall that does not let us through, or something else than SFTP."),
    ),
    "destination-cut": (
        N_("The connection broke off"),
        N_("Try again; if it stays, ask the server's owner."),
    ),
    "destination-host-key-missing": (
        N_("The server's key is not confirmed yet"),
        N_("Compare the fingerprint below with the one its owner tells you, on another way than by mail."),
    ),
    "destination-host-key-changed": (
        N_("The server shows another key than the confirmed one"),
        N_(
            "Nothing was sent. It may be a new server, or somebody in between: "
            "ask its owner before you confirm."
        ),
    ),
    "destination-host-key-invalid": (
        N_("The confirmed key is not a key"),
        N_("Confirm the one that the server shows."),
    ),
    "destination-login-refused": (
        N_("User or key are not accepted"),
        N_(
            "Look at “User”, and ask the server's owner whether your public key or password is entered there."
        ),
    ),
    "destination-key-invalid": (
        N_("The private key in the secret store cannot be used"),
        N_("It has to be Ed25519, ECDSA or RSA, whole, and with its passphrase if it has one."),
    ),
    "destination-no-credentials": (
        N_("The secret store has no key or password for this destination"),
        N_("The page of the destination says how to put one there."),
    ),
    "destination-incompatible": (
        N_("The server speaks only ciphers that are not safe any more"),
        N_("Its owner has to bring it up to date."),
    ),
    "destination-no-directory": (
        N_("The folder is not there"),
        N_("Look at “Folder”, or have it made on the server."),
    ),
    "destination-not-writable": (
        N_("We may not write into the folder"),
        N_("The server's owner has to let this user write there."),
    ),
    "destination-write-failed": (
        N_("The server took the file no further"),
        N_("Its disk or quota may be full."),
    ),
    "destination-size-differs": (
        N_("The server lost a part of the file"),
        N_("Its disk or quota may be full."),
    ),
    "destination-test-left": (
        N_("Files arrive, but the server does not let us delete"),
        N_("Orders can be sent. The small file of this test has to be deleted by the server's owner."),
    ),
    "destination-unknown": (N_("The destination was removed meanwhile"), ""),
}
OTHERWISE = (N_("It did not work"), "")
WORKS = (N_("It works: orders can be sent there"), N_("A small file was left, renamed and deleted again."))


def show(asked: Asked, desk: SettingsDesk, code: str, test_id: str) -> Screen:
    """How far the test is, and what it has shown. Raises NotFound."""
    trial = desk.probing().find(test_id)
    to = desk.settings().section("exports")[0].destinations.get(code)
    if trial.destination != code or to is None:
        raise NotFound("there is no such test of this destination")
    found, version = trial.finding, desk.body("exports")[1]
    lost = asked.now > moment(trial.asked_at) + timedelta(seconds=LOST_SECONDS)
    return Screen(
        "settings/trial.html.j2",
        {
            "code": code,
            "here": f"{place(code)}/test/{test_id}",
            "back": place(code),
            "trial": trial,
            "words": _words(found),
            "waits": found is None and not lost,
            "lost": found is None and lost,
            "seen": version,
            "shown": fingerprint(found.host_key) if found else "",
            "confirmed": fingerprint(to.host_key),
            "confirmable": bool(found and found.host_key and found.host_key != to.host_key),
        },
    )


def _words(found: Finding | None) -> tuple[str, str]:
    if found is None:
        return ("", "")
    return WORKS if found.ok else WORDS.get(found.problem, OTHERWISE)


def confirm(asked: Asked, desk: SettingsDesk, code: str, test_id: str) -> Answer:
    """Keep the key that the test has shown, and test again with it. Raises NotFound, WrongState, Stale."""
    line = desk.probing().to_confirm(test_id, code)
    changes = {"destinations": {code: {"host_key": line}}}
    desk.change("exports", changes, number(asked.form, "seen"), asked.origin)
    again = desk.probing().ask(code, asked.origin.actor)
    return Goto(f"{place(code)}/test/{again.test_id}", asked.tongue.say("The key is confirmed."))
