"""Routes of the plain pages: log in, log out, set up an account, find the panels, change the password."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assistant.accounts.access import Access
from assistant.accounts.attempts import Locked
from assistant.accounts.person import Person, Role, current_person
from assistant.accounts.sign_in import SignIn, Vouched
from assistant.web import pages
from assistant.web.caller import actor_of, address_of
from assistant.web.gate import SET_UP
from assistant.web.pages import Place
from assistant.web.session_cookie import session_token, with_session, without_session
from knowledge_base.errors import AccountError

LARGEST_FORM = 4096
TOO_LARGE_TEXT = "입력이 너무 깁니다. 줄여서 다시 적어 주세요."
DIFFERENT_TEXT = "두 번 적은 비밀번호가 다릅니다. 다시 적어 주세요."
CHANGED_TEXT = "비밀번호를 바꿨습니다. 다른 곳의 로그인은 모두 끝났습니다."
KEPT = {"Cache-Control": "max-age=3600"}

Form = Mapping[str, str]


class Entrance:
    """The handlers; all but reading a form run in threads, because hashing a password takes its time.

    ``sign_in`` lets in whom a trusted proxy names; with ``has_provider`` the organisation has a log-in form of its own.
    """

    def __init__(
        self,
        access: Access,
        places: Sequence[tuple[Role, Place]],
        sign_in: SignIn | None = None,
        *,
        has_provider: bool = False,
    ) -> None:
        self._access = access
        self._places = places
        self._sign_in = sign_in
        self._has_provider = has_provider

    def routes(self) -> list[Route]:
        """To be given to the application."""
        return [
            Route("/", self.home),
            Route("/login", self.log_in_page),
            Route("/login", _taking_form(self.log_in), methods=["POST"]),
            Route("/logout", self.log_out, methods=["POST"]),
            Route(pages.LEFT, lambda request: pages.answer(pages.left())),
            Route(f"{SET_UP}{{token}}", self.set_up_page),
            Route(f"{SET_UP}{{token}}", _taking_form(self.set_up), methods=["POST"]),
            Route("/account", self.console),
            Route("/account/password", _taking_form(self.change_password), methods=["POST"]),
            Route(pages.STYLE_PATH, _style),
            Route(pages.ICON_PATH, _icon),
        ]

    def home(self, request: Request) -> Response:
        """Straight to the one panel a person has; the console page where there are several."""
        places = self._places_of(current_person(request))
        return _to(f"{places[0].path}/") if len(places) == 1 else self.console(request)

    def console(self, request: Request) -> Response:
        """Panels, password, log-out."""
        person = current_person(request)
        return pages.answer(pages.console(person, self._places_of(person)))

    def log_in_page(self, request: Request) -> Response:
        """The form; whoever is in already goes on, and whom a trusted proxy names comes in."""
        target = local_path(request.query_params.get("next", ""))
        if request.state.person:
            return _to(target)
        if self._sign_in and (vouched := request.state.vouched):
            return self._let_in(request, self._sign_in, vouched, target)
        if self._access.accounts.is_empty() and not self._has_provider:
            return pages.answer(pages.no_account())
        return pages.answer(self._form(target))

    def _let_in(self, request: Request, sign_in: SignIn, vouched: Vouched, target: str) -> Response:
        try:
            return with_session(request, _to(target), sign_in.enter(vouched, address_of(request)))
        except AccountError as error:
            return pages.answer(pages.message(str(error)), 403)

    def _form(self, target: str, name: str = "", problem: str = "") -> str:
        return pages.log_in(target, name, problem, has_provider=self._has_provider)

    def log_in(self, request: Request, form: Form) -> Response:
        """Check the password and begin a session."""
        target, name = local_path(form.get("next", "")), form.get("name", "")
        try:
            token = self._access.log_in(name, form.get("password", ""), address_of(request))
        except Locked as locked:
            answer = pages.answer(self._form(target, name, str(locked)), 429)
            answer.headers["Retry-After"] = str(round(locked.seconds))
            return answer
        except AccountError as error:
            return pages.answer(self._form(target, name, str(error)), 401)
        return with_session(request, _to(target), token)

    def log_out(self, request: Request) -> Response:
        """End the session and forget the cookie."""
        self._access.log_out(session_token(request) or "", actor_of(request))
        return without_session(request, _to(pages.LEFT if self._has_provider else "/login"))

    def set_up_page(self, request: Request) -> Response:
        """The form behind a link. Opening it does not use the link up: mail programs open links too."""
        try:
            owner = self._access.links.name(request.path_params["token"])
        except AccountError as error:
            return pages.answer(pages.message(str(error)), 404)
        return pages.answer(pages.set_up(owner))

    def set_up(self, request: Request, form: Form) -> Response:
        """Use the link, and be in."""
        token, name = request.path_params["token"], form.get("name", "")
        try:
            owner = self._access.links.name(token)
        except AccountError as error:
            return pages.answer(pages.message(str(error)), 404)
        try:
            session = self._access.set_up(token, name, _new_password(form), address_of(request))
        except AccountError as error:
            return pages.answer(pages.set_up(owner, name, str(error)), 400)
        return with_session(request, _to("/"), session)

    def change_password(self, request: Request, form: Form) -> Response:
        """Set a new password; stay in here, be out everywhere else."""
        person = current_person(request)
        places = self._places_of(person)
        try:
            token = self._access.change_password(form.get("old", ""), _new_password(form), actor_of(request))
        except AccountError as error:
            return pages.answer(pages.console(person, places, problem=str(error)), 400)
        return with_session(request, pages.answer(pages.console(person, places, done=CHANGED_TEXT)), token)

    def _places_of(self, person: Person) -> list[Place]:
        return [place for role, place in self._places if person.has(role)]


def _taking_form(handler: Callable[[Request, Form], Response]) -> Callable[[Request], object]:
    """An endpoint that reads a small form, then answers it in a thread."""

    async def endpoint(request: Request) -> Response:
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > LARGEST_FORM:
                return pages.answer(pages.message(TOO_LARGE_TEXT), 413)
        form = dict(parse_qsl(body.decode(errors="replace")))
        return await run_in_threadpool(handler, request, form)

    return endpoint


def _new_password(form: Form) -> str:
    password = form.get("password", "")
    if password != form.get("again", ""):
        raise AccountError(DIFFERENT_TEXT)
    return password


def local_path(target: str) -> str:
    """A path of this application, whatever a link asked for.

    >>> [local_path(each) for each in ("/agent/", "//evil.example", "https://evil.example", "/\\\\evil.example")]
    ['/agent/', '/', '/', '/']
    """
    is_local = target.startswith("/") and target[1:2] not in ("/", "\\") and target.isprintable()
    return target if is_local else "/"


def _to(path: str) -> Response:
    return RedirectResponse(path, 303)


@cache
def _sheet() -> str:
    """The panels' colours and the pages' style. A page without scripts is dark where the system is."""
    light, dark = (files("indexing.admin_panel") / "palette.css").read_text("utf-8").split(".dark")
    style = (files("assistant.web") / "web.css").read_text("utf-8")
    return f"{light}@media (prefers-color-scheme: dark) {{ :root{dark}}}\n{style}"


def _style(_: Request) -> Response:
    return Response(_sheet(), media_type="text/css", headers=KEPT)


def _icon(_: Request) -> Response:
    return Response(pages.ICON, media_type="image/svg+xml", headers=KEPT)
