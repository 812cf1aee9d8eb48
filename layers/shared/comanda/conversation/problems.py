"""Problems as people read them on a page: what happened and what to do now."""

from comanda.conversation.speech import N_, Speech
from comanda.errors import Problem

TRY_LATER = N_("Nothing was changed. Try again in a moment.")
EXPLAINED: dict[str, tuple[str, str]] = {
    "link-used": (
        N_("This link has been used already."),
        N_("What it was for is done; there is nothing more to do here."),
    ),
    "link-expired": (
        N_("This link no longer works."),
        N_("It has expired or a newer one was sent. Ask for a new one on the page of your order."),
    ),
    "not-found": (
        N_("There is nothing at this address."),
        N_("Perhaps the link was cut off. Open it again from the message you got."),
    ),
    "rate-limited": (N_("That was too often in a short time."), TRY_LATER),
    "busy": (N_("We are too busy just now."), TRY_LATER),
    "in-progress": (N_("This is being done already."), TRY_LATER),
    "wrong-state": (
        N_("That is not possible any more."),
        N_("The order has changed in the meantime. Open its page again to see where it stands."),
    ),
    "out-of-stock": (
        N_("There is not enough in stock."),
        N_("The shop has fewer of an article than this takes. Write to the shop; nothing was changed."),
    ),
    "invalid": (
        N_("Something in the form is not right."),
        N_("Go back, check what you entered and send it again."),
    ),
    "forbidden": (N_("You may not do this."), N_("Ask the shop for help.")),
    "unauthenticated": (
        N_("Open this page by the link in your message."),
        N_("Without it we cannot tell that the order is yours."),
    ),
}
OTHERWISE = (
    N_("That did not work."),
    N_("Nothing was changed. Go back and try again, or write to the shop."),
)


def explain(problem: Problem, speech: Speech) -> tuple[str, tuple[str, ...]]:
    """A headline and what to do. The technical detail is for programs and stays out."""
    headline, advice = EXPLAINED.get(problem.type, OTHERWISE)
    return speech.say(headline), (speech.say(advice),)
