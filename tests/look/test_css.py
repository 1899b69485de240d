import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

STATIC = Path(settings.BASE_DIR) / "static"
TEMPLATES = Path(settings.BASE_DIR) / "templates"
KILOBYTE = 1024
THEMES = {"light": "  :root,\n  .light", "dark": "    :root", "dark in the style guide": "  .dark"}

# Text and what it stands on: at least 4.5.
TEXT = [
    *[("ink", ground) for ground in ("ground", "surface", "sunk", "jade-tint", "maiz-tint", "barro-tint", "plum-tint")],
    *[("muted", ground) for ground in ("ground", "surface", "sunk", "plum-tint")],
    *[("jade", ground) for ground in ("ground", "surface", "jade-tint", "maiz-tint", "plum-tint", "barro-tint")],
    *[("jade-press", ground) for ground in ("ground", "surface", "jade-tint", "maiz-tint")],
    *[("error", ground) for ground in ("ground", "surface", "error-tint")],
    *[("barro", ground) for ground in ("ground", "surface", "barro-tint")],
    *[("maiz-text", ground) for ground in ("ground", "surface", "maiz-tint")],
    ("on-jade", "jade"),
    ("on-jade", "jade-press"),
    ("on-maiz", "maiz"),
    ("on-plum", "plum"),
    ("maiz-on-plum", "plum"),
    ("muted", "jade-tint"),
]
# Borders, beads and the marks of charts: at least 3.
MARKS = [
    *[("line", ground) for ground in ("ground", "surface", "sunk")],
    *[("jade", ground) for ground in ("ground", "surface", "sunk")],
    ("plum-edge", "plum-tint"),
    ("plum-edge", "ground"),
    ("barro", "barro-tint"),
]


def themes(css):
    """Read the colours of each theme out of the file."""
    found = {}
    for theme, selector in THEMES.items():
        block = re.search(rf"(?:^|\n){re.escape(selector)} {{\n\s*color-scheme(.*?)}}", css, re.DOTALL)
        found[theme] = dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6});", block[1]))
    return found


def contrast(one, other):
    """Compare two colours by the formula of WCAG 2."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def too_weak(css):
    """List the pairs that cannot be told apart well enough, by theme."""
    asked = [(pair, 4.5) for pair in TEXT] + [(pair, 3) for pair in MARKS]
    return [
        (theme, front, back)
        for theme, colours in themes(css).items()
        for (front, back), least in asked
        if contrast(colours[front], colours[back]) < least
    ]


@pytest.fixture(scope="module")
def css():
    return (STATIC / "app.css").read_text()


def templates():
    return sorted(TEMPLATES.rglob("*.html"))


def packed(path):
    return len(gzip.compress(path.read_bytes()))


def test_each_colour_can_be_read_where_it_stands_in_both_themes(css):
    assert too_weak(css) == []


def test_a_weak_colour_is_noticed(css):
    assert too_weak(css.replace("--muted: #665A6B", "--muted: #A59AA8")) == [
        ("light", "muted", ground) for ground in ("ground", "surface", "sunk", "plum-tint", "jade-tint")
    ]


def test_the_style_guide_shows_the_same_dark_theme_as_the_phones(css):
    found = themes(css)

    assert found["dark"] == found["dark in the style guide"]
    assert found["dark"].keys() == found["light"].keys()


def test_no_colour_is_written_outside_the_tokens(css):
    tokens, rest = css.split("@layer base {\n")
    screens, paper = rest.split("@layer print {\n")

    assert re.findall(r"#[0-9A-Fa-f]{3,8}\b", screens) == ["#FFF"]  # The quiet zone around a QR code.
    assert re.findall(r"#[0-9A-Fa-f]{3,8}\b", tokens) != []
    assert set(re.findall(r"#[0-9A-Fa-f]{3,8}\b", paper)) == {"#FFF", "#000", "#333", "#555", "#999"}


def test_the_stylesheet_fits_in_the_first_round_trip():
    assert packed(STATIC / "app.css") <= 8 * KILOBYTE


def test_the_script_stays_small():
    assert packed(STATIC / "app.js") <= 6 * KILOBYTE


def test_the_sprite_stays_small():
    assert (STATIC / "icons.svg").stat().st_size <= 3 * KILOBYTE


@pytest.mark.parametrize("name", ["app.css", "app.js", "icons.svg", "mark.svg"])
def test_nothing_is_fetched_from_anywhere_else(name):
    text = (STATIC / name).read_text().replace("http://www.w3.org/2000/svg", "")

    assert re.findall(r"(?:https?:)?//[\w.]+|@import|url\(", re.sub(r"(?m)^\s*//.*$", "", text)) == []


def outside_the_policy(text):
    """Find what the Content-Security-Policy would block: inline styles and scripts, and other people's servers."""
    found = re.findall(r"\sstyle=|<style|\son[a-z]+=|javascript:", text)
    found += [tag for tag in re.findall(r"<script[^>]*>", text) if "src=" not in tag]
    found += re.findall(r"""(?:src|href|action)=["'](?:https?:)?//[^"']*""", text)
    return found


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_holds_what_the_policy_blocks(path):
    text = path.read_text()
    if path.parent.name == "emails":  # Mail programs read no stylesheet.
        text = re.sub(r'\sstyle="[^"]*"', "", text)

    assert outside_the_policy(text) == []


@pytest.mark.parametrize(
    "text",
    [
        '<p style="color:red">',
        '<a href="https://cdn.example/x.css">',
        "<script>alert(1)</script>",
        '<a onclick="go()">',
        '<img src="//cdn.example/x.png">',
    ],
)
def test_what_the_policy_blocks_is_noticed(text):
    assert len(outside_the_policy(text)) == 1


def test_each_icon_that_a_template_names_is_in_the_sprite():
    drawn = set(re.findall(r'id="(\w+)"', (STATIC / "icons.svg").read_text()))
    named = {name for path in templates() for name in re.findall(r'{% icon "(\w+)" %}', path.read_text())}

    assert named - drawn == set()


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_each_template_can_be_read_by_the_engine(path):
    assert get_template(str(path.relative_to(TEMPLATES)))
