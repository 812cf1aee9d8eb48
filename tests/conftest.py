"""What every test run does: sockets where they belong, skips that count in CI, a record of results."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

ROOT = Path(__file__).parent.parent
RECORD = ROOT / ".local" / "test-results.json"
WITH_SOCKETS = ("e2e", "web", "peers", "conformance", "engine")
TOGETHER = {"conformance": "system", "e2e": "system", "web": "system", "engine": "engine", "peers": "peers"}

# How fast a rule is says nothing about whether it holds, least of all on a busy machine.
hypothesis.settings.register_profile("patient", hypothesis.settings.default, deadline=None)
hypothesis.settings.load_profile("patient")

_results: dict[str, dict[str, Any]] = {}


def level_of(path: Path) -> str:
    """unit, functional, engine, peers, conformance, e2e or web: the folder below tests/."""
    return path.relative_to(ROOT / "tests").parts[0]


class TogetherOrByFile(LoadScopeScheduling):
    """With several processes a file stays in one, and all that shares the running system, in its order."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return TOGETHER.get(file.split("/")[1], file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> TogetherOrByFile:
    return TogetherOrByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow levels come last, so that a broken rule is seen first; sockets are open where peers are real."""
    order = {"unit": 0, "functional": 1, "engine": 2, "peers": 3, "conformance": 4, "e2e": 5, "web": 6}
    items.sort(key=lambda item: order.get(level_of(item.path), 9))
    for item in items:
        level = level_of(item.path)
        if level in WITH_SOCKETS:
            item.add_marker(pytest.mark.enable_socket)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Each report says what its test proves, wherever it ran."""
    outcome: Any = yield
    report = outcome.get_result()
    report.level = level_of(item.path)
    report.capabilities = [i for mark in item.iter_markers("capability") for i in mark.args]


def pytest_runtest_logreport(report: Any) -> None:
    told = {"level": report.level, "capabilities": report.capabilities, "outcome": "not run"}
    known = _results.setdefault(report.nodeid, told)
    if report.when == "call" or report.outcome != "passed":
        known["outcome"] = "xfailed" if hasattr(report, "wasxfail") else report.outcome


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped test is a failure: something that should have been installed was not."""
    if session.config.option.collectonly or hasattr(session.config, "workerinput"):
        return
    whole = not session.config.option.keyword and not session.config.option.markexpr
    if whole and not session.shouldstop and session.config.args in ([], ["tests"], [str(ROOT / "tests")]):
        RECORD.parent.mkdir(exist_ok=True)
        RECORD.write_text(json.dumps(_results, indent=1))
    skipped = [name for name, result in _results.items() if result["outcome"] == "skipped"]
    if skipped and os.environ.get("CI"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    skipped = [name for name, result in _results.items() if result["outcome"] == "skipped"]
    if skipped and os.environ.get("CI"):
        terminalreporter.section("skipped in CI, which counts as failed")
        for name in skipped:
            terminalreporter.write_line(name)
