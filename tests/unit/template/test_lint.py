"""The transformed template is clean, and a circular one is found."""

from pathlib import Path

import pytest

from local.tools.lint_template import findings, main
from tests.unit.template.described import ROOT, SOURCE

AGREED = 'CallbackURLs: [!Sub "${PublicUrl}/back-office/callback"]'
CIRCULAR = 'CallbackURLs: [!Sub "https://${HttpApi}.execute-api.us-east-1.amazonaws.com/callback"]'


@pytest.fixture
def circular(tmp_path: Path) -> Path:
    """The API needs the client for its authorizer, the client the API for its callback."""
    text = SOURCE.read_text()
    assert text.count(AGREED) == 1
    (tmp_path / "statemachines").symlink_to(ROOT / "statemachines")
    path = tmp_path / "template.yaml"
    path.write_text(text.replace(AGREED, CIRCULAR))
    return path


def test_the_template_is_clean_after_the_transform() -> None:
    assert findings(SOURCE) == []


def test_a_circular_reference_is_found(
    circular: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["lint_template", str(circular)])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 1
    assert [line.partition(":")[0] for line in capsys.readouterr().out.splitlines()] == [
        "E3004 Resources/BackOfficeClient",
        "E3004 Resources/HttpApi",
    ]
