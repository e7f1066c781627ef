"""The page and its parts: in the reader's language, with a policy that lets nothing in from elsewhere."""

import gzip
import hashlib
import html
import json
import secrets
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from aiohttp.web import Request, Response

from agent_tui import i18n

# By name: where the file comes from, and what it is. textual-serve's script brings the terminal.
_OURS, _THEIRS = "agent_tui.web", "textual_serve"
FILES = {
    "page.css": (_OURS, "page.css", "text/css"),
    "page.js": (_OURS, "page.js", "text/javascript"),
    "xterm.css": (_THEIRS, "static/css/xterm.css", "text/css"),
    "textual.js": (_THEIRS, "static/js/textual.js", "text/javascript"),
    "RobotoMono.ttf": (_THEIRS, "static/fonts/RobotoMono-VariableFont_wght.ttf", "font/ttf"),
}
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_FOREVER = "public, max-age=31536000, immutable"


def _file(package: str, path: str) -> Traversable:
    return files(package).joinpath(*path.split("/"))


@cache
def part(name: str) -> tuple[bytes, bytes]:
    """A part's bytes, plain and packed. Raises KeyError for a name that is none."""
    package, path, _ = FILES[name]
    data = _file(package, path).read_bytes()
    return data, gzip.compress(data, 6)


@cache
def version() -> str:
    """A word that changes with any part: browsers keep the parts, and never old ones."""
    digest = hashlib.sha256()
    for name in FILES:
        digest.update(part(name)[0])
    return digest.hexdigest()[:12]


def answer_part(request: Request, name: str) -> Response:
    """A part of the page, packed where the browser can unpack it. Raises KeyError."""
    plain, packed = part(name)
    headers = {**_ALWAYS, "Cache-Control": _FOREVER, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
        plain = packed
    return Response(body=plain, content_type=FILES[name][2], headers=headers)


def language_of(header: str) -> str:
    """The first of our languages in an `Accept-Language`; Chinese when it names neither."""
    wanted = []
    for place, one in enumerate(header.split(",")):
        name, _, quality = one.strip().partition(";")
        language = name.strip().lower().split("-")[0]
        if language in i18n.LANGUAGES:
            wanted.append((-_quality(quality), place, language))
    return min(wanted)[2] if wanted else "zh"


def _quality(text: str) -> float:
    try:
        return float(text.strip().removeprefix("q=") or 1.0)
    except ValueError:
        return 1.0


def answer_page(request: Request, *, has_cookie: bool) -> Response:
    """The page; `has_cookie` lets it go on at once."""
    nonce = secrets.token_urlsafe(16)
    language = language_of(request.headers.get("Accept-Language", ""))
    words = i18n.load(language).web.page
    values = {name: html.escape(text) for name, text in words.items()}
    values |= {"language": language, "nonce": nonce, "static": f"static/{version()}/"}
    values["cookie"] = 'data-cookie="1"' if has_cookie else ""
    # `<` could end the element that holds the words.
    values["words"] = json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")
    headers = {**_ALWAYS, "Content-Security-Policy": policy(request.host, nonce), "Cache-Control": "no-store"}
    text = _filled(_template(), values)
    return Response(text=text, content_type="text/html", headers=headers | {"Content-Language": language})


def answer_note(request: Request, status: int, word: str) -> Response:
    """A page that only says something: `word` and its note."""
    language = language_of(request.headers.get("Accept-Language", ""))
    words = i18n.load(language).web.page
    title, note = html.escape(words[word]), html.escape(words[f"{word}_note"])
    parts = [
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>',
        '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">',
        f'<link rel="stylesheet" href="/static/{version()}/page.css"></head>',
        f'<body><main id="card"><h1>{title}</h1><p id="note">{note}</p></main></body></html>',
    ]
    rule = policy(request.host, "none")
    headers = {**_ALWAYS, "Content-Security-Policy": rule, "Cache-Control": "no-store"}
    text = "".join(parts)
    return Response(text=text, status=status, content_type="text/html", headers=headers)


def policy(host: str, nonce: str) -> str:
    """Everything from here and nothing from elsewhere; sockets are named for browsers that do not count them
    as `self`."""
    return (
        "default-src 'none'; script-src 'self'; "
        f"style-src 'self' 'nonce-{nonce}'; font-src 'self'; img-src 'self' data:; "
        f"connect-src 'self' ws://{host} wss://{host}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


@cache
def _template() -> str:
    return _file(_OURS, "page.html").read_text("utf-8")


def _filled(template: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        template = template.replace("{{" + name + "}}", value)
    return template
