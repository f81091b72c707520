// Runs once, when the shell is on the page. `element` is the shell, `trigger` sends an event to panel.py.
// A click on [data-do] and the submission of form[data-do] send their data attributes, a form its fields too;
// everything else is decided on the server. Clicks and keys are heard on the document, because all other
// parts are redrawn.
const dialog = element.querySelector('#confirm');
const silence = element.querySelector('#silence');
const loggedOut = element.querySelector('#logged-out');
const uploading = element.querySelector('#uploading');
const PATIENCE = 3000; // ms until the server is asked whether it is there
const BUSY = 1000; // ms between two looks while something is running
const QUIET = 10000; // ms otherwise
const LEAVING = new Set(['tab', 'open', 'close', 'part', 'preview', 'gap', 'stop-writing', 'calls', 'call', 'cases', 'case']);
const UNSAVED = '저장하지 않은 글이 있습니다. 버리고 넘어갈까요?';
let waiting = 0;
let looked = 0;
let uploads = 0; // under way
let focused = '';
let opener = ''; // what a key opened the document beside the list from
let beside = '';
const folds = new Map();
const shown = new WeakMap(); // which form an element was last: Gradio makes the next one out of it, what is typed included
let sent = null; // the form beside the list that was sent last, unless it was refused
let told = ''; // the problem on the page
const typed = new Map(); // what is written in a long form and not saved yet, by the form

async function noticeSilence() {
  const answer = await fetch('.', { method: 'HEAD', signal: AbortSignal.timeout(2 * PATIENCE) }).catch(() => null);
  silence.hidden = answer !== null;
  loggedOut.hidden = answer?.status !== 401;
}

function send(values) {
  document.body.classList.add('asking');
  clearTimeout(waiting);
  waiting = setTimeout(noticeSilence, PATIENCE);
  looked = Math.min(looked, Date.now() - QUIET + BUSY); // what it started is looked at soon
  trigger('act', { values });
}

document.addEventListener('answered', () => {
  document.body.classList.remove('asking');
  clearTimeout(waiting);
  silence.hidden = loggedOut.hidden = true;
});

function confirmed(text) {
  if (!text) return Promise.resolve(true);
  dialog.querySelector('p').textContent = text;
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}

const isChanged = (field) => field.defaultValue !== undefined && field.value !== field.defaultValue;
const isUnsaved = () => [...document.querySelectorAll('#side form')]
  .some((form) => form !== sent && [...form.elements].some(isChanged));

async function act(given, fields = {}) {
  const { confirm = LEAVING.has(given.do) && isUnsaved() ? UNSAVED : '', ...values } = given;
  if (await confirmed(confirm)) send({ ...values, ...fields });
}

addEventListener('beforeunload', (event) => { if (uploads || isUnsaved()) event.preventDefault(); });
document.addEventListener('click', (event) => {
  const chosen = event.target.closest('[data-do]');
  if (!chosen || chosen.matches('form')) return;
  if (!chosen.matches('button') && !getSelection().isCollapsed) return; // a row's text can be selected
  if (!chosen.closest('#side, #notice, #job')) opener = event.detail ? '' : named(chosen);
  act(chosen.dataset);
});

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.matches('dialog form')) return;
  event.preventDefault();
  if (!form.dataset.do) return;
  const fields = Object.fromEntries(new FormData(form, event.submitter));
  if (form.matches('.edit')) { // somebody else may have changed a field meanwhile
    const seen = {};
    for (const name of Object.keys(fields)) {
      if (isChanged(form.elements[name])) seen[name] = form.elements[name].defaultValue;
      else delete fields[name];
    }
    fields.seen = JSON.stringify(seen);
  }
  if (form.closest('#side')) sent = form;
  act(form.dataset, fields);
});

document.addEventListener('keydown', (event) => {
  if (event.isComposing || event.target.matches('input, select, textarea')) return;
  if (event.key === '/') {
    document.getElementById('search')?.focus();
    event.preventDefault();
  } else if (event.key === 'Escape' && !dialog.open) document.querySelector('#side [data-do=close]')?.click();
});

// Choosing in a filter asks at once.
document.addEventListener('change', (event) => {
  if (event.target.matches('.filters select')) event.target.form.requestSubmit();
  if (event.target.id === 'files') {
    upload(event.target.form, [...event.target.files]);
    event.target.value = ''; // the same file, mended, can be chosen again
  }
});

// What the server says to a file; one whose sender is logged out waits until they are in again.
async function put(file) {
  const address = new URL(`uploads?name=${encodeURIComponent(file.name)}`, location.href.replace(/[^/]*$/, ''));
  const answer = await fetch(address, { method: 'POST', body: file }).catch(() => null);
  loggedOut.hidden = answer?.status !== 401;
  if (loggedOut.hidden) return answer;
  await new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
  return put(file);
}

// Files, one after the other; what came of them is told when all are there.
async function upload(form, files) {
  const { kind } = Object.fromEntries(new FormData(form));
  const names = [];
  const refused = [];
  uploads += 1;
  uploading.hidden = false;
  for (const [at, file] of files.entries()) {
    uploading.textContent = `올리는 중 ${at + 1} / ${files.length}: ${file.name}`;
    const answer = await put(file);
    const said = await answer?.json().catch(() => null);
    if (answer?.ok) names.push(said.name);
    else refused.push({ name: file.name, problem: said?.detail ?? '서버에 닿지 않습니다. 다시 올려 주세요.' });
  }
  uploads -= 1;
  uploading.hidden = uploads === 0;
  if (files.length) send({ do: 'import', kind, names: JSON.stringify(names), refused: JSON.stringify(refused) });
}

for (const type of ['dragover', 'dragleave', 'drop']) {
  document.addEventListener(type, (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault(); // a file dropped beside the box must not replace the page
    const form = document.querySelector('form.upload');
    form?.classList.toggle('over', type === 'dragover');
    if (type === 'drop' && form) upload(form, [...event.dataTransfer.files]);
  });
}

// What is redrawn keeps the focus, the folds and the unsaved words it had.
const named = (target) => {
  const owner = target.closest?.('[data-do]');
  if (target.id) return `#${CSS.escape(target.id)}`;
  if (target.name && target.form) return `form[data-do="${target.form.dataset.do}"] [name="${target.name}"]`;
  if (!owner) return '';
  const values = Object.entries(owner.dataset).map(([name, value]) => `[data-${name}="${CSS.escape(value)}"]`);
  return `${owner.localName}${values.join('')}`;
};

document.addEventListener('focusin', (event) => { focused = named(event.target); });
document.addEventListener('input', ({ target: { form } }) => {
  if (form === sent) sent = null;
  if (form?.matches('[data-typed]')) typed.set(form.dataset.id, Object.fromEntries(new FormData(form)));
});
document.addEventListener('toggle', (event) => {
  const group = event.target.dataset?.group;
  if (group && event.isTrusted) folds.set(group, event.target.open);
}, true);

function retype(form) {
  for (const [name, value] of Object.entries(typed.get(form.dataset.id) ?? {})) {
    const field = form.elements[name];
    if (field && field.value !== value) field.value = value;
  }
}

function forgetTyped(form) {
  const which = form.id + JSON.stringify(form.dataset);
  if (shown.has(form) && shown.get(form) !== which) form.reset();
  shown.set(form, which);
}

// Another document beside the list begins at its top; keys go on there, and back when it is closed.
function besideRedrawn() {
  const article = document.querySelector('#side article');
  const title = article?.querySelector('h2').textContent ?? '';
  if (title === beside) return;
  beside = title;
  if (article) article.scrollTop = 0;
  if (opener) (article?.querySelector('[data-do=close]') ?? document.querySelector(opener))?.focus();
  if (!article) opener = '';
}

function redrawn() {
  const problem = document.querySelector('#notice .problem')?.textContent ?? '';
  if (problem && problem !== told) sent = null;
  told = problem;
  document.querySelectorAll('form[data-do]').forEach(forgetTyped);
  besideRedrawn();
  for (const [group, open] of folds) {
    const fold = document.querySelector(`details[data-group="${group}"]`);
    if (fold && fold.open !== open) fold.open = open;
  }
  const writing = document.querySelector('form[data-typed]');
  if (writing) retype(writing);
  else typed.clear();
  if (document.activeElement === document.body && focused) {
    (document.querySelector(focused) ?? writing?.querySelector('textarea'))?.focus({ preventScroll: true });
  }
}

function look() {
  const wait = document.querySelector('[data-running]') ? BUSY : QUIET;
  if (document.hidden || Date.now() - looked < wait) return;
  looked = Date.now();
  trigger('look');
}

const page = document.querySelector('.gradio-container') ?? document.body;
new MutationObserver(redrawn).observe(page, { childList: true, subtree: true });
document.documentElement.lang = 'ko';
for (const part of ['notice', 'job']) document.getElementById(part)?.setAttribute('aria-live', 'polite');
setInterval(look, 250);
