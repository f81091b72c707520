// The agent's page: what its buttons and keys do. `start` is called once, when the shell is on the page.
import { ask, stop, unanswered } from './ask.js';
import { expand, openCard, peekAll } from './cards.js';
import { Desk } from './desk.js';
import { listenToKeys } from './keys.js';
import { follow } from './live.js';
import { note, sendNotes } from './notes.js';
import { judge } from './opinion.js';
import { announce, copy, part } from './page.js';

export function start(element) {
  const question = element.querySelector('#question');
  const desk = new Desk();
  const redraw = () => desk.redraw();
  let cleared = '';
  let isConnected = true;

  function askFor(text) {
    if (!text.trim()) { announce('질문을 적어 주세요.'); question.focus(); return; }
    question.focus();
    question.select(); // the next question replaces this one; an error leaves it there to be edited
    ask(desk, text);
  }

  async function copyAnswer(button) {
    await copy(button.dataset.text);
    announce('복사했습니다');
    button.dataset.done = '복사했습니다';
    setTimeout(() => delete button.dataset.done, 1600);
    note(desk.current.shown.suggestion, { copied: true });
  }

  function open(number, spans) {
    const document = openCard(number, spans);
    if (document) note(desk.current.shown.suggestion, { opened: [document] });
  }

  function opine({ dataset: { action, reason = '' } }) {
    judge(desk.current.shown, action, reason, redraw);
  }

  function otherReason(row) {
    const reason = row.querySelector('input').value.trim();
    if (reason) judge(desk.current.shown, 'rejected', reason, redraw);
  }

  function stopShown() {
    const { viewing } = desk.current;
    desk.current.end(viewing, 'stopped');
    stop(viewing);
    question.focus();
    redraw();
  }

  function help(button) {
    const box = part('help');
    box.hidden = !box.hidden;
    button.setAttribute('aria-expanded', String(!box.hidden));
  }

  const seen = (change) => { change(); redraw(); };

  const actions = {
    help,
    stop: stopShown,
    clear: () => { cleared = question.value; question.value = ''; desk.clear(); question.focus(); },
    restore: () => { question.value = cleared; desk.restore(); question.focus(); },
    recall: (button) => seen(() => { desk.current.show(button.dataset.key); part('place-of').focus(); }),
    latest: () => seen(() => desk.current.show(desk.current.newest)),
    previous: () => seen(() => desk.current.step(-1)),
    next: () => seen(() => desk.current.step(1)),
    pin: () => seen(() => { desk.current.pinned = !desk.current.pinned; }),
    news: () => desk.showNews(),
    go: (button) => desk.go(button.dataset.call),
    leave: () => desk.leave(),
    alternative: (button) => ask(desk, button.dataset.question),
    example: (button) => { question.value = button.textContent; askFor(question.value); },
    copy: copyAnswer,
    feedback: opine,
    'other-reason': (button) => otherReason(button.parentElement),
    'copy-summary': () => desk.wrapUp.copy(),
    'undo-summary': () => desk.wrapUp.undo(),
    expand: (button) => expand(button.closest('.card'), button.getAttribute('aria-expanded') !== 'true'),
    cite: (button) => open(button.dataset.number, button.dataset.spans),
  };

  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-do]');
    if (button || !event.target.closest('#history')) part('history').open = false;
    if (button) actions[button.dataset.do](button);
  });

  part('history').addEventListener('toggle', redraw);
  question.addEventListener('input', () => { part('silence').hidden = true; });

  document.addEventListener('mousedown', (event) => { // a click leaves the keyboard in the question box
    if (document.activeElement === question && event.target.closest('[data-do]')) event.preventDefault();
  });

  element.querySelector('form.ask').addEventListener('submit', (event) => {
    event.preventDefault();
    askFor(question.value);
  });

  listenToKeys((event, isTyping) => {
    const digit = /^Digit([1-9])$/.exec(event.code);
    const isPlain = !event.altKey && !event.ctrlKey && !event.metaKey;
    if (event.key === 'Enter' && event.target === question && !event.shiftKey) askFor(question.value);
    else if (event.key === 'Enter' && event.target.closest('.other input')) otherReason(event.target.parentElement);
    else if (event.key === 'Escape') {
      if (event.target === question) question.value = '';
      part('history').open = false;
      part('silence').hidden = true;
      question.focus();
    } else if (event.code === 'Slash' && !isTyping && isPlain) {
      question.focus();
      question.select();
    } else if (digit && event.altKey && !event.shiftKey) open(digit[1]);
    else return false;
    return true;
  });

  follow((message) => desk.take(message), () => desk.begin(), (connected) => {
    if (connected === isConnected) return;
    isConnected = connected;
    part('lost').hidden = connected;
    part('silence').hidden = true; // said by the other line
    if (connected) sendNotes();
  });

  new ResizeObserver(peekAll).observe(element);
  document.documentElement.lang = 'ko';
  question.focus();
  const early = question.value; // typed before this script was there; an Enter then was only a new line
  question.value = early.trim() || unanswered();
  element.querySelector('form.ask button').disabled = false;
  if (early.endsWith('\n')) askFor(question.value);
}
