// The 상담 이력 of a call that has ended: drafted by the server, corrected by the agent, saved and copied out.
// What the agent has written is kept for as long as the page is open, whichever call is on screen.
import { base, clock, copy, objects, part } from './page.js';

const FIELDS = ['category', 'department', 'request', 'outcome', 'follow_ups'];
const SHORT = new Set(['category', 'department']);
const AGAIN = 1000; // ms
const lines = (text) => text.split('\n').map((line) => line.trim()).filter(Boolean);
const address = (id) => new URL(`calls/${encodeURIComponent(id)}/summary`, base);
const asText = (summary) => Object.fromEntries(FIELDS.map((name) => [name, [summary[name]].flat().join('\n')]));

function blank() {
  const draft = Object.fromEntries(FIELDS.map((name) => [name, '']));
  return { draft, values: { ...draft }, touched: new Set(), saved: '', source: '', told: '초안을 만드는 중…' };
}

export class WrapUp {
  constructor(announce) {
    this.form = part('wrap-up');
    this.announce = announce;
    this.board = null;
    this.form.addEventListener('input', ({ target }) => this.#edit(target.name, target.value));
    this.form.addEventListener('submit', (event) => { event.preventDefault(); this.save(); });
  }

  get isWriting() { return this.form.contains(document.activeElement); }

  // Show the form of the call on screen, or none.
  show(board) {
    this.board = board?.hasEnded ? board : null;
    this.form.hidden = this.board === null;
    if (!this.board) return;
    if (!board.summary) {
      board.summary = blank();
      this.#load(board);
    }
    this.#paint();
  }

  async #load(board) {
    try {
      const answer = await fetch(address(board.id));
      if (!answer.ok) throw new Error(answer.status);
      for await (const draft of objects(answer)) this.#take(board.summary, draft);
    } catch {
      board.summary.told = '초안을 아직 불러오지 못했습니다. 직접 적으셔도 저장됩니다.';
      this.#paint();
      setTimeout(() => this.#load(board), AGAIN);
    }
  }

  // A draft changes only what the agent has not.
  #take(summary, { summary: draft, source, saved }) {
    summary.draft = asText(draft);
    for (const name of FIELDS) if (!summary.touched.has(name)) summary.values[name] = summary.draft[name];
    Object.assign(summary, { source, told: '', saved: saved ? told(saved) : summary.saved });
    this.#paint();
  }

  #edit(name, value) {
    const { summary } = this.board;
    summary.values[name] = value;
    summary.touched.add(name);
    Object.assign(summary, { saved: '', told: '' });
    this.#paint();
  }

  undo() {
    const { summary } = this.board;
    Object.assign(summary, { values: { ...summary.draft }, told: '초안으로 되돌렸습니다.' });
    summary.touched.clear();
    this.#paint();
  }

  async save() {
    const { board } = this;
    const { summary } = board;
    const sent = { ...summary.values };
    try {
      const answer = await fetch(address(board.id), this.#request(summary));
      const kept = await answer.json();
      if (!answer.ok) throw new Error(kept.detail);
      this.#takeKept(summary, sent, kept);
    } catch {
      summary.told = '저장하지 못했습니다. 적은 내용은 그대로 있으니 다시 눌러 주세요.';
    }
    this.#paint();
  }

  // What was written since it was sent is not saved, and stays.
  #takeKept(summary, sent, kept) {
    const values = asText(kept.summary);
    const newer = FIELDS.filter((name) => summary.values[name] !== sent[name]);
    for (const name of newer) values[name] = summary.values[name];
    Object.assign(summary, { values, touched: new Set(newer), saved: newer.length ? '' : told(kept.saved), source: kept.source, told: '' });
    if (summary.saved) this.announce(summary.saved);
  }

  #request({ values }) {
    const body = JSON.stringify({ ...values, follow_ups: lines(values.follow_ups) });
    return { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body };
  }

  // As a 상담 이력 system takes it; a field without words is left out.
  get text() {
    const { values } = this.board.summary;
    const label = (name) => `[${this.form.elements[name].dataset.name}]`;
    const text = (name) => (name === 'follow_ups' ? lines(values[name]).map((line) => `- ${line}`).join('\n') : values[name].trim());
    return FIELDS.filter((name) => text(name)).map((name) => `${label(name)}${SHORT.has(name) ? ' ' : '\n'}${text(name)}`).join('\n');
  }

  async copy() {
    await copy(this.text);
    this.board.summary.told = '전체를 복사했습니다.';
    this.#paint();
  }

  // Called when the page is closed: what was written and not saved is.
  keep(boards) {
    for (const { id, summary } of boards) {
      if (summary?.touched.size) fetch(address(id), { ...this.#request(summary), keepalive: true });
    }
  }

  #paint() {
    const { summary } = this.board ?? {};
    if (!summary) return;
    for (const name of FIELDS) {
      const field = this.form.elements[name];
      if (field.value !== summary.values[name]) field.value = summary.values[name];
    }
    part('wrap-up-source').textContent = summary.saved ? '' : summary.source;
    part('wrap-up-told').textContent = summary.told || summary.saved;
    this.form.querySelector('[data-do="undo-summary"]').hidden = FIELDS.every((name) => summary.values[name] === summary.draft[name]);
  }

  // How much of the after-call minute has gone.
  tick(seconds) {
    const time = part('wrap-up-time');
    const whole = Number(time.dataset.seconds);
    time.style.setProperty('--gone', String(Math.min(seconds / whole, 1)));
    time.classList.toggle('over', seconds > whole);
    time.querySelector('time').textContent = `정리 ${clock(seconds)}`;
  }
}

const told = (at) => `저장됨 ${new Date(at).toLocaleTimeString('ko-KR', { hour: '2-digit', minute: '2-digit', hour12: false })}`;
