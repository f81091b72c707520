// News from the server, for as long as the page is looked at. After a lost connection everything is told again.
import { base } from './page.js';

const SILENT = 25000; // ms; the server says something every 10 s
const AGAIN = 1000;

export function follow(take, begin, connected) {
  let source = null;
  let watch = 0;

  function close() {
    source?.close();
    source = null;
    clearTimeout(watch);
  }

  function open() {
    close();
    if (document.visibilityState === 'hidden') return; // a browser keeps few connections, and not for what nobody sees
    source = new EventSource(new URL('live', base));
    source.onopen = () => { begin(); listen(); };
    source.onmessage = (event) => { listen(); take(JSON.parse(event.data)); };
    source.onerror = lost;
    watch = setTimeout(lost, SILENT);
  }

  function listen() {
    connected(true);
    clearTimeout(watch);
    watch = setTimeout(lost, SILENT);
  }

  function lost() {
    close();
    connected(false);
    setTimeout(retry, AGAIN);
  }

  async function retry() {
    const answer = await fetch(base, { method: 'HEAD' }).catch(() => null);
    if (answer?.status === 401) location.reload(); // logged out: through the log-in page and back
    else if (source === null) open();
  }

  document.addEventListener('visibilitychange', () => (document.visibilityState === 'hidden' ? close() : open()));
  addEventListener('online', open);
  open();
}
