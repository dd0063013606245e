"""The parts of the whole record: which commands, pages and addresses it holds.

Only commands, app.py and addresses are used, so that modules may move; what else is imported is in
`_print_articles`.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from tests.support.golden import contents, pages
from tests.support.golden.process import ROOT, fixed_day, import_ahead, run_forked, run_module
from tests.support.golden.short import WORDINGS, write_questions
from tests.support.golden.text import normalized, pretty

SLOW = ("model",)
PARTS = (
    *("search", "safety", "commands", "coverage", "preview"),
    *("broken", "articles", "patients", "staff", "server"),
)


class Recorder:
    """Records parts of the output below `folder`; `work` is for contents and indexes."""

    def __init__(self, folder: Path, work: Path, articles: Path | None) -> None:
        self._folder, self._work, self._articles = folder, work, articles
        self._paths = {str(work): "<work>", str(ROOT): "<root>"}
        if articles:
            self._paths[str(articles.resolve())] = "<articles>"

    # -- parts -------------------------------------------------------------------------------------

    def search(self) -> None:
        """Record the answers to all labelled questions."""
        for table in ("content/questions.csv", "evaluation/outside.csv"):
            arguments = ("--file", self._questions(table), "--json", "--built", self._built())
            self._json(Path(table).stem, "index", "search", *arguments)
        for question in ("what is dry needling", "my calf is swollen", "cost", "zzz"):
            name = f"readable-{question[:5].strip()}"
            self._command(name, "index", "search", question, "--built", self._built())
        self._command("no-index", "index", "search", "x", "--built", "no/where")
        self._command("no-question", "index", "search")

    def safety(self) -> None:
        """Record which notices questions raise."""
        for table in (WORDINGS, "evaluation/outside.csv", "evaluation/beside.csv"):
            asked = self._questions(table)
            self._json(f"rules-{Path(table).stem}", "safety", "check", "--file", asked, "--json")
        asked = self._questions(WORDINGS)
        # With the examples that the index holds; `safety` would learn them for minutes.
        there = ("--built", self._built())
        self._json("model", "index", "search", "--file", asked, "--json", "-k", "1", *there)
        self._command("readable", "safety", "check", "my calf is swollen")
        self._command("validate", "safety", "validate")
        self._command("validate-later", "safety", "validate", "--today", "2031-01-01")

    def model(self) -> None:
        """Record which notices `safety` finds by its examples; learning them takes minutes."""
        asked = self._questions(WORDINGS)
        self._json("learnt", "safety", "check", "--file", asked, "--json", "--with-model")

    def commands(self) -> None:
        """Record what the commands say of sound content."""
        content, built = self._content("plain"), self._work / "commands"
        there = ("--built", str(built))
        ingest = ("ingest", "--content", str(content), *there)
        self._command("ingest", *ingest)
        self._command("ingest-again", *ingest)
        for name in ("status", "reviews", "coverage", "rollback"):
            self._command(f"{name}", "index", name, *there)
        self._table("reviews-csv", "index", "reviews", *there, "--csv")
        self._command("due", "index", "reviews", *there, "--due-within", "30")
        ids = ("dry-needling-benefits", "dry-needling-benefits#introduction", "nowhere#x")
        for number, name in enumerate((*ids, "dry-needling-benefits#introduction/1")):
            self._command(f"show-{number}", "index", "show", name, *there)
        self._command("claims", "ingest", "claims", "--content", str(content))
        self._table("claims-csv", "ingest", "claims", "--content", str(content), "--csv")
        self._command("overlaps", "ingest", "overlaps", *there)
        for name in ("index", "ingest", "safety", "ui"):
            self._command(f"help-{name}", name, "--help")

    def coverage(self) -> None:
        """Record the coverage report in every form."""
        there = ("index", "coverage", "--built", self._built())
        self._json("report", *there, "--json")
        self._command("readable", *there)
        self._table("table", *there, "--csv")
        self._table("page", *there, "--html")

    def preview(self) -> None:
        """Record previews: of new articles, of nothing, refused, published and rolled back."""
        content, built = self._content("previewed"), self._published("previewed")
        there = ("--content", str(content), "--built", str(built))
        self._command("nothing", "ingest", *there, "--publish")
        self._command("same", "ingest", *there)
        self._change(content)
        self._command("changed", "ingest", *there, "--preview")
        self._command("again", "ingest", *there, "--preview")
        self._json("changed-json", "ingest", *there, "--preview", "--json")
        self._file("page", built / "preview.html")
        self._command("publish", "ingest", *there, "--publish")
        self._command("status", "index", "status", "--built", str(built))
        self._command("rollback", "index", "rollback", "--built", str(built))
        article = content / "articles" / "dry-needling-benefits.txt"
        article.write_text(f"{article.read_text(encoding='utf-8')[:900]}\n", encoding="utf-8")
        self._command("sections-lost", "ingest", *there)
        with (content / "invariants.csv").open("a", encoding="utf-8") as stream:
            stream.write("what is dry needling,,not answer,,\n")
        self._command("refused", "ingest", *there, "--preview")
        self._command("refused-publish", "ingest", *there, "--publish")
        self._command("forced", "ingest", *there, "--publish", "--force")
        shutil.rmtree(content / "articles")
        (content / "articles").mkdir()
        self._command("no-article", "ingest", *there)

    def broken(self) -> None:
        """Record what ingest says of broken content, and what it can still use."""
        for name, files in contents.BROKEN.items():
            content = contents.copy_content(self._work / "broken" / name, files)
            built = self._published(f"broken-{name}")
            there = ("--content", str(content), "--built", str(built))
            self._command(f"{name}", "ingest", *there)
            if "red_flags.toml" in files:
                self._command(f"{name}-validate", "safety", "validate", *there[:2])
            if "articles/necks.txt" in files:
                self._whole_index(f"{name}", content, built)

    def articles(self) -> None:
        """Record how the readers read a folder of real files, where one is given."""
        if self._articles is None:
            return
        content, built = self._content("articles"), self._published("articles")
        (content / "invariants.csv").unlink()
        shutil.copytree(self._articles, content / "articles", dirs_exist_ok=True)
        self._command("ingest", "ingest", "--content", str(content), "--built", str(built))
        self._whole_index("all", content, built)

    def patients(self) -> None:
        """Record every state of the page for patients, in English and French."""
        self._states("patients-en", self._settled(), pages.QUESTIONS)
        self._states("patients-fr", self._settled("fr"), pages.QUESTIONS)
        nobody = self._settled() | {"CLINIC_BUILT": str(self._work / "no-index")}
        self._states("patients-no-index", nobody, {"answer": pages.QUESTIONS["answer"]})

    def staff(self) -> None:
        """Record every state of the pages for staff."""
        content, built = self._content("staff"), self._published("staff")
        there = ("--content", str(content), "--built", str(built))
        self._change(content)
        variables = {"CLINIC_AUDIENCE": "staff", "CLINIC_CONTENT": str(content)}
        variables["CLINIC_BUILT"] = str(built)
        self._pages("staff-before", variables, pages.staff_states)
        run_module("ingest", *there, "--preview")
        self._pages("staff-candidate", variables, pages.staff_states)
        run_module("ingest", *there, "--publish")
        (content / "routes.toml").write_bytes(contents.NO_TOML)
        shutil.copy(ROOT / "content" / "clinic.toml", content)
        self._pages("staff-broken", variables, pages.staff_views)

    def server(self) -> None:
        """Record what the server answers: shells, plain pages, tables, programs, errors."""
        requests = pages.patient_requests()
        for language in ("en", "fr"):
            variables = self._settled(language) | {"CLINIC_API": "1"}
            self._answers(f"server-{language}", requests, variables)
        staff = self._settled() | {"CLINIC_STAFF_TOKEN": pages.TOKEN}
        self._answers("server-staff", pages.staff_requests(), staff)
        nobody = self._settled() | {"CLINIC_BUILT": str(self._work / "no-index")}
        self._answers("server-no-index", requests, nobody, ready="missing")

    # -- how ---------------------------------------------------------------------------------------

    def _command(self, name: str, module: str, *arguments: str) -> None:
        printed = run_module(module, *arguments)
        self._write(f"{name}.txt", printed.as_text(f"python -m {module} {' '.join(arguments)}"))

    def _json(self, name: str, module: str, *arguments: str) -> None:
        printed = run_module(module, *arguments)
        with suppress(ValueError):
            self._write(f"{name}.json", pretty(printed.out))
        if printed.err or printed.code:
            self._write(f"{name}.txt", printed.as_text(module))

    def _table(self, name: str, module: str, *arguments: str) -> None:
        file = self._work / f"{Path(name).name}.out"
        self._command(name, module, *arguments, str(file))
        self._file(f"{name}.out", file)

    def _file(self, name: str, file: Path) -> None:
        if file.is_file():
            text = file.read_bytes().decode("utf-8").replace("><", ">\n<")
            self._write(f"{name}.txt", text)

    def _states(self, name: str, variables: dict[str, str], asked: dict[str, str]) -> None:
        self._pages(name, variables, partial(pages.patient_states, asked))

    def _pages(
        self, name: str, variables: dict[str, str], states: Callable[..., pages.States]
    ) -> None:
        folder = self._work / "pages" / name
        printed = run_forked(partial(pages.write_states, folder, states), variables)
        self._write(f"{name}/log.txt", printed.as_text("the states of the page"))
        self._take(name, folder)

    def _answers(
        self, name: str, requests: dict[str, pages.Request], variables: dict[str, str],
        *, ready: str = "ready",
    ) -> None:  # fmt: skip
        folder = self._work / "answers" / name
        pages.write_answers(folder, requests, variables, ready=ready)
        self._take(name, folder)

    def _whole_index(self, name: str, content: Path, built: Path) -> None:
        """Record all articles, claims, overlaps, coverage and reviews of an index."""
        there = ("--built", str(built))
        self._command(f"{name}-status", "index", "status", *there)
        self._command(f"{name}-reviews", "index", "reviews", *there)
        self._json(f"{name}-coverage", "index", "coverage", *there, "--json")
        self._command(f"{name}-coverage", "index", "coverage", *there)
        self._command(f"{name}-overlaps", "ingest", "overlaps", *there)
        self._command(f"{name}-claims", "ingest", "claims", "--content", str(content))
        printed = run_forked(partial(_print_articles, built))
        self._write(f"{name}-articles.txt", printed.as_text("every article and passage"))

    def _take(self, name: str, folder: Path) -> None:
        for path in sorted(folder.iterdir()):
            self._write(f"{name}/{path.name}", path.read_text(encoding="utf-8", errors="replace"))

    def _write(self, name: str, text: str) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(normalized(text, self._paths), encoding="utf-8")

    def _content(self, name: str) -> Path:
        return contents.copy_content(self._work / "contents" / name)

    def _settled(self, language: str = "en") -> dict[str, str]:
        """Return the environment of a page for a clinic that has filled in its settings."""
        content = self._work / "contents" / f"settled-{language}"
        if not content.exists():
            contents.settled_content(content, language)
        return {"CLINIC_CONTENT": str(content), "CLINIC_BUILT": self._built()}

    def _built(self) -> str:
        """Build the index of the clinic's own content, once."""
        built = self._work / "built"
        if not built.exists():
            run_module("ingest", "--content", str(ROOT / "content"), "--built", str(built))
        return str(built)

    def _published(self, name: str) -> Path:
        """Return a new folder in which content with few notices is published already."""
        first = self._work / "few"
        if not first.exists():
            run_module("ingest", "--content", str(self._content("few")), "--built", str(first))
        return contents.copy_index(first, self._work / "published" / name)

    def _change(self, content: Path) -> None:
        for name, raw in contents.MORE_ARTICLES.items():
            (content / name).write_bytes(raw or b"")
        article = content / "articles" / "dry-needling-benefits.txt"
        text = article.read_text(encoding="utf-8").rstrip()
        article.write_text(f"{text} Needling is safe for everybody.\n", encoding="utf-8")

    def _questions(self, table: str) -> str:
        return write_questions(self._work / f"{Path(table).stem}.questions", table)


def _print_articles(built: Path) -> None:
    from index.store import open_index

    index = open_index(built)
    for name, article in sorted(index.articles.items()):
        print(f"=== {name}: {article.title} ({article.source})\n{article.text}")
    for passage in index.passages:
        print(f"--- {passage.id} {passage.start} {passage.end} {list(passage.path)}")


def record(folder: Path, *, articles: Path | None, only: Sequence[str]) -> None:
    """Record all parts, or only some, into a folder that must not exist."""
    folder.mkdir(parents=True)
    import_ahead()
    with tempfile.TemporaryDirectory(prefix="golden-") as work, fixed_day():
        for name in only or PARTS:
            print(f"{name} ...", file=sys.stderr, flush=True)
            recorder = Recorder(folder.resolve() / name, Path(work).resolve(), articles)
            getattr(recorder, name)()
