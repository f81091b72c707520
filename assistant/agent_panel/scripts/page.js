// Small things that every part of the page needs.
export const part = (id) => document.getElementById(id);

export const base = new URL('.', location.href.replace(/[^/]*$/, ''));

export const calm = matchMedia('(prefers-reduced-motion: reduce)');

// Tell a screen reader; the same words twice are told twice.
export function announce(text) {
  const announcer = part('announcer');
  announcer.textContent = '';
  announcer.textContent = text;
}

const drawn = new WeakMap();

// Replace what an element holds, if it is something else; the keyboard stays where it was.
export function draw(element, html) {
  if (drawn.get(element) === html) return false;
  const focused = element.contains(document.activeElement) ? document.activeElement : null;
  const name = focused?.closest('[data-do]')?.dataset.do;
  const card = focused?.closest('.card')?.id;
  drawn.set(element, html);
  element.innerHTML = html;
  if (focused) (element.querySelector(`[data-do="${name}"]`) ?? part(card) ?? part('question')).focus({ preventScroll: true });
  return true;
}

// Replace the children of an element, if they are others: a button that is about to be pressed stays.
export function refill(element, children) {
  const filled = element.cloneNode();
  filled.append(...children);
  if (filled.innerHTML !== element.innerHTML) element.replaceChildren(...children);
}

export async function copy(text) {
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

// The JSON objects of an answer, one a line, as they come. Throws when the connection breaks.
export async function* objects(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    const lines = (rest + value).split('\n');
    rest = lines.pop();
    for (const line of lines) yield JSON.parse(line);
  }
}

// 61 → '1:01'
export const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
