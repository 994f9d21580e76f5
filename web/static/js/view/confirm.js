/** Buttons that delete something on the second click only. */

import { write } from './parts.js';

const CONFIRM_MS = 4000; // in which the second click counts
const DOUBLE_CLICK_MS = 500; // after the first one, in which it does not

/**
 * Ask on the first click, and act on the second one.
 * @param {HTMLElement} button
 * @param {string} text of the button
 * @param {string} question shown instead of `text` after the first click
 * @param {() => void} action
 */
export function onConfirmedClick(button, text, question, action) {
  let timer = 0;
  let askedMs = 0;
  write(button, text);
  button.addEventListener('click', () => {
    const nowMs = performance.now();
    const isAsked = button.textContent === question;
    if (isAsked && nowMs - askedMs < DOUBLE_CLICK_MS) return;
    clearTimeout(timer);
    write(button, isAsked ? text : question);
    if (isAsked) return action();
    askedMs = nowMs;
    timer = window.setTimeout(() => write(button, text), CONFIRM_MS);
  });
}
