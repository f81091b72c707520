// Evidence cards: opened by citation or key, folded around what matters in them.
import { calm, part } from './page.js';

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

export function expand(card, open) {
  const text = card.querySelector('.text');
  text.classList.toggle('open', open);
  card.querySelector('.more').setAttribute('aria-expanded', String(open));
  if (!open) peek(text);
}

// Bring a card into view and emphasise what is cited of it; returns the id of its document, '' without a card.
export function openCard(number, spans = '') {
  const card = part(`card-${number}`);
  if (!card) return '';
  const text = card.querySelector('.text');
  if (spans) expand(card, true);
  globalThis.CSS?.highlights?.set('cited', new Highlight(...ranges(text, spans)));
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: 'nearest', behavior: calm.matches ? 'auto' : 'smooth' });
  card.classList.remove('flash');
  void card.offsetWidth; // restarts the animation
  card.classList.add('flash');
  return card.dataset.document;
}

export const letGo = () => globalThis.CSS?.highlights?.delete('cited');

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

export const peekAll = () => document.querySelectorAll('.card .text').forEach(peek);
