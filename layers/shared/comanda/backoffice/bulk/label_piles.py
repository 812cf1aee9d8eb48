"""Print jobs of shipping labels: those of each order in one file, as a PDF or for a label printer."""

from comanda.backoffice.bulk.files import KINDS, file_key
from comanda.backoffice.bulk.piles import NONE_OFF, NotNow, Off, Parts, Told
from comanda.documents.kinds import Kind, hindrance
from comanda.errors import Busy, WrongState
from comanda.exports.contents import Writer
from comanda.fulfilment.carriers.port import Format
from comanda.fulfilment.labels.files import label_key
from comanda.fulfilment.labels.printable import printable
from comanda.orders.model import ShippingLabel

LABELS = "labels"
FORMS: dict[str, tuple[Format, ...]] = {"pdf": ("pdf", "png"), "zpl": ("zpl",)}


class Found:
    """Which labels of an order are printed, and where their files lie. A carrier that did not answer once is
    not asked again for this job: there may be hundreds of labels of it."""

    def __init__(self, file: Parts, form: str) -> None:
        self._file = file
        self._form = form
        self._silent: dict[str, Busy] = {}

    def of(self, order_id: str) -> list[tuple[ShippingLabel, Format]]:
        """All labels of the order, or none of them. Raises NotFound, WrongState, NotNow."""
        order = self._file.at.printing().loaded(order_id).order
        guard = hindrance(Kind.PACKING_SLIP, order)
        if guard is not None:
            raise WrongState(guard.name, guard.why)
        found = [(label, self._form_of(order_id, label)) for label in printable(order)]
        if any(form not in FORMS[self._form] for _, form in found):
            raise _other(self._form)
        return found

    def _form_of(self, order_id: str, label: ShippingLabel) -> Format:
        labels = self._file.at.labels()
        kept = labels.files().form(order_id, label.label_id)
        if kept:
            return kept
        if label.account in self._silent:
            raise _later(self._silent[label.account])
        try:
            return labels.form(order_id, label)
        except Busy as busy:
            self._silent[label.account] = busy
            raise _later(busy) from busy


class LabelPages:
    """Labels as one PDF, each as its carrier made it."""

    def __init__(self, file: Parts) -> None:
        self._file = file
        self._found = Found(file, "pdf")
        self._keys: dict[str, list[str]] = {}
        self._printed = 0

    def add(self, order_id: str) -> None:
        found = self._found.of(order_id)
        self._keys[order_id] = [label_key(order_id, label.label_id, form) for label, form in found]

    def part(self) -> Off:
        """An order with a file that is none is left out, with all its labels."""
        off: dict[str, WrongState] = {}
        while keys := [key for own in self._keys.values() for key in own]:
            unreadable = self._file.put_labels(keys)
            if not unreadable:
                self._printed += len(keys)
                break
            bad = {one for one, own in self._keys.items() if unreadable.intersection(own)}
            off |= {one: _unreadable() for one in bad}
            self._keys = {one: own for one, own in self._keys.items() if one not in bad}
        self._keys = {}
        return off

    def end(self) -> Told:
        return self._file.bound(LABELS, self._printed)


class LabelLines:
    """Labels in ZPL, one after the other: what a label printer takes as it is."""

    def __init__(self, file: Parts) -> None:
        self._file = file
        self._found = Found(file, "zpl")
        self._writer: Writer | None = None
        self._printed = 0

    def add(self, order_id: str) -> None:
        found = self._found.of(order_id)
        files = self._file.at.labels().files()
        texts = [files.read(order_id, label.label_id, form).content.strip() for label, form in found]
        if not all(b"^XA" in text and text.endswith(b"^XZ") for text in texts):
            raise _unreadable()
        for text in texts:
            self._out().write(text + b"\n")
        self._printed += len(texts)

    def part(self) -> Off:
        """It is written as it comes."""
        return NONE_OFF

    def end(self) -> Told:
        if self._writer is None:
            return {}
        self._writer.close()
        told = {"file_name": self._file.named(LABELS, "zpl"), "size": self._writer.size}
        return told | {"sha256": self._writer.sha256, "papers": self._printed}

    def _out(self) -> Writer:
        """What a worker that dies leaves unfinished, the bucket's lifecycle rule removes."""
        if self._writer is None:
            key = file_key(self._file.job.job_id, "zpl")
            self._writer = self._file.at.exporting().contents.writer(key, KINDS["zpl"])
        return self._writer


def _other(wanted: str) -> WrongState:
    if wanted == "zpl":
        return WrongState("other-label-format", "a label of this order is not in ZPL: print it as PDF")
    return WrongState(
        "other-label-format", "a label of this order is in ZPL: print it in ZPL, for a label printer"
    )


def _unreadable() -> WrongState:
    return WrongState("label-unreadable", "the file of a label cannot be read: see it on the order's page")


def _later(busy: Busy) -> NotNow:
    return NotNow(busy.detail)
