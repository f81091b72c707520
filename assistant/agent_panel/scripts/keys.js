// The keyboard. A key presses the button that announces it (aria-keyshortcuts) and is on the page at the moment, so
// that nothing can be done by key that cannot be seen. Keys are known by their place: the Korean input method may
// turn their letters into others.
const NAMES = { ArrowUp: 'ArrowUp', ArrowDown: 'ArrowDown' };

const named = ({ code }) => NAMES[code] ?? /^(?:Key|Digit)([A-Z1-9])$/.exec(code)?.[1];

function shortcut(event) {
  const held = [event.ctrlKey && 'Control', event.altKey && 'Alt', event.shiftKey && 'Shift'].filter(Boolean);
  const name = named(event);
  return name && held.length ? [...held, name].join('+') : '';
}

const isTyping = (element) => element.matches('input, textarea');

// `pressed` gets the event of every key that no button announces, and says whether it was one of its own.
export function listenToKeys(pressed) {
  document.addEventListener('keydown', (event) => {
    if (event.isComposing) return; // Enter and Esc belong to the Korean input method until it is done
    const keys = shortcut(event);
    const buttons = keys ? [...document.querySelectorAll(`button[aria-keyshortcuts~="${keys}"]`)] : [];
    const button = buttons.find((each) => each.checkVisibility());
    if (button) button.click();
    else if (!pressed(event, isTyping(event.target))) return;
    event.preventDefault();
  });
}
