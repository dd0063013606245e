"""Small sites in the dialects of the programs that make them: what a patient would read of each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import ContentError, NoArticleError
from core.types import Provenance
from ingest.build.articles import read_articles
from ingest.readers.html.page import parse_html
from ingest.readers.markdown.document import parse_markdown
from ingest.readers.outline import ParsedText, Reason
from ingest.readers.read import read_article

Write = Callable[[str, str | bytes], Path]

JEKYLL = """---
layout: post
title: Runner's knee: how long?
author: [Dr A. Sample, {name: Kim Example}]
date: 2024-03-02 10:00:00 +0100
categories: [knee, running]
redirect_from:
  - /old/knee/
---
{% assign clinic = site.data.clinic %}
{% comment %}
Ask Sam about this.
{% endcomment %}
* TOC
{:toc}

## What is it? {#what .no_toc}

Pain below the kneecap{% if page.long %}, often on stairs{% endif %}.
{: .lead}

{% include callout.html
   type="warning" %}

See [the other page]({% post_url 2020-01-01-hip %}){:target="_blank"}.

<details markdown="1">
<summary>May I run?</summary>

Yes, **slowly**.

</details>
"""
HUGO = """+++
title = "Golfer's elbow"
date = 2024-03-02T10:00:00Z
weight = 4
[author]
  name = "Dr B. Sample"
[params]
  reviewer = "Kim Example"
[[params.faqs]]
  q = "Is it bad?"
  a = "No."
+++
{{< figure src="x.png" >}}
{{% notice warning %}}
Do not force it.
{{% /notice %}}
The link [is here]({{< relref "a.md" >}}).
"""
MDX = """---
title: Tape
authors:
  - {name: Ada Sample, title: Physiotherapist, url: https://x.example}
  - name: Bo Example
pubDate: "Jul 08 2022"
heroImage: ../../assets/x.jpg
keyPoints:
  - Tape stays on for three days
  - Take it off when it itches
---
import Tabs from '@theme/Tabs';
import {
  Card,
} from "../cards";

export const faqs = [
  { q: "a?" },

  { q: "b?" },
];

<Hero title="Tape" items={[{a: 1}, {b: "x > y"}]} />

<Callout type="warning">
  Never on broken skin.
</Callout>

<div className="box" style={{color: 'red'}} onClick={() => go()}>

Ask {/* a remark */}us{" "}first.

</div>

{faqs.map((f) => (
  <Faq key={f.q} {...f} />
))}

<Tabs><TabItem value="a" label="Week one">Rest the foot.</TabItem></Tabs>
"""
DOCUSAURUS = """---
title: Ice
authors: {name: Cleo Sample}
---
:::danger[Do not sleep on it]
Ten minutes are enough.
:::

::::tip Wrap it

> [!NOTE]
> A towel will do.

::::
"""
WORDPRESS = """---
title: Cupping
---
<!-- wp:paragraph -->
<p>Cups pull the skin up.</p>
<!-- /wp:paragraph -->

[vc_row][vc_column width="1/2"]It leaves round marks.[/vc_column][/vc_row]

[caption id="attachment_12"]Marks after a day[/caption]

[gallery ids="1,2"]

[embed]https://video.example/1[/embed]

[contact-form-7 id="12" title="Form"]

They fade [in a week](http://x.example) [see 1] [sic].
"""
PANDOC = """---
title: Stretching
...

# Calf {-}

Hold it for [thirty seconds]{.smallcaps}^[Not on a fresh tear.], as shown [@sample2020].

::: {.callout-note}
Breathe on.[^1]
:::

\\newpage

[^1]: Stop when
    you feel dizzy.
"""


def said(parsed: ParsedText) -> str:
    return parsed.text.partition("\n\n")[2]


@pytest.mark.parametrize(
    ("text", "author", "expected"),
    [
        (
            JEKYLL,
            "Dr A. Sample, Kim Example",
            "What is it?\n\nPain below the kneecap, often on stairs.\n\nSee the other page.\n\n"
            "May I run?\n\nYes, slowly.",
        ),
        (
            HUGO,
            "Dr B. Sample",
            "Do not force it.\n\nThe link is here.\n\nIs it bad?\n\nNo.",
        ),
        (
            MDX,
            "Ada Sample, Bo Example",
            "Never on broken skin.\n\nAsk us first.\n\nRest the foot.\n\nKey points\n\n"
            "- Tape stays on for three days\n- Take it off when it itches",
        ),
        (
            DOCUSAURUS,
            "Cleo Sample",
            "Do not sleep on it\nTen minutes are enough.\n\nWrap it\n\nA towel will do.",
        ),
        (
            WORDPRESS,
            None,
            "Cups pull the skin up.\n\nIt leaves round marks.\n\nMarks after a day\n\n"
            "They fade in a week [see 1] [sic].",
        ),
        (
            PANDOC,
            None,
            "Calf\n\nHold it for thirty seconds (Not on a fresh tear.), as shown.\n\n"
            "Breathe on. (Stop when you feel dizzy.)",
        ),
    ],
    ids=["jekyll", "hugo", "mdx", "docusaurus", "wordpress", "pandoc"],
)
def test_patients_read_the_text_of_a_site_and_none_of_its_code(
    text: str, author: str | None, expected: str
) -> None:
    parsed = parse_markdown(text, "a", "File")
    assert said(parsed) == expected
    assert parsed.provenance.author == author
    assert not parsed.warnings[0].startswith("no title")


def test_code_is_told_with_its_lines_in_the_file_and_kept_beside_the_article() -> None:
    parsed = parse_markdown(HUGO, "a", "File")
    assert parsed.provenance == Provenance(author="Dr B. Sample", reviewer="Kim Example")
    assert parsed.warnings == (
        "4 pieces of template code left out, lines 13, 14, 16, 17, such as "
        '“{{< figure src="x.png" >}}”; if a site shows text in its place, write that text into '
        "the article",
    )
    assert [out.text for out in parsed.left_out if out.reason is Reason.TEMPLATE] == [
        '{{< figure src="x.png" >}}',
        "{{% notice warning %}}",
        "{{% /notice %}}",
        '{{< relref "a.md" >}}',
    ]


@pytest.mark.parametrize(
    "prose",
    [
        "Costs {80 to 90} and [1] and [sic] and [x-ray] and <b>bold</b>.",
        "Import rules change. Export them: to all.",
        "Between 10 % and 20 %: {two words}.",
        "We write at 8:00 :: not at 9:00.",
        "Ask [Sam](http://x.example/a_b) or [Kim][kim_page].\n\n[kim_page]: http://x.example",
        "Mail <a@b.example> or <https://b.example>.",
        "Take 2 [two] tablets [and/or] water.",
    ],
)
def test_what_people_write_is_no_template_code(prose: str) -> None:
    assert parse_markdown(f"# T\n\n{prose}", "a", "x").warnings == ()


def test_struck_out_text_is_left_out_and_kept_beside_the_article() -> None:
    parsed = parse_markdown("# T\n\n- [x] ~~Collar all day~~ Collar never\n- [ ] Heat", "a", "x")
    assert said(parsed) == "- ☑ Collar never\n- ☐ Heat"
    assert [(out.reason, out.text) for out in parsed.left_out] == [
        (Reason.STRUCK, "Collar all day")
    ]


def test_a_note_stays_with_the_sentence_that_it_limits() -> None:
    text = (
        "# T\n\nWarm it.[^a] Cool it.[^a][^b]\n\n## Next[^n]\n\nEnd.\n\n"
        "[^a]: Not when numb.\n[^n]: N.\n\n[^z]: Z."
    )
    parsed = parse_markdown(text, "a", "x")
    assert said(parsed) == "Warm it. (Not when numb.) Cool it.\n\nNext\n\nN.\n\nEnd.\n\nZ."
    assert [out.text for out in parsed.left_out] == ["[^a]", "[^a]", "[^b]", "[^n]"]


def test_typed_signs_make_lists_and_keep_what_they_say() -> None:
    text = "# T\n\nIt may help to:\n• relax\n• sleep\n\nDo:\n✅ drink water\n❌ drive\n\n☎ Call us."
    assert said(parse_markdown(text, "a", "x")) == (
        "It may help to:\n\n- relax\n- sleep\n\nDo:\n\n- ✅ drink water\n- ❌ drive\n\n☎ Call us."
    )


@pytest.mark.parametrize(
    ("head", "sections", "text"),
    [
        ("faqs:\n  - question: May I?\n    answer: No.", [("May I?",)], "No."),
        ("faq:\n  items:\n    - q: 'May I: now?'\n      a: No.", [("May I: now?",)], "No."),
        (
            "faq:\n  title: Common\n  items:\n    - q: May I?\n      a: No.",
            [("Common", "May I?")],
            "No.",
        ),
        ("symptoms:\n  - Pain at night\n  - Fever", [("Symptoms",)], "- Pain at night\n- Fever"),
        (
            "whenToCall:\n  - name: At once\n    body: 'When **numb**.'\n    icon: x.svg",
            [("When to call", "At once")],
            "When numb.",
        ),
        (
            "sections:\n  - heading: Week 1\n    items: [Rest a lot, Walk a bit]",
            [("Sections", "Week 1")],
            "- Rest a lot\n- Walk a bit",
        ),
    ],
)
def test_lists_in_the_front_matter_are_sections(
    head: str, sections: list[tuple[str, ...]], text: str
) -> None:
    parsed = parse_markdown(f"---\ntitle: T\n{head}\n---\n", "a", "x")
    assert [section.path for section in parsed.sections] == sections
    body = parsed.sections[0].body
    assert parsed.text[body.start : body.end] == text
    assert parsed.warnings == ()


@pytest.mark.parametrize(
    ("head", "warning"),
    [
        ("todo:\n  - Ask Sam about it\n  - Ask Kim too", "the setting 'todo' holds 2 entries"),
        ("recovery: Most people are well again after about six weeks.", "'recovery' holds 9 words"),
        ("prices:\n  first: Eighty for an hour\n  next: Sixty for an hour", "'prices' holds 2"),
        ("author: {picture: a.png}", "the setting 'author' names nobody and is left out"),
    ],
)
def test_what_is_not_read_of_the_front_matter_is_told(
    write_article: Write, content: Path, head: str, warning: str
) -> None:
    write_article("a.md", f"---\ntitle: T\n{head}\n---\nText.")
    read = read_articles(content / "articles", lambda items, *_: items)
    (found,) = [w for r in read.articles for w in r.warnings]
    assert warning in found.problem


@pytest.mark.parametrize(
    "head",
    [
        "tags: [knee pain, back pain]\nimage: {src: a.png, alt: A knee in a brace}",
        "seo:\n  title: A long title for engines\n  description: Words for engines only here",
        "menu:\n  main:\n    name: Our knee page\nrelated: [knee, hip]",
        "description: All that you need to know about runner's knee and its treatment.",
    ],
)
def test_settings_for_programs_are_neither_shown_nor_told(head: str) -> None:
    parsed = parse_markdown(f"---\ntitle: T\n{head}\n---\nText.", "a", "x")
    assert (parsed.text, parsed.warnings) == ("T\n\nText.", ())


@pytest.mark.parametrize(
    "head",
    [
        "---\ndraft: true\n---",
        "---\ndraft: 'yes'\n---",
        "---\npublished: false\n---",
        "---\nstatus: private\n---",
        "---\nisDraft: true\nauthor: 7\n---",
        "+++\ndraft = true\n+++",
        '{\n"draft": true\n}',
    ],
)
def test_a_draft_is_no_article(head: str) -> None:
    with pytest.raises(NoArticleError, match="not published"):
        parse_markdown(f"{head}\nUnfinished.", "a", "x")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", "---\ndraft: true\n---\nUnfinished."),
        ("a.md", "---\ndate: 2999-01-02\n---\nLater."),
        ("a.md", "---\npublishDate: 2999-01-02T10:00:00Z\ndate: 2020-01-01\n---\nLater."),
        ("a.md", "---\npubDate: 'Jan 2, 2999'\n---\nLater."),
        ("a.md", "+++\ndate = 2999-01-02\n+++\nLater."),
        ("2999-01-02-a.md", "Later."),
        ("_drafts/a.md", "Unfinished."),
        ("_includes/a.html", "<p>Unfinished.</p>"),
        ("site/_layouts/a.md", "Unfinished."),
        ("404.html", "<h1>Oh</h1><p>Later.</p>"),
        ("404-not-found.md", "Later."),
        ("b.html", "---\npublished: false\n---\n<p>Unfinished.</p>"),
        ("b.html", "---\ndate: 2999-01-02\n---\n<p>Later.</p>"),
    ],
)
def test_what_is_not_published_yet_is_left_out_with_a_warning_and_taken_offline(
    write_article: Write, content: Path, name: str, text: str
) -> None:
    path = write_article(name, "---\ntitle: T\n---\nText.")
    articles = content / "articles"
    if path.stem == "a" and path.parent == articles:
        before = read_articles(articles, lambda items, *_: items)
        known = {read.article.source: read for read in before.articles}
        assert len(known) == 3
    else:
        known = {}
    write_article(name, text)
    read = read_articles(articles, lambda items, *_: items, known=known)
    assert [r.article.source for r in read.articles] == ["blood.txt", "necks.txt"]
    (finding,) = read.skipped
    assert not finding.is_error
    assert finding.problem == "This article is not published and is left out."
    assert finding.where == str(path)


@pytest.mark.parametrize(
    "head", ["date: 2020-01-01", "published: true", "draft: false", "date: soon", "status: ready"]
)
def test_what_is_published_is_read(write_article: Write, content: Path, head: str) -> None:
    write_article("a.md", f"---\ntitle: T\n{head}\n---\nText.")
    read = read_articles(content / "articles", lambda items, *_: items)
    assert len(read.articles) == 3
    assert not read.skipped


def test_front_matter_that_nobody_can_read_names_the_line() -> None:
    with pytest.raises(ContentError, match="settings at the top") as caught:
        parse_markdown("---\ntitle: T\ntags: [a\n---\nText.", "a", "x")
    assert caught.value.where == "a, line 4"


def test_the_source_of_a_page_is_read_without_its_code(write_article: Write, content: Path) -> None:
    path = write_article(
        "knees.html",
        "---\nlayout: page\ntitle: Sore knees\n---\n<style>.x{color:{{ a }}}</style>"
        "<script>f({{ b }})</script>\n{% for k in site.knees %}\n<h2>{{ k.name }} first</h2>"
        "<p>Rest {{ k.days }} a day, if 2 < 3 {{ and }} so.</p>{% endfor %}<p>{ one } {{two</p>",
    )
    read = read_article(path, root=content / "articles")
    assert read.article.text == ("Sore knees\n\nfirst\n\nRest a day, if 2 < 3 so.\n\n{ one } {{two")
    (warning,) = read.warnings
    assert warning.problem.startswith("5 pieces of template code left out, lines 6, 7, such as")
    assert [part.text for part in read.left_out if part.text.startswith("{")] == [
        *("{% for k in site.knees %}", "{{ k.name }}", "{{ k.days }}", "{{ and }}", "{% endfor %}"),
    ]


def test_programs_of_a_page_are_no_template_code() -> None:
    page = "<script>a = {{</script><h1>T</h1><p>Rest.</p><script>}} b = {% %}</script>"
    assert parse_html(page, "a", "x").text == "T\n\nRest."
