// What is said on the call. It scrolls along, unless the reader has scrolled up in it.
import { part } from './page.js';

const SLACK = 24; // px from the end that still count as the end
const drawn = new WeakMap();

export function drawTranscript(lines) {
  const list = part('transcript');
  const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < SLACK;
  let place = 0;
  for (const html of lines.values()) {
    const item = list.children[place];
    if (!item) list.append(made(html));
    else if (drawn.get(item) !== html) item.replaceWith(made(html));
    place += 1;
  }
  while (list.children.length > place) list.lastElementChild.remove();
  if (isAtEnd) list.scrollTop = list.scrollHeight;
}

function made(html) {
  const template = document.createElement('template');
  template.innerHTML = html;
  const item = template.content.firstElementChild;
  drawn.set(item, html);
  return item;
}
