/* Draws what core/vocabulary/widgets.py describes. The <select multiple> keeps the value and is what is submitted.

   Keyboard: the list opens on typing, ↓ or a click, never on the mere passing of the focus; ↑ ↓ move in it,
   Enter takes the marked one, Escape closes. Chips are buttons; one that goes hands the focus to its neighbour.
   Whatever changes is said in a polite live region, for those who do not see it. */
(() => {
  "use strict";
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

  function element(name, attributes = {}, text = "") {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.textContent = text;
    return made;
  }

  function draw(root) {
    if (root.dataset.drawn) return;
    root.dataset.drawn = "yes";
    const select = root.querySelector("select");
    const words = root.dataset;
    const listId = `${select.id}-list`;
    const label = document.querySelector(`label[for="${select.id}"]`);
    const name = (label && label.textContent.trim()) || words.add;
    const chips = element("ul", { class: "picker__chips", role: "list", "aria-label": `${name} – ${words.chosen}` });
    const input = element("input", {
      type: "text", role: "combobox", id: `${select.id}-find`, placeholder: words.add, autocomplete: "off",
      "aria-expanded": "false", "aria-controls": listId, "aria-autocomplete": "list",
    });
    const list = element("ul", { class: "picker__list", id: listId, role: "listbox", "aria-label": name, hidden: "" });
    const none = element("p", { class: "picker__none", hidden: "" }, words.none);
    const status = element("p", { class: "picker__status", role: "status" });
    if (label) label.setAttribute("for", input.id);
    else input.setAttribute("aria-label", name);
    for (const attribute of ["aria-describedby", "aria-invalid"]) {
      if (select.hasAttribute(attribute)) input.setAttribute(attribute, select.getAttribute(attribute));
    }
    select.hidden = true;
    root.append(chips, input, list, none, status);
    let active = -1;
    let asked = 0;
    let waiting = 0;

    const say = (text) => { status.textContent = text; };
    const chosen = () => [...select.selectedOptions];

    function changed() {
      select.dispatchEvent(new Event("input", { bubbles: true }));
      select.dispatchEvent(new Event("change", { bubbles: true }));
      showChips();
    }

    function showChips() {
      chips.replaceChildren(...chosen().map((option) => {
        const item = element("li");
        const button = element("button", { type: "button", "aria-label": words.remove.replace("%s", option.label) }, option.label);
        button.addEventListener("click", () => drop(option));
        item.append(button);
        return item;
      }));
    }

    function drop(option) {
      const place = chosen().indexOf(option);
      option.selected = false;
      changed();
      const left = chips.querySelectorAll("button");
      (left[place] || left[place - 1] || input).focus();
      say(words.removed.replace("%s", option.label));
    }

    function close() {
      asked += 1; // an answer still on its way must not open the list again
      clearTimeout(waiting);
      list.hidden = true;
      none.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function choose({ value, label: text }) {
      let option = [...select.options].find((each) => each.value === value);
      if (!option) { option = new Option(text, value); select.add(option); }
      option.selected = true;
      input.value = "";
      close();
      changed();
      say(words.added.replace("%s", text));
    }

    async function matches(query) {
      if (!words.url) {
        return [...select.options]
          .filter((option) => !option.selected && query.every((word) => fold(option.label).includes(word)))
          .map((option) => ({ value: option.value, label: option.label, group: option.parentNode.label || "" }));
      }
      if (!query.length) return [];
      const address = `${words.url}?q=${encodeURIComponent(input.value)}`;
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      const taken = new Set(chosen().map((option) => option.value));
      return (await answer.json()).filter((each) => !taken.has(each.value));
    }

    async function open(first) {
      const turn = ++asked;
      const query = fold(input.value).split(/\s+/).filter(Boolean);
      let found = [];
      let silent = false;
      try {
        found = await matches(query);
      } catch {
        silent = true;
      }
      if (turn !== asked) return;
      list.replaceChildren(...found.map((each, number) => {
        const item = element("li", { role: "option", id: `${listId}-${number}`, "aria-selected": "false" }, each.label);
        if (each.group && each.group !== each.label) item.append(element("small", {}, each.group));
        item.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the box
        item.addEventListener("click", () => choose(each));
        return item;
      }));
      list.hidden = !found.length;
      none.hidden = Boolean(found.length) || !query.length;
      none.textContent = silent ? words.silent : words.none;
      input.setAttribute("aria-expanded", String(!list.hidden));
      active = -1;
      input.removeAttribute("aria-activedescendant");
      if (!list.hidden) {
        say(words.found.replace("%s", found.length));
        if (query.length) mark(0); // what Enter would take
        else if (first !== undefined) mark(first < 0 ? found.length - 1 : first);
      } else say(none.hidden ? words.add : none.textContent);
    }

    function mark(place) {
      const items = [...list.children];
      active = (place + items.length) % items.length;
      items.forEach((item, number) => item.setAttribute("aria-selected", String(number === active)));
      items[active].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", items[active].id);
    }

    const keys = {
      ArrowDown: () => (list.hidden ? open(0) : mark(active + 1)),
      ArrowUp: () => (list.hidden ? open(-1) : mark(active < 0 ? -1 : active - 1)),
      Enter: () => { if (active >= 0) list.children[active].click(); },
      Escape: close,
    };

    input.addEventListener("input", () => {
      clearTimeout(waiting); // a question a pause, not a question a letter
      if (words.url) waiting = setTimeout(() => open(), 150);
      else open();
    });
    input.addEventListener("click", () => { if (!words.url && list.hidden) open(); });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      const opened = !list.hidden;
      const { key } = event;
      if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      if (key === "Backspace" && !input.value && chosen().length) {
        const last = chosen().pop();
        last.selected = false;
        changed();
        say(words.removed.replace("%s", last.label));
      } else if (key in keys && (opened || key.startsWith("Arrow") || key === "Enter")) {
        event.preventDefault(); // Enter in the box never sends the form
        if (key === "Escape") event.stopPropagation();
        keys[key]();
      }
    });
    showChips();
  }

  const drawAll = () => document.querySelectorAll("[data-picker]").forEach(draw);
  const start = () => {
    drawAll();
    // Rows that the editor adds to a list bring pickers of their own.
    new MutationObserver(drawAll).observe(document.body, { childList: true, subtree: true });
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
