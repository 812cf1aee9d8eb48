"""Files of labels as a carrier hands them out: one page as PDF, lines of ZPL, a small picture."""

import struct
import zlib

from local.peers.database import Json

FONT = b"<< /Font << /F1 5 0 R >> >>"


def label_file(shipment: Json, form: str) -> tuple[bytes, str]:
    """The bytes and their content type."""
    to = shipment["to_address"]
    lines = [shipment["selected_rate"]["carrier"] if shipment["selected_rate"] else "", to.get("name", "")]
    lines += [to.get("street1", ""), f"{to.get('zip', '')} {to.get('city', '')}"]
    lines += [shipment["tracking_code"] or "", str(shipment["options"].get("print_custom_1") or "")]
    if form == "zpl":
        fields = "".join(f"^FO50,{50 + 60 * row}^A0N,40^FD{text}^FS" for row, text in enumerate(lines))
        return f"^XA^CI28{fields}^XZ".encode(), "application/zpl"
    if form == "png":
        return _png(), "image/png"
    return _pdf(lines), "application/pdf"


def _pdf(lines: list[str]) -> bytes:
    """One page of 4 by 6 inches."""
    shown = (line.encode("latin-1", "replace").decode("latin-1") for line in lines)
    escaped = [line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") for line in shown]
    text = "BT /F1 14 Tf 20 390 Td 20 TL " + " ".join(f"({line}) Tj T*" for line in escaped) + " ET"
    stream = text.encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 288 432] /Contents 4 0 R /Resources %s >>" % FONT,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(made))
    return made + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table) + end


def _png() -> bytes:
    """One white pixel: nobody reads more of it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\x00\xff")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts
