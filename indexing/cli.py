"""``onnuri index``: building, switching and looking after snapshots."""

import typer

import indexing.golden.cli
from indexing.building.cli import activate, build
from indexing.contradictions.cli import contradictions
from indexing.snapshots.cli import diff, list_, rollback, status, verify
from indexing.training.cli import train

app = typer.Typer(help="검색 색인을 만들고, 바꾸고, 되돌립니다.", no_args_is_help=True)

app.add_typer(indexing.golden.cli.app, name="golden")
app.command()(contradictions)
app.command()(train)
app.command()(build)
app.command()(status)
app.command("list")(list_)
app.command()(diff)
app.command()(activate)
app.command()(rollback)
app.command()(verify)
