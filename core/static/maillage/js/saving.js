/* Lets one draft of a form be sent at a time. Wagtail saves by itself while one writes, and does not wait for that when
   "save" is pressed: a page that is not there yet would be made twice, and the second refused because its address is
   taken. So the button waits for the answer, and while it is at work nothing else is saved. */
(() => {
  "use strict";
  const PATIENCE = 30000; // ms for an answer that may never come, as long as Wagtail keeps the pressed button at rest
  const underWay = new WeakSet();
  const waiting = new WeakMap();
  const leaving = new WeakSet();

  document.addEventListener("w-autosave:save", (event) => {
    if (leaving.has(event.target)) event.preventDefault();
    else underWay.add(event.target);
  });

  function goOn(form) {
    underWay.delete(form);
    if (!waiting.has(form)) return;
    const { button, timer } = waiting.get(form);
    waiting.delete(form);
    clearTimeout(timer);
    const atRest = button?.disabled;
    if (atRest) button.disabled = false; // else its name would not be sent, and that is what says "publish"
    form.requestSubmit(button);
    if (atRest) button.disabled = true;
  }
  for (const end of ["success", "error"]) {
    document.addEventListener(`w-autosave:${end}`, (event) => goOn(event.target));
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!underWay.has(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (waiting.has(form)) return;
    waiting.set(form, { button: event.submitter, timer: setTimeout(() => goOn(form), PATIENCE) });
  }, true);

  window.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    leaving.add(event.target);
    setTimeout(() => leaving.delete(event.target), PATIENCE);
  });
})();
