"""Write docs/cli.md from the commands themselves; with ``--check``, fail when it is out of date."""

import sys
from pathlib import Path

import typer
from typer.main import get_command

import app

PAGE = Path(__file__).with_name("cli.md")
HEAD = "# 명령줄\n\n`python docs/generate.py`가 명령의 도움말에서 만든 쪽입니다. 손으로 고치지 마세요.\n"


def page() -> str:
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


def main() -> None:
    """Write or check the page."""
    text = page()
    if "--check" not in sys.argv:
        PAGE.write_text(text, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
        sys.exit("docs/cli.md가 명령과 다릅니다. 'python docs/generate.py'를 실행하세요.")


if __name__ == "__main__":
    main()
