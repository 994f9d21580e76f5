/** A long press with a pointer, or of the Escape key. */

const PRESS_MS = 3000;
const MAX_DRIFT_PX = 20;

/**
 * @param {HTMLElement} element
 * @param {() => void} callback
 */
export function onLongPress(element, callback) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let from = { x: 0, y: 0 };
  const begin = () => {
    timer ??= setTimeout(callback, PRESS_MS);
  };
  const end = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  element.addEventListener('pointerdown', ({ isPrimary, clientX: x, clientY: y }) => {
    if (!isPrimary) return;
    from = { x, y };
    begin();
  });
  element.addEventListener('pointermove', ({ isPrimary, clientX, clientY }) => {
    if (isPrimary && Math.hypot(clientX - from.x, clientY - from.y) > MAX_DRIFT_PX) end();
  });
  for (const name of /** @type {const} */ (['pointerup', 'pointercancel', 'pointerleave'])) {
    element.addEventListener(name, ({ isPrimary }) => isPrimary && end());
  }
  element.addEventListener('contextmenu', (event) => event.preventDefault()); // of long touches
  document.addEventListener('keydown', ({ key }) => key === 'Escape' && begin());
  document.addEventListener('keyup', ({ key }) => key === 'Escape' && end());
}
