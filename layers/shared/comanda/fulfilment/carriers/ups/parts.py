"""What we ask of UPS in its own words and lengths. Pure.

Lengths and required fields are those of UPS's Rating, Shipping and Pickup APIs (v2409).
"""

import textwrap
from decimal import ROUND_UP, Decimal
from typing import Any

from comanda.fulfilment.carriers.port import Box, Contact, LabelRequest, PickupRequest, RateRequest, Refused

type Json = dict[str, Any]

LINE, LINES, NAME, CITY, POSTAL, PHONE = 35, 3, 35, 30, 9, 15
BY_STATE_CODE = ("US", "CA")  # where the state has to be its code of two letters
OVERWEIGHT_GRAMS = 32_000
OWN_BOX = "02"
SHIPPER_PAYS = "01"
LABELS = {"pdf": "PNG", "png": "PNG", "zpl": "ZPL"}  # PDF is made from any label by recovering it
RECOVERED = {"pdf": "PDF", "png": "PDF", "zpl": "ZPL"}
MILLIMETRES_OF_INCH, GRAMS_OF_POUND = Decimal("25.4"), Decimal("453.59237")


def rate_request(wanted: RateRequest, account: str) -> Json:
    """All services between two places, with the days that they take."""
    package = _package(wanted.box, wanted.sender.country, "PackagingType")
    shipment: Json = {
        "Shipper": _party(wanted.sender) | {"ShipperNumber": account},
        "ShipTo": _party(wanted.recipient),
        "ShipFrom": _party(wanted.sender),
        "PaymentDetails": {"ShipmentCharge": [_paid_by(account)]},
        "ShipmentRatingOptions": {"NegotiatedRatesIndicator": "Y"},
        "DeliveryTimeInformation": {"PackageBillType": "03"},
        "ShipmentTotalWeight": package["PackageWeight"],
        "NumOfPieces": "1",
        "Package": [package],
    }
    if worth := _worth(wanted):
        shipment["InvoiceLineTotal"] = worth
    return {"RateRequest": {"Request": _request(wanted.reference), "Shipment": shipment}}


def ship_request(wanted: LabelRequest, account: str) -> Json:
    """One parcel with its label. Raises Refused for what UPS would not take, and across borders, where it
    wants customs forms that are not made here."""
    if wanted.sender.country != wanted.recipient.country:
        raise Refused("labels of UPS across a border need its customs forms: buy them from a broker")
    sender = _party(wanted.sender, phone=True)
    package = _package(wanted.box, wanted.sender.country, "Packaging")
    package["ReferenceNumber"] = [{"Value": wanted.reference[:35]}]
    if wanted.printed:
        package["ReferenceNumber"].append({"Value": wanted.printed[:35]})
    shipment = {
        "Description": (wanted.printed or wanted.reference)[:50],
        "Shipper": sender | {"ShipperNumber": account},
        "ShipTo": _party(wanted.recipient, phone=True),
        "ShipFrom": sender,
        "PaymentInformation": {"ShipmentCharge": [_paid_by(account)]},
        "ShipmentRatingOptions": {"NegotiatedRatesIndicator": "Y"},
        "Service": {"Code": wanted.service},
        "Package": [package],
    }
    return {
        "ShipmentRequest": {
            "Request": _request(wanted.reference) | {"RequestOption": "nonvalidate"},
            "Shipment": shipment,
            "LabelSpecification": _label(LABELS[wanted.format]),
        }
    }


def recovery_request(wanted: str, account: str, *, tracking_number: str = "", reference: str = "") -> Json:
    """A label that was made before, by its tracking number or by our reference."""
    asked: Json = {"Request": {"RequestOption": "Non_Validate"}, "LabelSpecification": _label(wanted)}
    if tracking_number:
        asked["TrackingNumber"] = tracking_number
    else:
        by = {"ReferenceNumber": {"Value": reference[:35]}, "ShipperNumber": account}
        asked["ReferenceValues"] = by
    return {"LabelRecoveryRequest": asked}


def pickup_request(wanted: PickupRequest, account: str) -> Json:
    """A van to one place on one day; times are the place's own."""
    place = wanted.place
    heaviest = max((box.weight_grams for box in wanted.boxes), default=0)
    piece = {
        "ServiceCode": "003" if place.country == "US" else "011",
        "Quantity": str(len(wanted.boxes)),
        "DestinationCountryCode": place.country,
        "ContainerCode": "01",
    }
    asked: Json = {
        "Request": _request(wanted.reference),
        "RatePickupIndicator": "N",
        "Shipper": {"Account": {"AccountNumber": account, "AccountCountryCode": place.country}},
        "PickupDateInfo": {
            "CloseTime": wanted.ready_until.replace(":", ""),
            "ReadyTime": wanted.ready_from.replace(":", ""),
            "PickupDate": wanted.day.replace("-", ""),
        },
        "PickupAddress": _pickup_address(place),
        "AlternateAddressIndicator": "Y",
        "PickupPiece": [piece],
        "TotalWeight": _total(wanted.boxes, place.country),
        "OverweightIndicator": "Y" if heaviest > OVERWEIGHT_GRAMS else "N",
        "PaymentMethod": SHIPPER_PAYS,
        "ReferenceNumber": wanted.reference[:35],
    }
    if wanted.note:
        asked["SpecialInstruction"] = wanted.note[:57]
    return {"PickupCreationRequest": asked}


def _pickup_address(place: Contact) -> Json:
    return {
        "CompanyName": (place.company or place.name)[:27],
        "ContactName": place.name[:22],
        "AddressLine": [" ".join(filter(None, (place.line1, place.line2)))[:73]],
        "City": place.city[:50],
        "StateProvince": place.state[:50] or place.city[:50],
        "PostalCode": place.postal_code[:8],
        "CountryCode": place.country,
        "ResidentialIndicator": "N",
        "Phone": {"Number": _digits(place.phone)[:25]},
    }


def _request(reference: str) -> Json:
    return {"TransactionReference": {"CustomerContext": reference or "rates"}}


def _label(code: str) -> Json:
    return {
        "LabelImageFormat": {"Code": code},
        "HTTPUserAgent": "Mozilla/4.5",
        "LabelStockSize": {"Height": "6", "Width": "4"},
    }


def _paid_by(account: str) -> Json:
    return {"Type": "01", "BillShipper": {"AccountNumber": account}}


def _party(who: Contact, *, phone: bool = False) -> Json:
    """Somebody with an address. Raises Refused for one that is longer than UPS takes: cut off, it would lead
    elsewhere."""
    party: Json = {"Name": (who.company or who.name)[:NAME], "Address": _address(who)}
    if phone:
        party["AttentionName"] = who.name[:NAME]
        if digits := _digits(who.phone)[:PHONE]:
            party["Phone"] = {"Number": digits}
    return party


def _address(who: Contact) -> Json:
    lines = [line for part in (who.line1, who.line2) for line in textwrap.wrap(part, LINE)]
    if len(lines) > LINES or len(who.city) > CITY or len(who.postal_code) > POSTAL:
        raise Refused(f"the address is longer than UPS takes: {LINES} lines of {LINE}, a city of {CITY}")
    if who.country in BY_STATE_CODE and len(who.state) != 2:
        raise Refused(f"UPS takes the state of an address in {who.country} as its code of two letters")
    address: Json = {"AddressLine": lines, "City": who.city, "CountryCode": who.country}
    if who.postal_code:
        address["PostalCode"] = who.postal_code
    if 0 < len(who.state) <= 5:
        address["StateProvinceCode"] = who.state
    return address


def _package(box: Box, country: str, packaging: str) -> Json:
    """UPS takes pounds and inches from the United States, kilograms and centimetres from elsewhere."""
    package: Json = {packaging: {"Code": OWN_BOX}, "PackageWeight": _weight(box.weight_grams, country)}
    sizes = (box.length_mm, box.width_mm, box.height_mm)
    if all(sizes):
        unit = MILLIMETRES_OF_INCH if country == "US" else Decimal(10)
        length, width, height = (str(_up(size / unit, "1")) for size in map(Decimal, sizes))
        code = {"Code": "IN" if country == "US" else "CM"}
        package["Dimensions"] = {
            "UnitOfMeasurement": code,
            "Length": length,
            "Width": width,
            "Height": height,
        }
    return package


def _weight(grams: int, country: str) -> Json:
    unit = GRAMS_OF_POUND if country == "US" else Decimal(1000)
    weight = max(_up(Decimal(grams) / unit, "0.1"), Decimal("0.1"))
    return {"UnitOfMeasurement": {"Code": "LBS" if country == "US" else "KGS"}, "Weight": str(weight)}


def _total(boxes: tuple[Box, ...], country: str) -> Json:
    weight = _weight(sum(box.weight_grams for box in boxes), country)
    return {"Weight": weight["Weight"], "UnitOfMeasurement": weight["UnitOfMeasurement"]["Code"]}


def _up(value: Decimal, step: str) -> Decimal:
    return value.quantize(Decimal(step), ROUND_UP)


def _worth(wanted: RateRequest) -> Json:
    """Across a border UPS wants to know what the goods are worth."""
    if wanted.sender.country == wanted.recipient.country or not wanted.goods:
        return {}
    from comanda.money import decimal_text

    currency = wanted.goods[0].currency
    worth = sum(one.amount * one.quantity for one in wanted.goods if one.currency == currency)
    return {"CurrencyCode": currency, "MonetaryValue": decimal_text(worth, currency)}


def _digits(phone: str) -> str:
    return "".join(letter for letter in phone if letter.isdecimal())
