"""How the demo tells its story on a terminal: one line per step with the time it took, details below."""

import os
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from local.demo.mailbox import first_line
from local.demo.outside import Missed

TITLE_WIDTH = 52
WIDTH = 110
GREEN, RED, BLUE, FAINT, BOLD, PLAIN = "32", "31", "36", "2", "1", "0"


class Narrator:
    """Prints as it goes; colours only where a person looks on."""

    def __init__(self) -> None:
        self._coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        self._below: list[str] = []

    def line(self, text: str = "") -> None:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    def heading(self, text: str) -> None:
        self.line(f"\n{self._in(BOLD, text)}")

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """A tick, the time and the details once it is done; a cross when it is not."""
        self._below = []
        begun = time.monotonic()
        try:
            yield
        except BaseException:
            self.line(f"  {self._in(RED, '✗')} {title}")
            self._flush()
            raise
        seconds = f"{time.monotonic() - begun:5.1f} s"
        self.line(f"  {self._in(GREEN, '✓')} {title:<{TITLE_WIDTH}} {self._in(FAINT, seconds)}")
        self._flush()

    def detail(self, text: str) -> None:
        """Something to read below the step that is being taken; what is longer than a line is folded."""
        self._below += textwrap.wrap(
            text,
            WIDTH,
            initial_indent=" " * 6,
            subsequent_indent=" " * 8,
            break_long_words=False,
            break_on_hyphens=False,
        )

    def mail(self, mail: dict[str, Any], page: str) -> None:
        """A mail that arrived: to whom, what it is about, and its first line."""
        self._below.append(f"      {self._in(BLUE, '✉')} {mail['subject']}")
        said = textwrap.shorten(first_line(mail), WIDTH - 10, placeholder=" …")
        self._below.append(f"        «{said}»")
        self._below.append(f"        {self._in(FAINT, f'to {", ".join(mail["to"])}, {page}')}")

    def missed(self, missed: Missed) -> None:
        self.line()
        for name, what in (("Expected", missed.expected), ("Seen", missed.seen), ("Look at", missed.where)):
            told = textwrap.fill(
                f"{what}", WIDTH, initial_indent=f"    {name:<9}", subsequent_indent=" " * 13
            )
            self.line(told)

    def _flush(self) -> None:
        for text in self._below:
            self.line(text)
        self._below = []

    def _in(self, colour: str, text: str) -> str:
        return f"\033[{colour}m{text}\033[{PLAIN}m" if self._coloured else text
