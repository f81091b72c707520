// What the page knows of one call, or of the questions between calls. Nothing here touches the page.
const MOST = 30; // suggestions kept between calls, where nothing else ends the list

export class Board {
  constructor(id, call = null) {
    this.id = id;
    this.call = call; // as the server describes it; null between calls
    this.lines = new Map(); // html by key, in the order in which it was said
    this.suggestions = new Map(); // the last message of each, by key, in the order in which they came
    this.viewing = ''; // the key of the suggestion on screen
    this.edition = -1; // how its question was understood when it was put there
    this.awaited = ''; // the key under which a typed question will come
    this.pinned = false;
    this.unseen = new Set();
    this.summary = null;
    this.fault = '';
  }

  get keys() { return [...this.suggestions.keys()]; }

  get newest() { return this.keys.at(-1) ?? ''; }

  get shown() { return this.suggestions.get(this.viewing); }

  get isOpen() { return this.call !== null && this.call.ended === null; }

  get hasEnded() { return this.call !== null && this.call.ended !== null; }

  // Keep a suggestion. It comes on screen, unless the reader is to be left alone: then it counts as unseen.
  take(message, isHeld) {
    const before = this.suggestions.get(message.key);
    const isNew = before?.edition !== message.edition;
    if (before?.ending && !isNew) return; // ended by the agent
    const isFollowing = this.viewing === this.newest || this.#isOfOneBreath(this.suggestions.get(this.newest));
    const known = isNew ? { verdict: null, reason: '' } : before;
    const { verdict, reason } = message.verdict ? message : known;
    const evidence = message.evidence ?? before?.evidence ?? '';
    this.suggestions.set(message.key, Object.assign(known, message, { evidence, verdict, reason }));
    if (message.key === this.awaited) this.#replacePlaceholder(message.key);
    else if (isNew && !this.viewing) this.show(message.key);
    else if (isNew && isFollowing && !isHeld && !this.#isOfOneBreath(message)) this.show(message.key);
    else if (isNew) this.unseen.add(message.key);
    if (!this.call && this.suggestions.size > MOST) this.suggestions.delete(this.keys[0]);
  }

  // A typed question, shown under a key of the page's own, is to come under the call's `key`.
  expect(placeholder, key) {
    this.awaited = key;
    this.placeholder = placeholder;
    if (this.suggestions.has(key)) this.#replacePlaceholder(key);
  }

  show(key) {
    if (!this.suggestions.has(key)) return;
    this.viewing = key;
    this.edition = this.shown.edition;
    this.unseen.delete(key);
  }

  // The suggestion so many places away from the one on screen, if there is one.
  step(places) {
    const key = this.keys[this.keys.indexOf(this.viewing) + places];
    if (key !== undefined) this.show(key);
  }

  showNews() {
    const key = [...this.unseen].at(-1);
    if (key !== undefined) this.show(key);
    this.unseen.clear();
    this.pinned = false;
  }

  // What is on screen is the newest form of it: not held back while the reader has an older one.
  get isCurrent() { return this.shown !== undefined && this.shown.edition === this.edition; }

  // The page ends the waiting for a suggestion: 'stopped' by the agent, 'cut' with the connection.
  end(key, ending) {
    const known = this.suggestions.get(key);
    if (known?.running) Object.assign(known, { running: false, ending, badge: known.stopped });
  }

  // Whether it was asked together with the one on screen, which is not yet read out: it waits for its turn.
  #isOfOneBreath(message) {
    const { shown } = this;
    return this.isOpen && shown !== undefined && message.key !== shown.key && message.line !== null && message.line === shown.line;
  }

  #replacePlaceholder(key) {
    this.suggestions.delete(this.placeholder);
    this.awaited = '';
    this.show(key);
  }
}
