"""A carrier's account in memory that keeps the port's contract."""

from dataclasses import dataclass, field, replace

from comanda.fulfilment.carriers.port import (
    CannotTell,
    Format,
    Label,
    LabelFile,
    LabelRequest,
    Pickup,
    PickupRequest,
    Rate,
    RateRequest,
    Refused,
    Unavailable,
    Voiding,
)

PDF = b"%PDF-1.4 a label"


@dataclass
class FakeCarrier:
    """`steps` 2: sold in two steps as a broker does; 1: at once, and nobody can look by reference. `down`:
    take nothing in; `lost`: so many times do the work and lose the answer; `sold` has every charge."""

    code: str = "easypost"
    steps: int = 2
    down: bool = False
    lost: int = 0
    blind: int = 0  # so many times it does not show what it sold
    refusing: str = ""
    keeping: str = ""  # why a label is not taken back
    sold: list[LabelRequest] = field(default_factory=list)
    labels: dict[str, Label] = field(default_factory=dict)
    prepared: dict[str, str] = field(default_factory=dict)  # handle → ref of the label bought with it
    made: dict[str, LabelRequest] = field(default_factory=dict)
    voids: list[str] = field(default_factory=list)
    vans: list[PickupRequest] = field(default_factory=list)
    asked: list[RateRequest] = field(default_factory=list)
    files: int = 0

    def rates(self, wanted: RateRequest) -> tuple[Rate, ...]:
        self._reached()
        self.asked.append(wanted)
        more = wanted.box.weight_grams // 10
        return (
            Rate(self.code, "fedex", "GROUND", 10_000 + more, "MXN", "FedEx Ground", 4),
            Rate(self.code, "dhl", "EXPRESS", 25_000 + more, "MXN", "DHL Express", 1),
        )

    def prepare(self, wanted: LabelRequest) -> str:
        self._reached()
        if self.steps == 1:
            return ""
        handle = f"shp_{len(self.made) + 1}"
        self.made[handle] = wanted
        return handle

    def buy(self, wanted: LabelRequest, prepared: str) -> Label:
        self._reached()
        if self.refusing:
            raise Refused(self.refusing)
        if prepared in self.prepared:
            return self.labels[self.prepared[prepared]]
        asked = self.made[prepared] if prepared else wanted
        self.sold.append(asked)
        ref = prepared or f"lab_{len(self.sold)}"
        label = Label(ref, asked.carrier, asked.service, f"TRK{len(self.sold)}", 12_345, "MXN")
        self.labels[ref] = label
        if prepared:
            self.prepared[prepared] = ref
        self._answered()
        return label

    def find(self, reference: str, prepared: str) -> Label | None:
        self._reached()
        if self.steps == 1:
            raise CannotTell("this carrier does not tell what it sold")
        if self.blind:
            self.blind -= 1
            return None
        ref = self.prepared.get(prepared)
        return self.labels[ref] if ref else None

    def file(self, ref: str, tracking_number: str, wanted: Format) -> LabelFile:
        self._reached()
        self.files += 1
        return LabelFile(b"^XA^XZ" if wanted == "zpl" else PDF, "zpl" if wanted == "zpl" else "pdf")

    def void(self, ref: str, tracking_number: str) -> Voiding:
        self._reached()
        if self.keeping:
            raise Refused(self.keeping)
        self.voids.append(ref)
        self.labels[ref] = replace(self.labels[ref], void="voided")
        self._answered()
        return "voided"

    def request_pickup(self, wanted: PickupRequest) -> Pickup:
        self._reached()
        self.vans.append(wanted)
        self._answered()
        return Pickup(f"van_{len(self.vans)}", f"CONF{len(self.vans)}", 5_000, "MXN")

    def _reached(self) -> None:
        if self.down:
            raise Unavailable("the carrier does not answer")

    def _answered(self) -> None:
        if self.lost:
            self.lost -= 1
            raise CannotTell("no answer came")
