"""``onnuri index train``: an embedding model that has read the knowledge base."""

from typing import TYPE_CHECKING, Never, Protocol

import typer

from indexing.console import home_of
from knowledge_base.console import AsJson, to_json

if TYPE_CHECKING:
    from indexing.embedding.model import EmbeddingModel
    from indexing.lexical.tokens import Analyzer


class _Console(Protocol):
    """What the command needs of the running program (``ctx.obj``)."""

    def embedder(self) -> "EmbeddingModel": ...

    def analyzer(self) -> "Analyzer": ...


def train(ctx: typer.Context, as_json: AsJson = False) -> None:
    """지식 베이스에서 만든 질문으로 임베딩 모델을 학습합니다(2코어에서 약 10분).

    따로 둔 문서에서 나아졌을 때만 새 모델 폴더를 만듭니다. 설정을 바꾸고 색인을 새로 만들기 전에는 그대로입니다.
    """
    from tqdm import tqdm

    from indexing.building import contents
    from indexing.training import fine_tuning
    from knowledge_base.storage.store import KnowledgeStore

    console: _Console = ctx.obj
    documents = [stored.document for stored in KnowledgeStore(home_of(ctx).knowledge).documents()]

    def show(stage: str, done: int, total: int) -> None:
        bar.update(done - bar.n)

    bar: tqdm[Never]
    with tqdm(desc="학습", total=fine_tuning.STEPS, unit="걸음", disable=None) as bar:
        done = fine_tuning.train(
            console.embedder().folder,
            list(contents.entries(documents)),
            console.analyzer(),
            progress=show,
        )
    if as_json:
        typer.echo(to_json({**done._asdict(), "folder": str(done.folder)}))
        return
    typer.echo(f"따로 둔 문서에서 MRR@10 {done.before:.3f} → {done.after:.3f}: {done.folder}")
    typer.echo(
        f"쓰려면 ONNURI_EMBEDDING_MODEL={done.folder}(으)로 설정하고 'onnuri index build'를 실행하세요. "
        "되돌리려면 이 설정을 지우고 'onnuri index rollback'을 실행하세요."
    )
