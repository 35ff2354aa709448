"""The pictures of fields in a real browser: readable at a desk and on a phone, and the keyword tree can be enlarged."""

import page_checks
import pytest

import example_study
from kakehashi import tables
from kakehashi.report.writing import write_report
from kakehashi.settings import Settings, StudySection
from kakehashi.texts import LANGUAGES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        page_checks.chromium() is None, reason="Debian's chromium was not found (apt-get install chromium)"
    ),
]
WIDTHS = {1280: "wide", 390: "narrow"}


def rows():
    """Eight fields with works in several of them, some outside or unclassified, and a tree of 60 keywords."""
    works, fields, outcomes = [], [], []
    for number in range(600):
        work, own = f"w{number:03d}", [example_study.FIELDS[number % 8], example_study.FIELDS[number // 8 % 8]]
        outcome = ("outside", "unclassified")[number % 2] if number % 5 == 0 else "fields"
        works.append((work, None, "A work", 2015 + number % 6, None, None, None, None, None, "ieee"))
        outcomes.append((work, outcome, "label", 0.9, 3, 3))
        if outcome == "fields":
            fields += [(work, field, "term", "author", "label", 0.9) for field in sorted(set(own))]
    tree = [
        (f"keyword {n:02d}", f"keyword {n // 3:02d}" if n else None, 5, 0.2, 1, 0, 900 // (n + 1)) for n in range(60)
    ]
    labelled = [(f"keyword {n:02d}", 0, "ai", "label", None, 0, None) for n in range(0, 60, 2)]
    return {"works": works, "work_fields": fields, "field_outcomes": outcomes, "keyword_tree": tree,
            "keyword_fields": labelled}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    connection = example_study.connect()
    for name, found in rows().items():
        example_study.load(connection, tables.BY_NAME[name], found)
    settings = Settings(study=StudySection(name="Test", targets=example_study.TARGETS, synthetic=True))
    made = tmp_path_factory.mktemp("fields")
    write_report(example_study.rows_of(connection), {"kakehashi": "0", "packages": {}}, settings, made)
    return made


@pytest.fixture(scope="module")
def chromium():
    with page_checks.browser() as started:
        yield started


@pytest.fixture(params=WIDTHS)
def page(request, chromium, folder):
    """The report without motion, so that no test waits for it."""
    opened = chromium.new_page(
        viewport={"width": request.param, "height": 900}, reduced_motion="reduce", has_touch=True
    )
    opened.goto((folder / "report.en.html").as_uri())
    yield opened
    opened.close()


def drawing(page):
    use = WIDTHS[page.viewport_size["width"]]
    found = page.locator(f".zooming .picture.{use} svg")
    found.scroll_into_view_if_needed()
    return found


def view(page):
    return [float(number) for number in drawing(page).get_attribute("viewBox").split()]


def press(page, what):
    page.click(f".zoom [data-zoom={what}]")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_overlaps_is_clipped_or_fetched(chromium, folder, language, width):
    findings = page_checks.check(chromium, folder / f"report.{language}.html", width)
    assert findings.problems() == {}
    assert findings.smallest_text >= 9


def test_buttons_enlarge_about_the_middle_and_lead_back(page):
    whole = view(page)
    press(page, "in")
    x, y, width, height = view(page)
    assert width == pytest.approx(whole[2] / 1.5)
    assert (x + width / 2, y + height / 2) == pytest.approx((whole[2] / 2, whole[3] / 2))
    press(page, "out")
    assert view(page) == pytest.approx(whole)
    press(page, "in")
    press(page, "in")
    press(page, "reset")
    assert view(page) == pytest.approx(whole)


def test_keys_do_what_the_buttons_do_and_arrows_move(page):
    whole = view(page)
    drawing(page).locator("xpath=..").focus()
    page.keyboard.press("+")
    enlarged = view(page)
    assert enlarged[2] < whole[2]
    page.keyboard.press("ArrowRight")
    assert view(page)[0] > enlarged[0]
    page.keyboard.press("0")
    assert view(page) == pytest.approx(whole)


def test_the_view_never_leaves_the_drawing(page):
    whole = view(page)
    press(page, "out")
    assert view(page) == pytest.approx(whole)
    press(page, "in")
    drawing(page).locator("xpath=..").focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    x, _, width, _ = view(page)
    assert x + width == pytest.approx(whole[2])


def test_what_is_dragged_follows_the_pointer(page):
    press(page, "in")
    before, box = view(page), drawing(page).bounding_box()
    page.mouse.move(box["x"] + 150, box["y"] + 150)
    page.mouse.down()
    page.mouse.move(box["x"] + 130, box["y"] + 140)
    page.mouse.up()
    scale = before[2] / box["width"]
    assert view(page)[:2] == pytest.approx([before[0] + 20 * scale, before[1] + 10 * scale], abs=0.5)


def test_two_fingers_enlarge(page):
    whole, box = view(page), drawing(page).bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + min(box["height"], 300) / 2
    session = page.context.new_cdp_session(page)

    def touch(kind, apart):
        points = [{"x": middle[0] + sign * apart, "y": middle[1], "id": n} for n, sign in enumerate((-1, 1))]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points if apart else []})

    touch("touchStart", 30)
    for apart in (40, 50, 60):
        touch("touchMove", apart)
    touch("touchEnd", 0)
    assert view(page)[2] < whole[2] * 0.7


def test_the_wheel_scrolls_the_page_until_the_picture_is_chosen(page):
    whole = view(page)
    drawing(page).hover()
    page.mouse.wheel(0, -100)
    page.wait_for_function(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
    )
    assert view(page) == whole
    drawing(page).click()
    page.mouse.wheel(0, -100)
    page.wait_for_function("() => document.querySelector('.zooming svg.zoomed') !== null")
    assert view(page)[2] < whole[2]


def test_without_script_the_picture_is_whole_and_has_no_dead_buttons(chromium, folder):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "report.en.html").as_uri())
    assert page.locator(".zoom").count() == 1
    assert not page.locator(".zoom").is_visible()
    assert page.locator(".pictures:has(.zoom) svg").first.get_attribute("viewBox") == "0 0 760 620"
    context.close()
