"""A template and values in, one HTML file out that asks for nothing: no font, no script, no picture from elsewhere.

Whatever a model wrote reaches the page as escaped text or inside a data block that no browser runs. Should both fail,
the page's own content security policy lets only the script that came with it run, and lets nothing be fetched.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from gemstead.core.errors import FULL_DISK, BadRequest, OutOfCapacity

TEMPLATES = Path(__file__).parent / "templates"


def render_page(template: str, values: dict[str, Any], *, script: str | None = None) -> str:
    """Fill a template.

    Args:
        template: Name of a file in `templates/`, without its ending.
        values: What the template asks for. Everything but `Markup` is escaped.
        script: Name of a script in `templates/`, without its ending; the only one that will run.

    Returns:
        A whole HTML document.
    """
    source = "" if script is None else (TEMPLATES / f"{script}.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; " + (
        f"script-src 'sha256-{digest}'" if source else "script-src 'none'"
    )
    page = _environment().get_template(f"{template}.html.j2")
    return page.render(values, policy=policy, script=Markup(source))


def data_block(name: str, value: Any) -> Markup:
    """A value as JSON inside the page, for its script to read: `JSON.parse(document.getElementById(name).textContent)`.

    Args:
        name: Id of the element; letters and dashes.
        value: Plain values.
    """
    # Inside a script element only "</script", "<script" and "<!--" mean something: without this letter nothing does.
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return Markup(f'<script type="application/json" id="{name}">{text}</script>')


def write_page(file: Path, page: str) -> None:
    """Write a page whole or not at all.

    Raises:
        OutOfCapacity: The disk is full.
        BadRequest: The file cannot be written there.
    """
    draft = None
    try:
        with tempfile.NamedTemporaryFile("wb", dir=file.parent, prefix=f".{file.name[:40]}-", delete=False) as stream:
            draft = Path(stream.name)
            stream.write(page.encode("utf-8", "backslashreplace"))
        draft.chmod(0o644)
        draft.replace(file)
    except OSError as error:
        if draft is not None:
            with contextlib.suppress(OSError):
                draft.unlink()
        hint = "name another file with `--out`"
        if error.errno in FULL_DISK:
            raise OutOfCapacity(f"{file}: no room to write it: {error.strerror}", hint=hint) from error
        raise BadRequest(f"{file}: cannot be written: {error.strerror or error}", hint=hint) from error


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
