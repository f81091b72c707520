"""Plays a transcript to a running onnuri in real time and prints what the agent would see.

    python examples/simulate.py examples/call.jsonl --token TOKEN --agent kim

A line of the transcript: {"speaker": "caller", "text": "여권 재발급 수수료가 얼마예요?", "final": true, "at": 3.2}
"""

import argparse
import json
import sys
import threading
import time
from pathlib import Path

import httpx2
from client import Calls, Event


def show(event: Event) -> None:
    """One event as a line or two."""
    if event["type"] == "utterance" and event["final"]:
        print(f"{event['at']:6.1f}  {event['speaker']}: {event['text']}")
    elif event["type"] == "evidence":
        print(f"{event['at']:6.1f}  → {event['question']}  {', '.join(event['documents'][:3])}")
    elif event["type"] == "final":
        print(f"{event['at']:6.1f}  [{event['status']}] {event['answer']}")


def play(calls: Calls, call: str, transcript: list[Event], speed: float) -> None:
    """Say each line when its time has come, then end the call."""
    began = time.monotonic()
    for seq, line in enumerate(transcript):
        time.sleep(max(0.0, line["at"] / speed - (time.monotonic() - began)))
        calls.say(call, seq, line["speaker"], line["text"], final=line.get("final", True), at=line["at"])
    calls.end(call)


def main() -> None:
    """Speak in one thread and listen in the other."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("transcript", type=Path)
    options.add_argument("--url", default="http://127.0.0.1:7860")
    options.add_argument("--token", required=True)
    options.add_argument("--agent", required=True)
    options.add_argument("--speed", type=float, default=1.0, help="2 plays twice as fast")
    chosen = options.parse_args()
    transcript = [json.loads(line) for line in chosen.transcript.read_text("utf-8").splitlines() if line.strip()]
    calls = Calls(chosen.url, chosen.token)
    try:
        call = calls.start(chosen.agent)
    except httpx2.HTTPStatusError as error:
        sys.exit(error.response.json()["detail"])
    speaking = threading.Thread(target=play, args=(calls, call, transcript, chosen.speed))
    speaking.start()
    for event in calls.events(call):
        show(event)
    speaking.join()
    calls.close()


if __name__ == "__main__":
    main()
