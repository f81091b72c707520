// Asking a typed question, on a call or between calls.
import { announce, base, calm, objects, part } from './page.js';

const PATIENCE = 4000; // ms without any sign of the server
// The unanswered question alone outlives the page, which leads through the log-in when a session has ended.
const UNANSWERED = 'onnuri-unanswered';
let count = 0;
const running = new Map(); // how to stop, by key

export function stop(key) {
  running.get(key)?.abort();
}

export const unanswered = () => sessionStorage.getItem(UNANSWERED) ?? '';

export async function ask(desk, text) {
  const board = desk.current;
  count += 1;
  const [key, stopper] = [`typed-${count}`, new AbortController()];
  running.forEach((each) => each.abort()); // a new question replaces the one that is being answered
  running.set(key, stopper);
  desk.asked = text;
  sessionStorage.setItem(UNANSWERED, text);
  const waiting = setTimeout(() => silent(true), PATIENCE);
  scrollTo({ top: 0, behavior: calm.matches ? 'auto' : 'smooth' });
  try {
    const answer = await posted({ question: text, call: board.id, key }, stopper.signal);
    for await (const message of objects(answer)) {
      clearTimeout(waiting);
      silent(false);
      sessionStorage.removeItem(UNANSWERED);
      take(desk, board, key, message);
    }
  } catch {
    clearTimeout(waiting);
    board.end(key, stopper.signal.aborted ? 'stopped' : 'cut');
    silent(!stopper.signal.aborted && !board.suggestions.has(key));
    desk.redraw();
  } finally {
    running.delete(key);
  }
}

async function posted(typed, signal) {
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(new URL('ask', base), { method: 'POST', headers, body: JSON.stringify(typed), signal });
  if (answer.status === 401) location.reload(); // logged out: through the log-in page and back
  if (!answer.ok) throw new Error(answer.status);
  return answer;
}

function take(desk, board, key, message) {
  if (message.type === 'taken') board.expect(key, message.key);
  else {
    board.take(message, desk.isReading);
    if (!board.suggestions.get(key).isAsked) { // it was asked for, whatever else is being read
      board.suggestions.get(key).isAsked = true;
      board.pinned = false;
      board.show(key);
    }
  }
  if (board === desk.current) desk.redraw();
}

function silent(isSilent) {
  part('silence').hidden = !isSilent;
  if (isSilent) announce(part('silence').textContent);
}
