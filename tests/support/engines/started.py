"""The three engines, each in turn: a fixture for tests that every engine has to pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial

import pytest

from tests.support.engines.chromium import in_chromium
from tests.support.engines.firefox import firefox, in_firefox
from tests.support.engines.tab import Tab
from tests.support.engines.webkit import in_webkit, webkit

# Called, it opens a tab that shares nothing with the tabs before.
Engine = Callable[[], AbstractContextManager[Tab]]


@pytest.fixture(scope="module", params=["chromium", "webkit", "firefox"])
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """Each engine in turn, running; where one is not installed, its tests are skipped."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "chromium":
        yield partial(in_chromium, request.getfixturevalue("browser"))
    elif request.param == "webkit":
        with webkit(folder) as driver:
            yield partial(in_webkit, driver)
    else:
        with firefox(folder) as browser:
            yield partial(in_firefox, browser)
