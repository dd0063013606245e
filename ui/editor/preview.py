"""What a candidate generation would change, as HTML for staff."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from index.preview import wording
from index.preview.types import by_kind
from index.templating import environment
from ui.languages import text

if TYPE_CHECKING:
    from index.preview.types import Preview

# The whole of a large change would be megabytes; preview.html beside the index has everything.
MOST = 60
_TEMPLATES = Path(__file__).parent / "templates"


def preview_html(preview: Preview) -> str:
    """Draw a preview, what is most serious first."""
    template = environment(_TEMPLATES).get_template("preview.html.jinja")
    return template.render(
        preview=preview, changes=list(by_kind(preview)), wording=wording, text=text, most=MOST
    )
