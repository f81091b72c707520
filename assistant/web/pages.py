"""The pages around the panels as plain HTML: they work without scripts. Pure functions, everything escaped."""

from collections.abc import Iterable
from html import escape
from typing import NamedTuple
from urllib.parse import quote

from starlette.responses import HTMLResponse

from assistant.accounts.passwords import SHORTEST
from assistant.accounts.person import LONGEST_NAME, Person

TITLE = "온누리 상담 어시스트"
STYLE_PATH = "/web.css"
ICON_PATH = "/favicon.ico"
ORGANIZATION = "/login/organization"
"""Where the organisation's own log-in begins; what else belongs to it lies below."""
LEFT = "/login/left"
RULE = f"{SHORTEST}자 이상. 낱말 여러 개를 이어 쓰면 외우기 쉽고 튼튼합니다."
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADSET = (
    "M3 14v-2a9 9 0 0 1 18 0v2M3 14a2 2 0 0 1 2-2h1v7H5a2 2 0 0 1-2-2ZM21 14a2 2 0 0 0-2-2h-1v7h1a2 2 0 0 0 2-2Z"
    "m-2 5c0 1.5-2 2.5-5 2.5"
)
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#2a86bd" stroke-width="2" '
    f'stroke-linecap="round" stroke-linejoin="round"><path d="{_HEADSET}"/></svg>'
)
"""Of every page and panel; a colour that shows on light and dark tabs."""
LOGO = f'<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{_HEADSET}"/></svg>'


class Place(NamedTuple):
    """One panel on the console page."""

    path: str
    title: str
    told: str


def answer(page: str, status: int = 200) -> HTMLResponse:
    """``page`` with the policy that forbids it everything but its own style and forms."""
    return HTMLResponse(page, status, {"Content-Security-Policy": POLICY})


def log_in(target: str, name: str = "", problem: str = "", *, has_provider: bool = False) -> str:
    """The log-in form; leads to ``target`` afterwards. The organisation's own log-in comes first where there is one."""
    link = f'<a class="button" href="{ORGANIZATION}?next={quote(target)}">기관 계정으로 로그인</a>'
    return _page(
        "로그인",
        _problem(problem)
        + (link if has_provider else "")
        + '<form method="post" action="/login">'
        + f'<input type="hidden" name="next" value="{escape(target)}">'
        + _name(name)
        + _password("password", "비밀번호", has_focus=bool(name))
        + '<button type="submit">로그인</button></form>'
        + '<p class="aside">비밀번호를 잊었으면 관리자에게 새 링크를 부탁하세요.</p>',
    )


def left() -> str:
    """After the log-out where the organisation's own log-in would let the next person in without asking."""
    return _page(
        "로그아웃했습니다",
        f'<p>여럿이 쓰는 컴퓨터이면 <a href="{ORGANIZATION}/leave">기관 계정에서도 로그아웃</a>하세요.</p>'
        '<p class="aside"><a href="/login">다시 로그인</a></p>',
    )


def no_account() -> str:
    """Instead of the log-in form, until the first administrator is made."""
    return _page(
        "시작하기",
        "<p>아직 계정이 없습니다. <code>make run</code>이나 <code>onnuri serve</code>를 실행한 터미널에 나온 "
        "<b>첫 관리자 링크</b>를 여세요.</p>"
        '<p class="aside">터미널이 없으면 서버에서 <code>onnuri user add 이름 --role admin</code>을 실행하세요.</p>',
    )


def set_up(owner: str | None, name: str = "", problem: str = "") -> str:
    """The form behind a one-time link; without ``owner`` it makes the first administrator."""
    who = _name(name) if owner is None else f"<p>이름 <b>{escape(owner)}</b></p>{_hidden_name(owner)}"
    told = (
        "<p>첫 관리자 계정을 만듭니다. 모든 화면을 쓸 수 있습니다.</p>"
        if owner is None
        else "<p>이 계정에서 쓸 비밀번호를 정하세요.</p>"
    )
    return _page(
        "첫 관리자 만들기" if owner is None else "비밀번호 정하기",
        f'{told}{_problem(problem)}<form method="post">{who}{_new_password()}'
        '<button type="submit">정하고 시작하기</button></form>',
    )


def console(person: Person, places: Iterable[Place], problem: str = "", done: str = "") -> str:
    """Where a person's panels, password and way out are."""
    links = "".join(
        f'<li><a href="{escape(place.path)}/"><b>{escape(place.title)}</b><span>{escape(place.told)}</span></a></li>'
        for place in places
    )
    roles = ", ".join(sorted(role.label for role in person.roles))
    return _page(
        f"{person.name} 님",
        f'<p class="roles">{escape(roles)}</p>'
        + (f'<nav aria-label="화면"><ul>{links}</ul></nav>' if links else "<p>쓸 수 있는 화면이 아직 없습니다.</p>")
        + (f'<p class="done" role="status">{escape(done)}</p>' if done else "")
        + f"<details{' open' if problem else ''}><summary>비밀번호 바꾸기</summary>{_problem(problem)}"
        '<form method="post" action="/account/password">'
        + _hidden_name(person.name)
        + _password("old", "지금 비밀번호", has_focus=False)
        + _new_password()
        + '<button type="submit" class="quiet">바꾸기</button></form></details>'
        '<form method="post" action="/logout"><button type="submit" class="quiet">로그아웃</button></form>',
    )


def message(text: str) -> str:
    """One sentence, and the way back."""
    return _page("알림", f'<p>{escape(text)}</p><p class="aside"><a href="/">처음으로</a></p>')


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="ko"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">'
        f'<title>{escape(title)} · {TITLE}</title><link rel="icon" href="{ICON_PATH}">'
        f'<link rel="stylesheet" href="{STYLE_PATH}"></head><body>'
        f"<header>{LOGO}<span>{TITLE}</span></header><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )


def _problem(text: str) -> str:
    return f'<p class="problem" role="alert">{escape(text)}</p>' if text else ""


def _name(value: str) -> str:
    focus = "" if value else " autofocus"
    return (
        f'<label>이름<input name="name" value="{escape(value)}" maxlength="{LONGEST_NAME}" required{focus} '
        'autocomplete="username" autocapitalize="none" spellcheck="false"></label>'
    )


def _hidden_name(name: str) -> str:
    """Tells a password manager whose password it keeps."""
    return f'<input name="name" value="{escape(name)}" autocomplete="username" hidden>'


def _password(field: str, label: str, *, has_focus: bool) -> str:
    focus = " autofocus" if has_focus else ""
    return (
        f'<label>{label}<input type="password" name="{field}" required{focus} maxlength="128" '
        'autocomplete="current-password"></label>'
    )


def _new_password() -> str:
    return (
        '<label>새 비밀번호<input type="password" name="password" required maxlength="128" '
        f'minlength="{SHORTEST}" autocomplete="new-password" aria-describedby="rule"></label>'
        f'<p id="rule" class="aside">{RULE}</p>'
        '<label>새 비밀번호 한 번 더<input type="password" name="again" required maxlength="128" '
        'autocomplete="new-password"></label>'
    )
