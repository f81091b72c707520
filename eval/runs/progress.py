"""How far a run has come and how long it will take, on the error stream of a terminal.

Without a terminal nothing is printed except the warning that the LLM does not answer.
"""

import sys
from collections.abc import Iterable, Iterator

from eval.examination.result import Result
from eval.runs.silent_llm import warned

_FORMAT = "{desc} {percentage:3.0f}% |{bar}| {n_fmt}/{total_fmt}문항, {elapsed} 지남, {remaining} 남음{postfix}"


def shown(results: Iterable[Result], total: int) -> Iterator[Result]:
    """The results one by one, with a progress bar of ``total`` on a terminal's stderr; it counts failures."""
    from tqdm import tqdm

    failed = 0
    with tqdm(results, desc="평가", total=total, file=sys.stderr, disable=None, bar_format=_FORMAT) as bar:
        for result in warned(bar, lambda sentence: bar.write(sentence, file=sys.stderr)):
            failed += result.failed
            if failed:
                bar.set_postfix_str(f"실패 {failed}")
            yield result
