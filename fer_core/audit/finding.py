"""What a check found."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Finding:
    """One check's answer.

    Attributes:
        check: its name.
        ok: whether nothing is wrong.
        summary: one sentence with the figures that matter.
        figures: all of them, by name; JSON values.
    """

    check: str
    ok: bool
    summary: str
    figures: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Give what ``fer-studio check --json`` prints of it."""
        return {"check": self.check, "ok": self.ok, "summary": self.summary, "figures": self.figures}


def percent(share: float, digits: int = 1) -> str:
    """Spell a share of 0..1 as all pages do."""
    return f"{100 * share:.{digits}f} %"
