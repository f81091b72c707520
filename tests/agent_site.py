"""The agent's panel served as the console serves it, with a scripted assistant and finder behind it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from fastapi import FastAPI
from loopback import made, served
from people import Office
from scripted_assistant import ScriptedAssistant, ScriptedFinder

from assistant import panel, web
from assistant.accounts.person import Role
from assistant.agent_panel.desk import Desk
from assistant.calls.feedback import Feedback
from assistant.calls.records import CallInfo, CallRecords
from assistant.calls.summary import Summaries
from assistant.calls.switchboard import Switchboard
from assistant.calls.utterance import Speaker, Utterance
from assistant.journal import Action, Journal
from indexing.lexical.tokens import Analyzer


class FragileJournal(Journal):
    """A journal whose disk can be full."""

    broken = False

    def add_feedback(self, suggestion: str, action: Action, reason: str = "", agent: str = "") -> None:
        if self.broken:
            raise OSError("planted failure")
        super().add_feedback(suggestion, action, reason, agent)


@dataclass
class AgentSite:
    """The served panel and what stands behind it."""

    url: str
    people: Office
    assistant: ScriptedAssistant
    journal: FragileJournal
    desk: Desk

    @property
    def switchboard(self) -> Switchboard:
        return self.desk.switchboard

    def call(self, agent: str = "kim", external: str = "") -> CallInfo:
        """A call put through to an agent."""
        return self.switchboard.start(agent=agent, external=external, started_by="cti")

    def say(
        self, call: CallInfo, line: int, text: str, speaker: Speaker = Speaker.CALLER, *, final: bool = True
    ) -> None:
        said = Utterance(line=line, speaker=speaker, text=text, final=final, at=float(line))
        self.switchboard.hear(call.id, [said])


def desk_of(assistant: ScriptedAssistant, journal: Journal, path: Path) -> Desk:
    """What the pages need, kept in the file at ``path``."""
    records = CallRecords(path)
    board = Switchboard(ScriptedFinder(), assistant, records)
    return Desk(assistant, board, Feedback(journal), Summaries(records, journal, Analyzer()))


@contextmanager
def agent_site(people: Office, path: Path, port: int = 0) -> Iterator[AgentSite]:
    """The panel at /agent, behind the gate; ``path`` is where calls and journal are kept."""
    journal = FragileJournal(path)
    assistant = ScriptedAssistant(journal=journal)
    desk = desk_of(assistant, journal, path)

    def make() -> FastAPI:
        mount = partial(panel.mount, desk=desk)
        return web.build(
            people.access, [web.Panel("/agent", Role.AGENT, "상담원 화면", "", panel.build_panel(), mount)]
        )

    with served(made(make), port) as url:
        yield AgentSite(url, people, assistant, journal, desk)
    desk.switchboard.close()
