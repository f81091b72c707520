// What the agent thinks of the suggestion on screen, shown at once and sent to the journal.
import { part } from './page.js';
import { note } from './notes.js';

const CORRECTNESS = { accepted: 'right', rejected: 'wrong' };

function thanks({ verdict, reason }) {
  if (verdict === 'accepted') return '도움됨으로 기록했습니다. 다시 고르면 바뀝니다.';
  return reason ? `‘${reason}’ 이유로 기록했습니다.` : '기록했습니다. 이유도 골라 주세요(Alt+Shift+숫자).';
}

export function drawOpinion(known) {
  const box = part('answer').querySelector('.actions');
  if (!box?.firstElementChild) return;
  const { verdict = null, reason = '', problem = '' } = known;
  for (const button of box.querySelectorAll('[data-do=feedback]')) {
    const isChosen = button.dataset.action === verdict && (button.dataset.reason ?? reason) === reason;
    button.setAttribute('aria-pressed', String(isChosen));
  }
  const told = box.querySelector('.thanks');
  told.textContent = problem || (verdict ? thanks(known) : '');
  told.hidden = !told.textContent;
  told.classList.toggle('problem', Boolean(problem));
  box.querySelector('.chips').hidden = verdict !== 'rejected';
}

// `known` is the suggestion as the board has it; `redraw` is called when there is something new to be seen of it.
export function judge(known, verdict, reason, redraw) {
  Object.assign(known, { verdict, reason, problem: '' });
  note(known.suggestion, { correctness: CORRECTNESS[verdict], reason }, (outcome) => {
    if (known.verdict !== verdict || known.reason !== reason) return; // another opinion since
    if (outcome === 'refused') Object.assign(known, { verdict: null, reason: '', problem: '기록하지 못했습니다. 다시 눌러 주세요.' });
    else known.problem = outcome === 'waiting' ? '아직 기록하지 못했습니다. 연결되면 저절로 보냅니다.' : '';
    redraw();
  });
  redraw();
}
