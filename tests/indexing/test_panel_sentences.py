"""Nothing in the panel tells an admin to type a command."""

import re
from pathlib import Path

import indexing
import knowledge_base
from indexing.admin_panel.sentences import PRESSED, in_panel

ROOMS = [Path(str(room.__file__)).parent for room in (indexing, knowledge_base)]
COMMANDS = ("cli.py", "_cli.py", "cli_decisions.py", "console.py", "admin_panel/sentences.py")


def sentences() -> list[str]:
    files = [file for room in ROOMS for file in room.rglob("*.py") if not file.as_posix().endswith(COMMANDS)]
    code = "".join(file.read_text(encoding="utf-8") for file in files)
    return re.findall(r'"([^"\n]*(?:onnuri (?:kb|index)|--accept)[^"\n]*)"', re.sub('"""[\\s\\S]*?"""', "", code))


def test_every_command_in_a_sentence_becomes_something_to_press() -> None:
    assert sentences()
    assert [said for said in sentences() if re.search("onnuri (kb|index)|--accept", in_panel(said))] == []


def test_every_sentence_that_is_replaced_is_still_said() -> None:
    assert [typed for typed in PRESSED if not any(typed in said for said in sentences())] == []
