"""The fields of an export destination."""

from comanda.conversation.speech import N_
from comanda.screens.settings.chosen import Choice, Tick
from comanda.screens.settings.kinds import Field
from comanda.screens.settings.plain import Number, Text

FIELDS = (
    Field("host", N_("Server"), Text(), N_("Its name or address, such as sftp.example.com."), required=True),
    Field("port", N_("Port"), Number(), N_("22 unless its owner says otherwise.")),
    Field("username", N_("User"), Text(), required=True),
    Field("directory", N_("Folder"), Text(), N_("Where files go; a point is the folder one arrives in.")),
    Field(
        "profile",
        N_("A row in the file is"),
        Choice((("lines", N_("a line of an order")), ("orders", N_("an order")))),
    ),
    Field(
        "format",
        N_("Written for"),
        Choice((("machine", N_("another system")), ("spreadsheet", N_("a spreadsheet")))),
    ),
    Field(
        "delimiter",
        N_("Between values"),
        Choice(((",", N_("comma")), (";", N_("semicolon")), ("\t", N_("tab")))),
    ),
    Field("scheduled", N_("New orders are sent by themselves"), Tick(), N_("Every few minutes.")),
    Field("skip_empty", N_("No file when there is nothing new"), Tick()),
    Field("enabled", N_("In use"), Tick()),
    Field("kind", N_("Kind"), Choice((("sftp", "SFTP"),))),
    Field("host_key", N_("Confirmed key of the server"), Text()),
)
KEPT = ("kind", "host_key")  # not typed: the one has one value, the other comes from the test
BLANK = {
    "enabled": True,
    "kind": "sftp",
    "host": "",
    "port": 22,
    "username": "",
    "directory": ".",
    "host_key": "",
    "profile": "lines",
    "format": "machine",
    "delimiter": ",",
    "scheduled": True,
    "skip_empty": True,
}
