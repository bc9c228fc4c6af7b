"""Tests of the pages in a real Chromium that can reach no other host than the service.

They are skipped if the machine has no Chromium; ``.ci/run`` installs Debian's, where it can.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from typing import Literal
from urllib.parse import urlencode

import neo4j
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from benchmarks.bystander import Service, serve_process
from service.managed.connection import ConnectionInfo

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
OPTIONS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
ABORTED = "net::ERR_ABORTED"
"""The failure of a request that a page did not wait for when it was left."""
PATIENCE = 20_000
"""Milliseconds to wait for what a page has to show."""
SCREEN, PHONE = ViewportSize(width=1300, height=900), ViewportSize(width=360, height=700)
SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
ADDRESSES = (
    "/", "/?search=dairy", "/docs/", "/docs/operator/settings", "/docs/frontend/as-of",
    "/q/", "/q/issue-positions",
)  # fmt: skip
AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
VIOLATIONS = "axe.run().then(found => found.violations.map(one => [one.id, one.nodes[0].html]))"
QUERY, VARIABLES = ".graphiql-query-editor", ".graphiql-editor-tool .graphiql-editor:not(.hidden)"

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="there is no Chromium here: apt-get install chromium"
)


@pytest.fixture(scope="module")
def service(article: neo4j.Driver, connection: ConnectionInfo) -> Iterator[Service]:
    with serve_process(connection) as one:
        yield one


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()


@contextmanager
def open_page(
    browser: Browser, service: Service, *, size: ViewportSize = SCREEN, scripts: bool = True
) -> Iterator[Page]:
    """Yield a page in a profile of its own; assert that it asked only the service, without errors.

    A violation of the content security policy is an error of the console.
    """
    context = browser.new_context(base_url=service.url, viewport=size, java_script_enabled=scripts)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("requestfailed", lambda one: errors.append(f"{one.url}: {one.failure}"))
    yield page
    context.close()
    own = (f"{service.url}/", "data:")
    assert [one for one in asked if not one.startswith(own)] == []
    assert [one for one in errors if not one.endswith(ABORTED)] == []


def expect_editor(page: Page, editor: str, text: str) -> None:
    """Wait until an editor holds a text; Monaco draws lines in any order, with hard spaces."""
    page.wait_for_function(
        "([editor, text]) => [...document.querySelectorAll(`${editor} .view-line`)]"
        ".sort((a, b) => a.offsetTop - b.offsetTop).map(line => line.textContent).join('\\n')"
        ".replaceAll('\u00a0', ' ').includes(text)",
        arg=[editor, text],
    )


def run(page: Page) -> None:
    page.get_by_role("button", name="Execute query").click()


def test_graphiql_loads_completes_runs_and_shows_docs(browser: Browser, service: Service) -> None:
    with open_page(browser, service) as page:
        page.goto("/graphql")
        editor = page.locator(".graphiql-query-editor .monaco-editor").first
        editor.wait_for()
        expect_editor(page, QUERY, "query Latest @asOf {")

        run(page)
        response = page.locator(".graphiql-response .view-lines")
        expect(response).to_contain_text("totalCount", timeout=PATIENCE)
        expect(response).to_contain_text("53")

        page.get_by_role("button", name="Show Documentation Explorer").click()
        docs = page.locator(".graphiql-doc-explorer")
        docs.get_by_text("Query", exact=True).first.click()
        expect(docs).to_contain_text("A page of all statements", timeout=PATIENCE)

        editor.click()
        page.keyboard.press("Control+a")
        page.keyboard.type("{ peop", delay=30)
        page.keyboard.press("Control+Space")
        suggestion = page.locator(".suggest-widget .monaco-list-row").first
        expect(suggestion).to_contain_text("people", timeout=PATIENCE)
        page.keyboard.press("Enter")
        expect_editor(page, QUERY, "people")


def test_graphiql_opens_examples_in_tabs(browser: Browser, service: Service) -> None:
    with open_page(browser, service) as page:
        page.goto("/graphql")
        page.get_by_role("button", name="10. What had been said by a day?").click()
        expect(page.get_by_role("tab")).to_have_count(2)
        expect_editor(page, QUERY, "@asOf(validTime: $day)")
        expect_editor(page, VARIABLES, '"day": "2017-11-05"')
        run(page)
        response = page.locator(".graphiql-response .view-lines")
        expect(response).to_contain_text("Gary Cohn", timeout=PATIENCE)

        # The address now reproduces the operation and its variables.
        address = page.url
        page.evaluate("localStorage.clear()")
        page.goto("about:blank")
        page.goto(address)
        expect_editor(page, QUERY, "@asOf(validTime: $day)")
        expect_editor(page, VARIABLES, '"day": "2017-11-05"')


def test_an_address_opens_its_operation_and_variables(browser: Browser, service: Service) -> None:
    query = "query One($id: ID!) { issue(id: $id) { name } }"
    given = urlencode({"query": query, "variables": '{"id": "issue:dairy"}'})
    with open_page(browser, service) as page:
        page.goto(f"/graphql?{given}")
        expect_editor(page, QUERY, query)
        run(page)
        response = page.locator(".graphiql-response .view-lines")
        expect(response).to_contain_text('"dairy"', timeout=PATIENCE)


def test_graphiql_has_the_explorer(browser: Browser, service: Service) -> None:
    with open_page(browser, service) as page:
        page.goto("/graphql?query={issues{totalCount}}")
        page.get_by_role("button", name="Show GraphiQL Explorer").click()
        explorer = page.locator(".docExplorerWrap")
        expect(explorer).to_contain_text("statements", timeout=PATIENCE)


def test_the_start_page_searches_without_scripts(browser: Browser, service: Service) -> None:
    with open_page(browser, service, scripts=False) as page:
        page.goto("/")
        page.get_by_label("Search facts").fill("sunset claus")
        page.get_by_role("button", name="Search").click()
        expect(page.get_by_role("heading", name="Found for")).to_be_visible()
        expect(page.locator("mark").first).to_have_text("sunset")
        page.get_by_text("Who speaks most often?").click()
        expect(page.locator("details[open] pre")).to_contain_text("people(orderBy")
        page.get_by_role("link", name="Documentation", exact=True).click()
        expect(page.get_by_role("heading", name="Documentation", exact=True)).to_be_visible()


@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_fit_a_phone_and_are_accessible_in_both_colour_schemes(
    browser: Browser, service: Service, address: str
) -> None:
    seen = set()
    with open_page(browser, service, size=PHONE) as page:
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            seen.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
            page.evaluate(AXE)
            assert page.evaluate(VIOLATIONS) == []
    assert seen == {"rgb(251, 250, 247)", "rgb(21, 24, 27)"}


def test_the_page_of_a_question_asks_with_other_parameters_without_scripts(
    browser: Browser, service: Service
) -> None:
    with open_page(browser, service, scripts=False) as page:
        page.goto("/")
        page.get_by_role("link", name="What an actor said").click()
        page.get_by_label("actor").fill("person:chad-bown")
        page.get_by_role("button", name="Ask").click()
        expect(page.get_by_role("table")).to_contain_text("Chad Bown")
        address = page.get_by_role("link", name="/q/actor-statements.csv").get_attribute("href")
        assert address == "../q/actor-statements.csv?actor=person%3Achad-bown"
