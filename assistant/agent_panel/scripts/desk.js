// The agent's calls and which of them is on screen; draws whatever is seen of it.
import { Board } from './board.js';
import { letGo, peekAll } from './cards.js';
import { note } from './notes.js';
import { drawOpinion } from './opinion.js';
import { announce, clock, draw, part, refill } from './page.js';
import { drawTranscript } from './transcript.js';
import { WrapUp } from './wrap_up.js';

const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const seconds = () => performance.now() / 1000;

export class Desk {
  constructor() {
    this.between = new Board(newId());
    this.cleared = null; // the questions that 새 상담 put away
    this.boards = new Map(); // calls, by id
    this.current = this.between;
    this.arrived = ''; // a new call that waits until the agent has left the form
    this.told = '';
    this.asked = ''; // what was asked last, and may still stand in the box
    this.wrapUp = new WrapUp(announce);
    this.wrapUp.form.addEventListener('focusout', () => setTimeout(() => this.#goToArrived()));
    setInterval(() => this.#tick(), 1000);
    addEventListener('pagehide', () => this.wrapUp.keep(this.boards.values()));
    this.redraw();
  }

  take(message) {
    if (message.type === 'calls') this.#takeCalls(message.calls);
    const board = this.boards.get(message.call) ?? (message.call === this.between.id ? this.between : null);
    if (!board) return;
    if (message.type === 'line') board.lines.set(message.key, message.html);
    if (message.type === 'suggestion') board.take(message, this.isReading);
    if (message.type === 'fault') board.fault = message.text;
    if (board === this.current) this.redrawSoon();
  }

  // Told anew after every connection: what was said is told again from its beginning.
  #takeCalls(calls) {
    const known = new Set(this.boards.keys());
    const { isOpen } = this.current;
    for (const call of calls) {
      const board = this.boards.get(call.id) ?? new Board(call.id);
      board.call = { ...call, at: seconds() };
      this.boards.set(call.id, board);
    }
    if (isOpen && this.current.hasEnded) part('said').open = false; // makes room for the form
    const newest = calls.filter((call) => call.ended === null && !known.has(call.id)).at(-1);
    if (newest && this.wrapUp.isWriting) this.arrived = newest.id;
    else if (newest) this.go(newest.id);
    this.redrawSoon();
  }

  begin() {
    for (const board of this.boards.values()) board.lines = new Map();
  }

  go(id) {
    this.current = this.boards.get(id) ?? this.between;
    if (id === this.arrived) this.arrived = '';
    if (part('question').value === this.asked) part('question').value = ''; // it was asked on the call before
    part('said').open = this.current.isOpen;
    if (this.current.isOpen) announce('통화가 연결되었습니다.');
    this.redraw();
  }

  #goToArrived() {
    if (this.arrived && !this.wrapUp.isWriting) this.go(this.arrived);
  }

  leave() {
    if (this.current.summary?.saved) this.boards.delete(this.current.id);
    this.go(this.arrived);
  }

  // Whether the reader is to be left alone: new suggestions are announced, not shown.
  get isReading() {
    if (this.current.pinned || this.wrapUp.isWriting) return true;
    const [active, question] = [document.activeElement, part('question')];
    if (active === question) { if (question.value.trim() && question.value !== this.asked) return true; }
    else if (active?.matches('input, textarea') || active?.closest('.card')) return true;
    const selection = getSelection();
    const isSelecting = !selection.isCollapsed && (part('answer').contains(selection.anchorNode) || part('evidence').contains(selection.anchorNode));
    return isSelecting || part('answer').getBoundingClientRect().top < 0;
  }

  clear() {
    this.cleared = this.between;
    this.current = this.between = new Board(newId());
    this.redraw();
  }

  restore() {
    this.current = this.between = this.cleared;
    this.cleared = null;
    this.redraw();
  }

  redrawSoon() {
    this.frame ??= requestAnimationFrame(() => this.redraw());
  }

  redraw() {
    cancelAnimationFrame(this.frame);
    this.frame = undefined;
    const board = this.current;
    if (board.isCurrent || !board.shown) this.#drawSuggestion(board);
    this.#drawCall(board);
    this.#drawPlace(board);
    this.#drawHistory(board);
    this.#drawNews(board);
    this.wrapUp.show(board);
    drawTranscript(board.lines);
    this.#tick();
  }

  #drawSuggestion(board) {
    const { shown } = board;
    if (draw(part('evidence'), shown?.evidence ?? '')) {
      letGo();
      peekAll();
    }
    const box = part('answer');
    box.style.setProperty('--before', `${box.offsetHeight}px`);
    draw(box, shown?.answer ?? '');
    if (!shown) return;
    const section = box.firstElementChild;
    if (shown.ending) {
      section.className = `answer ${shown.ending}`;
      section.ariaBusy = 'false';
    }
    drawOpinion(shown);
    this.#announceShown(board, section);
    if (shown.suggestion !== (shown.displayed ?? '')) {
      shown.displayed = shown.suggestion;
      note(shown.suggestion, { displayed: true });
    }
  }

  #announceShown(board, section) {
    const { shown } = board;
    const words = shown.ending ? section.querySelector(`.when-${shown.ending}`).textContent : shown.announce;
    const told = [board.id, shown.key, shown.edition, words].join('\n');
    if (told !== this.told) announce(words);
    this.told = told;
  }

  #drawCall(board) {
    const kind = board.isOpen ? 'open' : board.hasEnded ? 'ended' : 'idle';
    part('call').className = `call ${kind}`;
    part('call-state').textContent = { open: '통화 중', ended: '통화 종료', idle: '통화 대기 중' }[kind];
    part('call-label').textContent = board.call?.label ?? '';
    part('said').hidden = !board.call;
    part('clear').hidden = board.call !== null || !board.suggestions.size;
    part('empty').className = `empty ${kind}`;
    part('empty').hidden = Boolean(board.shown) || kind === 'ended';
    part('undo').hidden = !this.cleared || board !== this.between || board.suggestions.size > 0;
    part('fault').textContent = board.fault;
    part('fault').hidden = !board.fault;
    this.#drawOthers(board);
  }

  // The way to the agent's other calls.
  #drawOthers(board) {
    const others = [...this.boards.values()].filter((each) => each !== board && !each.summary?.saved);
    refill(part('other-calls'), others.reverse().map((each, place) => {
      const button = document.createElement('button');
      Object.assign(button, { type: 'button', className: 'quiet', textContent: `${each.isOpen ? '통화' : '정리'} ${each.call.label}` });
      Object.assign(button.dataset, { do: 'go', call: each.id });
      if (place === 0) button.setAttribute('aria-keyshortcuts', 'Alt+O');
      return button;
    }));
  }

  #drawPlace(board) {
    const { keys } = board;
    const at = keys.indexOf(board.viewing);
    part('place').hidden = !board.shown;
    part('place-of').textContent = `제안 ${at + 1}/${keys.length}`;
    part('place').querySelector('[data-do=previous]').disabled = at <= 0;
    part('place').querySelector('[data-do=next]').disabled = at === keys.length - 1;
    part('latest').hidden = at === keys.length - 1;
    part('place').querySelector('.pin').setAttribute('aria-pressed', String(board.pinned));
  }

  #drawHistory(board) {
    if (!part('history').open) return;
    const items = [...board.suggestions.values()].reverse().map((known) => {
      const [item, button, question] = ['li', 'button', 'span'].map((name) => document.createElement(name));
      button.type = 'button';
      Object.assign(button.dataset, { do: 'recall', key: known.key });
      if (known.key === board.viewing) button.setAttribute('aria-current', 'true');
      question.textContent = known.question;
      button.innerHTML = known.badge;
      button.append(question);
      item.append(button);
      return item;
    });
    refill(part('history').querySelector('ol'), items);
  }

  #drawNews(board) {
    const [news, count] = [part('news'), board.hasEnded ? 0 : board.unseen.size];
    const [title, words] = this.arrived
      ? ['새 통화', this.boards.get(this.arrived).call.label]
      : [`새 제안 ${count}`, board.suggestions.get([...board.unseen].at(-1))?.question ?? ''];
    const told = `${title} ${words}`;
    if (!news.hidden && news.dataset.told === told) { news.hidden = !this.arrived && !count; return; }
    news.hidden = !this.arrived && !count;
    news.dataset.told = news.hidden ? '' : told;
    news.querySelector('b').textContent = title;
    news.querySelector('span').textContent = words;
    if (!news.hidden) announce(told);
  }

  showNews() {
    if (this.arrived) this.go(this.arrived);
    else this.current.showNews();
    this.redraw();
  }

  #tick() {
    const { call } = this.current;
    const since = call ? seconds() - call.at : 0;
    part('call-clock').textContent = this.current.isOpen ? clock(call.seconds + since) : '';
    if (this.current.hasEnded) this.wrapUp.tick(call.ended + since);
  }
}
