"""Name the places of the project's own files."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ARTICLE = ROOT / "content" / "articles" / "dry-needling-benefits.txt"
