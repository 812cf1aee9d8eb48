"""Somebody signed in who looks at pages and says what is wrong: errors, refused content, jumps, what
is wider than the screen, and what axe finds serious."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from local.home import TOOLS
from tests.web.people import enter, visitor

AXE = TOOLS / "axe" / "axe.min.js"
WATCH = """(() => {
  window.shifted = 0;
  window.movers = [];
  window.refused = [];
  const named = (node) => (node?.outerHTML ?? node?.textContent ?? "what is gone").slice(0, 80);
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) {
      if (one.hadRecentInput) continue;
      window.shifted += one.value;
      for (const { node, previousRect: was, currentRect: is } of one.sources)
        window.movers.push(`${named(node)} from ${was.x},${was.y} to ${is.x},${is.y}`);
    }
  }).observe({ type: "layout-shift", buffered: true });
  addEventListener("securitypolicyviolation", (event) =>
    window.refused.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile ?? ""}`));
})()"""
WIDER = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
  .slice(0, 4)
  .map((one) => one.cloneNode(false).outerHTML.slice(0, 80))"""
SLIPS = r"""() => document.body.innerText
  .match(/Project-Id-Version|^None$|\bUndefined\b|%\(\w+\)s|\{\{/m)?.[0] ?? "" """
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
HUNT = """() => axe.run(document, { resultTypes: ["violations"] }).then((found) => found.violations
  .filter((one) => ["serious", "critical"].includes(one.impact))
  .map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(" | ")}`))"""
LEAST_SHIFT = 0.0005  # of a page that is not seen to move: a pixel of one word
NARROW, MEDIUM = {"width": 375, "height": 800}, {"width": 768, "height": 1024}
WIDE = {"width": 1440, "height": 900}


@dataclass
class Beholder:
    """One window. `base` is the address of the back office."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.add_init_script(WATCH)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error of a script: {error}"))

    def open(self, address: str) -> list[str]:
        """Go there; answers what is wrong once everything has come."""
        self.complaints.clear()
        answer = self.page.goto(self.base + address)
        if answer is None or answer.status != 200:
            return [f"answered {answer.status if answer else 'nothing'}"]
        return self.seen()

    def seen(self) -> list[str]:
        """What is wrong with the page so far, once it has been drawn."""
        self.page.evaluate(SETTLED)
        refused = [f"refused by the policy: {one}" for one in self.page.evaluate("window.refused")]
        shifted, movers = self.page.evaluate("[window.shifted, window.movers.slice(0, 4)]")
        slip = self.page.evaluate(SLIPS)
        return (
            self.complaints
            + refused
            + ([f"moved by {shifted:.3f} while loading: {movers}"] if shifted >= LEAST_SHIFT else [])
            + ([f"says {slip}, which is meant for nobody"] if slip else [])
        )

    def fits(self, size: dict[str, int]) -> list[str]:
        """What lies beside a screen of this size, which is put back afterwards."""
        before = self.page.viewport_size
        self.page.set_viewport_size(size)  # type: ignore[arg-type]
        over = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        who = self.page.evaluate(WIDER) if over > 0 else []
        if before:
            self.page.set_viewport_size(before)
        return [f"{over} px beside a screen of {size['width']}: {who}"] if over > 0 else []

    def barriers(self) -> list[str]:
        """What keeps somebody out who cannot see, or has no mouse: the serious and critical findings."""
        self.page.evaluate(AXE.read_text())
        return [f"axe {one}" for one in self.page.evaluate(HUNT)]

    def weight(self, address: str) -> int:
        """Bytes over the wire for this page with all that it brings, nothing kept from before."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        sizes: list[int] = []
        session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
        self.page.goto(self.base + address)
        self.page.wait_for_load_state("networkidle")
        session.send("Network.setCacheDisabled", {"cacheDisabled": False})
        session.detach()
        return sum(sizes)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"console: {message.text}")


@dataclass
class Beholders:
    """People at windows in one browser: each role signs in once, and speaks every language."""

    browser: Browser
    stack: dict[str, Any]
    _states: dict[str, Any] = field(default_factory=dict)
    _open: dict[tuple[str, ...], Beholder] = field(default_factory=dict)

    def at(self, role: str, language: str, size: dict[str, int] = WIDE, scheme: Any = "light") -> Beholder:
        """The window of this role in this language, size and colours."""
        key = (role, language, str(size["width"]), scheme)
        if key not in self._open:
            base = self.stack["back_office_url"]
            context = visitor(
                self.browser, viewport=size, color_scheme=scheme, storage_state=self._state(role)
            )
            context.add_cookies([{"name": "language", "value": language, "url": base}])
            self._open[key] = Beholder(context.new_page(), base)
        return self._open[key]

    def _state(self, role: str) -> Any:
        if role not in self._states:
            context = visitor(self.browser)
            page = context.new_page()
            enter(page, self.stack, role)
            expect(page.locator("nav.side")).to_be_visible()
            self._states[role] = context.storage_state()
            context.close()
        return self._states[role]


def keep(beholder: Beholder, folder: Path, name: str) -> None:
    """A picture of the whole page."""
    beholder.page.screenshot(path=folder / f"{name}.png", full_page=True)
