// What the agent did with suggestions, on its way to the journal. What cannot be sent waits and is sent later.
import { base } from './page.js';

const AGAIN = 3000; // ms
const waiting = []; // { suggestion, given, told }
let sending = false;

// `told` gets 'kept', 'waiting' (the server cannot be reached) or 'refused'.
export function note(suggestion, given, told = () => {}) {
  if (!suggestion) return;
  waiting.push({ suggestion, given, told });
  sendNotes();
}

export async function sendNotes() {
  if (sending) return;
  sending = true;
  try {
    while (waiting.length) {
      const { told } = waiting[0];
      told(await posted(waiting[0]));
      waiting.shift();
    }
  } catch {
    waiting.forEach(({ told }) => told('waiting'));
    setTimeout(sendNotes, AGAIN);
  } finally {
    sending = false;
  }
}

async function posted({ suggestion, given }) {
  const headers = { 'Content-Type': 'application/json' };
  const address = new URL(`suggestions/${encodeURIComponent(suggestion)}/feedback`, base);
  const answer = await fetch(address, { method: 'POST', headers, body: JSON.stringify(given), keepalive: true });
  return answer.ok ? 'kept' : 'refused';
}
