"""What a person cannot read or name on a page, asked of the browser."""

FAINT = """() => {
  const channel = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = (c) => c.slice(0, 3).map(channel).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const parsed = (c) => c.match(/[\\d.]+/g).map(Number);
  const fill = (e) => { for (; e; e = e.parentElement) { const c = parsed(getComputedStyle(e).backgroundColor);
    if ((c[3] ?? 1) > 0) return c; } return [255, 255, 255]; };
  return [...document.querySelectorAll('body *')]
    .filter((e) => e.checkVisibility() && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
    .map((e) => { const [a, b] = [light(parsed(getComputedStyle(e).color)), light(fill(e))].sort((x, y) => y - x);
      return [e.textContent, (a + 0.05) / (b + 0.05)]; })
    .filter(([, contrast]) => contrast < 4.5);
}"""
"""Texts with a contrast below 4.5 (WCAG 2.2 AA), each with its contrast."""

NAMELESS = """() => [...document.querySelectorAll('button, input, select, summary, a[href]')]
  .filter((e) => e.checkVisibility() && !(e.textContent.trim() || e.getAttribute('aria-label') ||
    e.labels?.[0]?.textContent.trim())).map((e) => e.outerHTML)"""
"""Controls that a screen reader could not name."""
