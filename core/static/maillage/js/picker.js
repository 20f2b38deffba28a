/* Draws what core/vocabulary/widgets.py describes. The <select multiple> keeps the value and is what is submitted. */
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
    const { url, add, remove, none } = root.dataset;
    const listId = `${select.id}-list`;
    const chips = element("ul", { class: "picker__chips" });
    const input = element("input", {
      type: "text", role: "combobox", id: `${select.id}-find`, placeholder: add, autocomplete: "off",
      "aria-expanded": "false", "aria-controls": listId, "aria-autocomplete": "list",
    });
    const list = element("ul", { class: "picker__list", id: listId, role: "listbox", hidden: "" });
    const status = element("p", { class: "picker__status", role: "status" });
    const label = document.querySelector(`label[for="${select.id}"]`);
    if (label) label.setAttribute("for", input.id);
    else input.setAttribute("aria-label", add);
    const described = select.getAttribute("aria-describedby");
    if (described) input.setAttribute("aria-describedby", described);
    select.hidden = true;
    root.append(chips, input, list, status);
    let active = -1;
    let asked = 0;

    const changed = () => {
      select.dispatchEvent(new Event("input", { bubbles: true }));
      select.dispatchEvent(new Event("change", { bubbles: true }));
      showChips();
    };

    function showChips() {
      chips.replaceChildren(...[...select.selectedOptions].map((option) => {
        const item = element("li");
        const button = element("button", { type: "button", "aria-label": remove.replace("%s", option.label) }, option.label);
        button.addEventListener("click", () => { option.selected = false; changed(); input.focus(); });
        item.append(button);
        return item;
      }));
    }

    function close() {
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function choose(value, text) {
      let option = [...select.options].find((each) => each.value === value);
      if (!option) { option = new Option(text, value); select.add(option); }
      option.selected = true;
      input.value = "";
      close();
      changed();
    }

    async function matches(query) {
      if (!url) {
        return [...select.options]
          .filter((option) => !option.selected && query.every((word) => fold(option.label).includes(word)))
          .map((option) => ({ value: option.value, label: option.label, group: option.parentNode.label || "" }));
      }
      if (!query.length) return [];
      const answer = await fetch(`${url}?q=${encodeURIComponent(input.value)}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) return [];
      const chosen = new Set([...select.selectedOptions].map((option) => option.value));
      return (await answer.json()).filter((each) => !chosen.has(each.value));
    }

    async function open() {
      const turn = ++asked;
      const query = fold(input.value).split(/\s+/).filter(Boolean);
      const found = await matches(query);
      if (turn !== asked) return;
      status.textContent = query.length && !found.length ? none : "";
      list.replaceChildren(...found.map((each, number) => {
        const item = element("li", { role: "option", id: `${listId}-${number}`, "aria-selected": "false" }, each.label);
        if (each.group && each.group !== each.label) item.append(element("small", {}, each.group));
        item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(each.value, each.label); });
        item.choose = () => choose(each.value, each.label);
        return item;
      }));
      active = -1;
      list.hidden = !found.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
    }

    function move(step) {
      const items = [...list.children];
      if (!items.length) return;
      active = (active + step + items.length) % items.length;
      items.forEach((item, number) => item.setAttribute("aria-selected", String(number === active)));
      items[active].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", items[active].id);
    }

    input.addEventListener("input", open);
    input.addEventListener("focus", () => { if (!url) open(); });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" && list.hidden) { open(); event.preventDefault(); }
      else if (event.key === "ArrowDown") { move(1); event.preventDefault(); }
      else if (event.key === "ArrowUp" && !list.hidden) { move(-1); event.preventDefault(); }
      else if (event.key === "Escape" && !list.hidden) { close(); event.stopPropagation(); }
      else if (event.key === "Enter" && !list.hidden) {
        event.preventDefault();
        (list.children[active] || list.children[0]).choose();
      } else if (event.key === "Enter") event.preventDefault();
      else if (event.key === "Backspace" && !input.value && select.selectedOptions.length) {
        select.selectedOptions[select.selectedOptions.length - 1].selected = false;
        changed();
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
