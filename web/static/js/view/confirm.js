/** Buttons that delete something on the second click only. */

import { write } from './parts.js';

const CONFIRM_MS = 4000; // in which the second click counts

/**
 * Ask on the first click, and act on the second one.
 * @param {HTMLElement} button
 * @param {string} text of the button
 * @param {string} question shown instead of `text` after the first click
 * @param {() => void} action
 */
export function onConfirmedClick(button, text, question, action) {
  let timer = 0;
  write(button, text);
  button.addEventListener('click', () => {
    clearTimeout(timer);
    const confirmed = button.textContent === question;
    write(button, confirmed ? text : question);
    if (confirmed) action();
    else timer = window.setTimeout(() => write(button, text), CONFIRM_MS);
  });
}
