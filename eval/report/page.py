"""HTML pages to keep and to print: one file, nothing fetched, nothing run, whatever comes from outside escaped."""

from pathlib import Path

from markupsafe import Markup

from eval.report import words
from knowledge_base.errors import EvaluationError

FOLDER = Path(__file__).parent
TEMPLATES = (FOLDER, FOLDER.parent / "load")


def render(template: str, **values: object) -> str:
    """A page of a template below ``page.html.j2``."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "percent": words.percent,
        "interval": words.interval,
        "significance": words.significance,
    }
    # our own file
    style = Markup((FOLDER / "report.css").read_text(encoding="utf-8"))  # noqa: S704
    return environment.get_template(template).render(**values, style=style)


def write(page: str, path: Path) -> None:
    """Write a page; raises EvaluationError when it cannot."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise EvaluationError(
            f"보고서 {path}을(를) 쓸 수 없습니다({error.strerror}). 다른 파일을 지정하세요."
        ) from error
