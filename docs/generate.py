"""Write docs/cli.md from the commands themselves, and the README's figures from what was measured.

With ``--check``, fail when one of them is out of date.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

import typer
from typer.main import get_command

import app
from eval.bench.figures import Figures
from eval.bench.figures import table as bench_table
from eval.report import published
from eval.runs.run import Run

DOCS = Path(__file__).parent
COMMANDS = DOCS / "cli.md"
README = DOCS.parent / "README.md"
HEAD = "# 명령줄\n\n`python docs/generate.py`가 명령의 도움말에서 만든 쪽입니다. 손으로 고치지 마세요.\n"


def commands() -> str:
    """Every command with its arguments and options."""
    root = get_command(app.cli)
    context = typer.Context(root, info_name="onnuri")
    return HEAD + "".join(_sections(root, context))


def _sections(command: "object", context: typer.Context) -> list[str]:
    children = getattr(command, "commands", {})
    if not children:
        return [_section(command, context)]
    found: list[str] = []
    for name, child in children.items():
        found += _sections(child, typer.Context(child, info_name=name, parent=context))
    return found


def _section(command: "object", context: typer.Context) -> str:
    usage = " ".join(command.collect_usage_pieces(context))  # type: ignore[attr-defined]
    lines = [f"\n## `{context.command_path} {usage}`\n", f"\n{(command.help or '').strip()}\n\n"]  # type: ignore[attr-defined]
    for parameter in command.get_params(context):  # type: ignore[attr-defined]
        names = ", ".join(f"`{name}`" for name in (parameter.opts if parameter.opts[0].startswith("-") else ()))
        if names and names != "`--help`":
            lines.append(f"- {names}: {getattr(parameter, 'help', '') or ''}\n")
    return "".join(lines)


def readme() -> str:
    """The README with its figures: ``bench`` from docs/bench.json, any other from docs/runs/NAME/run.json."""
    return published.updated(README.read_text(encoding="utf-8"), measured())


def measured() -> Mapping[str, str]:
    """The parts of a page that were measured, by name."""
    runs = {file.parent.name: file.read_text(encoding="utf-8") for file in DOCS.glob("runs/*/run.json")}
    tables = {name: published.table(Run.model_validate_json(text)) for name, text in runs.items()}
    if (bench := DOCS / "bench.json").exists():
        tables["bench"] = bench_table(Figures.model_validate_json(bench.read_text(encoding="utf-8")))
    return tables


def main() -> None:
    """Write or check the pages."""
    for page, text in ((COMMANDS, commands()), (README, readme())):
        if "--check" not in sys.argv:
            page.write_text(text, encoding="utf-8")
        elif not page.exists() or page.read_text(encoding="utf-8") != text:
            name = page.relative_to(DOCS.parent)
            sys.exit(f"{name}에 옛 내용이 있습니다. 'python docs/generate.py'를 실행하세요.")


if __name__ == "__main__":
    main()
