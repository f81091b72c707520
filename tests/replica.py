"""A replica of its own process (``replica.py PORT ADDRESS``): search and LLM are scripted, the rest is real."""

import sys

import uvicorn
from people import CHEAP
from scripted_assistant import ScriptedAssistant, ScriptedFinder

from assistant import web
from assistant.accounts.access import Access
from assistant.accounts.passwords import Passwords
from assistant.accounts.tables import AccountTables
from assistant.audit.log import AuditLog
from assistant.calls import api
from assistant.calls.feedback import Feedback
from assistant.calls.records import CallRecords
from assistant.calls.summary import Summaries
from assistant.calls.switchboard import Switchboard
from assistant.database.postgresql import PostgreSQL
from assistant.journal import Journal
from indexing.lexical.tokens import Analyzer


def main(port: int, address: str) -> None:
    """Serve the API until killed."""
    place = PostgreSQL(address)
    journal, records = Journal(place), CallRecords(place)
    assistant = ScriptedAssistant(journal=journal, delay=0.2)
    switchboard = Switchboard(ScriptedFinder(), assistant, records)
    switchboard.follow_replicas()
    app = web.build(Access(AccountTables(place), AuditLog(place), Passwords(CHEAP)), [])
    app.include_router(api.router(switchboard, assistant, Feedback(journal), Summaries(records, journal, Analyzer())))
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
