"""What a reader does and sees in any engine: found by role and name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.support.engines.tab import Tab, until

_FIND = (Path(__file__).parent / "find.js").read_text(encoding="utf-8")
_SEES = "words => document.body.innerText.replace(/\\s+/g, ' ').includes(words)"


class Reader:
    """Somebody at a tab; everything that is expected may come late."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab

    def look(self, role: str, name: str = "") -> dict[str, Any] | None:
        """Return what is known of the first such element that is shown, None where none is."""
        found: dict[str, Any] | None = self.tab.run(_FIND, role, name, False)
        return found

    def see(self, role: str, name: str = "", **facts: Any) -> dict[str, Any]:
        """Wait for such an element, of which these facts are true; return all facts."""

        def is_so() -> dict[str, Any] | None:
            found = self.look(role, name)
            return found if found and all(found[key] == facts[key] for key in facts) else None

        seen: dict[str, Any] = until(f"{role} {name!r} {facts or ''}", is_so)
        return seen

    def miss(self, role: str, name: str = "") -> None:
        """Wait until no such element is shown."""
        until(f"no {role} {name!r}", lambda: self.look(role, name) is None)

    def settle(self) -> None:
        """Wait until the application has taken over: only that suggests and says what it copied."""
        until("the application", lambda: self.tab.run("() => !document.getElementById('cs-first')"))

    def read(self, words: str) -> None:
        """Wait until the words are shown anywhere."""
        until(f"the words {words!r}", lambda: self.tab.run(_SEES, words))

    def click(self, role: str, name: str = "") -> None:
        """Click on such an element as soon as nothing covers it and it rests, fonts being there."""
        before: tuple[float, float] | None = None

        def reach() -> dict[str, Any] | None:
            nonlocal before
            found = self.tab.run(_FIND, role, name, True)
            now = (found["x"], found["y"]) if found and found["isFree"] else None
            rests, before = now is not None and now == before, now
            return found if rests else None

        at = until(f"{role} {name!r} to click on", reach)
        self.tab.click(at["x"], at["y"])

    def write(self, name: str, words: str) -> None:
        """Click into a box, again if the page moved meanwhile; empty it and type."""

        def is_in_it() -> bool:
            self.click("box", name)
            return bool((self.look("box", name) or {}).get("isFocused"))

        until(f"the focus in {name!r}", is_in_it)
        self.tab.run("() => document.activeElement.select()")
        self.tab.press(*words)
        self.see("box", name, value=words)

    @property
    def address(self) -> str:
        return str(self.tab.run("() => location.href"))
