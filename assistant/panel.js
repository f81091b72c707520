// Runs once, when the shell is on the page. `element` is the shell, `trigger` sends an event to
// panel.py. All clicks and keys are heard on the document, because the other parts are redrawn.
const question = element.querySelector('#question');
const announcer = element.querySelector('#announcer');
const calm = matchMedia('(prefers-reduced-motion: reduce)');
const silence = element.querySelector('#silence');
// Gradio reloads the page once a lost server is back; only the unanswered question outlives that.
const UNANSWERED = 'onnuri-unanswered';
const PATIENCE = 4000; // ms without any sign of the server; the first frame takes some 50
let waiting = 0;
let cleared = '';
let announced = '';

const shownKey = () => Number(document.querySelector('.answer')?.dataset.key ?? 0);
const announce = (text) => { announcer.textContent = text; };

async function noticeSilence() {
  silence.hidden = false;
  announce(silence.textContent);
  const answer = await fetch('.', { method: 'HEAD' }).catch(() => null);
  if (answer?.status === 401) location.reload(); // logged out: through the log-in page and back
}

function ask(text) {
  if (!text.trim()) { announce('질문을 적어 주세요.'); question.focus(); return; }
  question.focus();
  question.select(); // the next question replaces this one; an error leaves it there to be edited
  scrollTo({ top: 0, behavior: calm.matches ? 'auto' : 'smooth' });
  sessionStorage.setItem(UNANSWERED, text);
  clearTimeout(waiting);
  waiting = setTimeout(noticeSilence, PATIENCE);
  trigger('ask', { question: text });
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // no clipboard on a page served over plain http from another machine
    const selected = document.activeElement;
    const box = document.createElement('textarea');
    box.value = text;
    document.body.append(box);
    box.select();
    document.execCommand('copy');
    box.remove();
    selected?.focus();
  }
}

async function copyAnswer(button) {
  await copy(button.dataset.text);
  announce('복사했습니다');
  button.dataset.done = '복사했습니다';
  setTimeout(() => delete button.dataset.done, 1600);
  trigger('note', { key: shownKey(), action: 'copied' });
}

// Where the character offsets of `spans` ("3,9 12,20") lie in the text of an element.
function ranges(box, spans) {
  const places = spans.split(' ').filter(Boolean).map((pair) => pair.split(',').map(Number));
  return places.map(([start, end]) => {
    const range = new Range();
    const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
    // Python counts code points, the DOM UTF-16 units.
    let position = 0;
    range.selectNodeContents(box);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const points = Array.from(node.data);
      const unit = (offset) => points.slice(0, offset - position).join('').length;
      if (start >= position && start < position + points.length) range.setStart(node, unit(start));
      if (end > position && end <= position + points.length) range.setEnd(node, unit(end));
      position += points.length;
    }
    return range;
  });
}

function expand(card, open) {
  const text = card.querySelector('.text');
  const more = card.querySelector('.more');
  text.classList.toggle('open', open);
  more.setAttribute('aria-expanded', String(open));
  if (!open) peek(text);
}

function openCard(number, spans = '') {
  const card = document.getElementById(`card-${number}`);
  if (!card) return;
  const text = card.querySelector('.text');
  if (spans) expand(card, true);
  globalThis.CSS?.highlights?.set('cited', new Highlight(...ranges(text, spans)));
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: 'nearest', behavior: calm.matches ? 'auto' : 'smooth' });
  card.classList.remove('flash');
  void card.offsetWidth; // restarts the animation
  card.classList.add('flash');
}

function judge(button, reason = button.dataset.reason ?? '') {
  const action = button.dataset.action ?? 'rejected';
  trigger('judge', { key: shownKey(), action, reason });
}

const otherReason = (row) => {
  const reason = row.querySelector('input').value.trim();
  if (reason) judge(row.querySelector('button'), reason);
};

const actions = {
  stop: () => { trigger('stop'); question.focus(); },
  clear: () => { cleared = question.value; question.value = ''; trigger('clear'); question.focus(); },
  restore: () => { question.value = cleared; trigger('restore'); question.focus(); },
  recall: (button) => trigger('recall', { key: Number(button.dataset.key) }),
  latest: () => trigger('recall', { key: 0 }),
  example: (button) => { question.value = button.textContent; ask(question.value); },
  copy: copyAnswer,
  feedback: (button) => judge(button),
  'other-reason': (button) => otherReason(button.parentElement),
  expand: (button) => expand(button.closest('.card'), button.getAttribute('aria-expanded') !== 'true'),
  cite: (button) => {
    openCard(button.dataset.number, button.dataset.spans);
    trigger('note', { key: shownKey(), action: 'opened' });
  },
};

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-do]');
  if (button) actions[button.dataset.do](button);
});

element.querySelector('form').addEventListener('submit', (event) => {
  event.preventDefault();
  ask(question.value);
});

document.addEventListener('keydown', (event) => {
  if (event.isComposing) return; // Enter and Esc belong to the Korean input method until it is done
  const typing = event.target.matches('input, textarea');
  const digit = /^Digit([1-9])$/.exec(event.code);
  let handled = true;
  if (event.key === 'Enter' && event.target === question && !event.shiftKey) ask(question.value);
  else if (event.key === 'Enter' && event.target.closest('.other input')) otherReason(event.target.parentElement);
  else if (event.key === 'Escape') {
    if (event.target === question) question.value = '';
    question.focus();
  } else if (event.code === 'Slash' && !typing && !event.altKey && !event.ctrlKey && !event.metaKey) {
    question.focus();
    question.select();
  } else if (event.code === 'KeyC' && (event.altKey || (event.ctrlKey && event.shiftKey))) {
    document.querySelector('[data-do=copy]')?.click();
  } else if (digit && event.altKey) openCard(digit[1]);
  else handled = false;
  if (handled) event.preventDefault();
});

// A folded text shows the lines around its first highlight, and 펼치기 only where something is hidden.
function peek(text) {
  if (text.classList.contains('open')) return;
  const hidden = text.scrollHeight > text.clientHeight + 4;
  const mark = text.querySelector('mark');
  const line = parseFloat(getComputedStyle(text).lineHeight);
  const above = Math.round((mark?.offsetTop ?? 0) / line) - 1;
  text.scrollTop = hidden && above > 0 ? above * line : 0;
  text.classList.toggle('clipped-above', text.scrollTop > 0);
  text.classList.toggle('clipped-below', text.scrollTop + text.clientHeight + 4 < text.scrollHeight);
  text.parentElement.querySelector('.more').hidden = !hidden;
}

function refresh() {
  const said = document.querySelector('[data-announce]')?.dataset.announce ?? '';
  if (said && said !== announced) announce(said);
  announced = said;
  document.querySelectorAll('.card .text').forEach(peek);
}

function redrawn(changes) {
  if (changes.some((change) => document.querySelector('#answer section')?.contains(change.target))) {
    clearTimeout(waiting);
    silence.hidden = true;
    sessionStorage.removeItem(UNANSWERED);
  }
  const evidence = document.getElementById('evidence');
  if (changes.some((change) => evidence?.contains(change.target))) {
    globalThis.CSS?.highlights?.delete('cited');
    document.querySelectorAll('.card.flash').forEach((card) => card.classList.remove('flash'));
  }
  refresh();
}

const page = document.querySelector('.gradio-container') ?? document.body;
const watched = { childList: true, subtree: true, characterData: true, attributeFilter: ['data-announce'] };
new MutationObserver(redrawn).observe(page, watched);
new ResizeObserver(refresh).observe(page);
document.documentElement.lang = 'ko';
question.value = sessionStorage.getItem(UNANSWERED) ?? '';
question.focus();
refresh();
if (question.value) noticeSilence();
