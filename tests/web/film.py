"""What a camera sees: a label with a bar code, as the uncompressed film that Chromium takes for a camera."""

from pathlib import Path

import barcode

WIDTH, HEIGHT, FRAMES = 640, 480, 3
MODULE, TOP, BOTTOM = 3, 140, 340  # pixels: width of the narrowest bar, where the bars begin and end
WHITE, BLACK, GREY = 235, 16, 128


def film_of(code: str, path: Path) -> Path:
    """A film of the code as Code 128, or as EAN-13 when it is one."""
    kind = barcode.EAN13 if len(code) == 13 and code.isdigit() else barcode.Code128
    (bars,) = kind(code).build()
    left = (WIDTH - len(bars) * MODULE) // 2
    assert left > 10 * MODULE, f"{code} is too long for the film"
    dark = [
        0 <= (x - left) // MODULE < len(bars) and bars[(x - left) // MODULE] in "1G" for x in range(WIDTH)
    ]
    line = bytes(BLACK if one else WHITE for one in dark)
    blank = bytes([WHITE]) * WIDTH
    rows = [line if TOP <= y < BOTTOM else blank for y in range(HEIGHT)]
    frame = b"FRAME\n" + b"".join(rows) + bytes([GREY]) * (WIDTH * HEIGHT // 2)
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * FRAMES)
    return path
