/* Small comforts. Everything here works without it: forms are forms, links are links. */
(() => {
  "use strict";

  /* The menu closes with Escape, or when one presses elsewhere. */
  const menu = document.querySelector("details.menu");
  if (menu) {
    document.addEventListener("click", (event) => {
      if (menu.open && !menu.contains(event.target)) menu.open = false;
    });
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && menu.open) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    });
  }

  /* Buttons that only a script can serve are hidden until it is here. */
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  if (navigator.clipboard) {
    for (const button of document.querySelectorAll("[data-copy]")) {
      button.hidden = false;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(button.dataset.copy);
        const words = button.querySelector("[aria-live]") || button;
        words.textContent = button.dataset.done;
      });
    }
  }

  /* Quick exit: this page leaves the history, and a second press of Escape within a second does it too. */
  const exit = document.querySelector("[data-quick-exit]");
  if (exit) {
    const leave = () => {
      document.body.hidden = true;
      location.replace(exit.href);
    };
    for (const link of document.querySelectorAll("[data-quick-exit]")) {
      link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        leave();
      });
    }
    let last = 0;
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.repeat) return;
      const inField = event.target.closest("input, select, textarea, details[open], [role='listbox']");
      if (!inField && event.timeStamp - last < 1000 && last) leave();
      last = inField ? 0 : event.timeStamp;
    });
  }

  /* Answers: that one of them was followed is told once, without saying which nor by whom. */
  const answers = document.querySelector("[data-followed]");
  if (answers && navigator.sendBeacon) {
    const tell = (event) => {
      if (!answers.dataset.followed || !event.target.closest("a")) return;
      navigator.sendBeacon(answers.dataset.followedTo, answers.dataset.followed);
      answers.dataset.followed = "";
    };
    answers.addEventListener("click", tell);
    answers.addEventListener("auxclick", tell);
  }

  /* A summary of errors takes the focus, so that it is read first. */
  document.querySelector("[role='alert'][tabindex='-1']")?.focus();

  /* Near me: the position is asked for when one presses, rounded to a kilometre or so, sent with this search only. */
  if (navigator.geolocation) {
    for (const button of document.querySelectorAll("[data-near]")) {
      const { form } = button;
      button.hidden = false;
      button.addEventListener("click", () => {
        const found = ({ coords }) => {
          const field = form.elements[button.dataset.near] || document.createElement("input");
          field.type = "hidden";
          field.name = button.dataset.near;
          field.value = `${coords.latitude.toFixed(2)},${coords.longitude.toFixed(2)}`;
          form.append(field);
          form.elements.where.value = "";
          form.requestSubmit();
        };
        const failed = () => {
          button.querySelector("span").textContent = button.dataset.failed;
        };
        navigator.geolocation.getCurrentPosition(found, failed, { timeout: 10000, maximumAge: 300000 });
      });
    }
  }

  /* Suggestions: a combobox with a list (ARIA 1.2). The list helps; Enter without a choice sends the form. */
  const suggest = (input) => {
    const list = document.createElement("ul");
    list.className = "suggest";
    list.id = `${input.id}-suggestions`;
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.labels[0]?.textContent || "");
    input.after(list);
    const set = (name, value) => input.setAttribute(name, value);
    set("role", "combobox");
    set("aria-autocomplete", "list");
    set("aria-controls", list.id);
    set("aria-expanded", "false");

    let chosen = -1;
    let timer = 0;
    let request = null;

    const close = () => {
      chosen = -1;
      list.hidden = true;
      set("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const choose = (index) => {
      const options = [...list.children];
      chosen = options.length ? (index + options.length) % options.length : -1;
      options.forEach((option, i) => option.setAttribute("aria-selected", String(i === chosen)));
      if (chosen < 0) return;
      set("aria-activedescendant", options[chosen].id);
      options[chosen].scrollIntoView({ block: "nearest" });
    };
    const go = (option) => {
      close();
      if (option.dataset.url) location.assign(option.dataset.url);
      else {
        input.value = option.dataset.label;
        input.form.requestSubmit();
      }
    };
    const show = (rows) => {
      list.replaceChildren(
        ...rows.slice(0, 8).map((row, index) => {
          const option = document.createElement("li");
          option.id = `${list.id}-${index}`;
          option.setAttribute("role", "option");
          option.setAttribute("aria-selected", "false");
          option.dataset.url = row.url || "";
          option.dataset.label = row.label;
          const label = document.createElement("span");
          label.textContent = row.label;
          const kind = document.createElement("small");
          kind.textContent = row.kind || "";
          option.append(label, kind);
          return option;
        }),
      );
      chosen = -1;
      list.hidden = !rows.length;
      set("aria-expanded", String(rows.length > 0));
      input.removeAttribute("aria-activedescendant");
    };
    const ask = async () => {
      request?.abort();
      const query = input.value.trim();
      if (query.length < 2) return close();
      request = new AbortController();
      try {
        const address = `${input.dataset.suggest}?q=${encodeURIComponent(query)}`;
        const answer = await fetch(address, { signal: request.signal, headers: { Accept: "application/json" } });
        const rows = answer.ok ? await answer.json() : [];
        if (document.activeElement === input) show(Array.isArray(rows) ? rows : []);
      } catch {
        close(); /* No suggestions is no failure: the form still sends. */
      }
    };

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, 180);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (list.hidden) return;
        event.preventDefault();
        choose(chosen + (event.key === "ArrowDown" ? 1 : chosen < 0 ? 0 : -1));
      } else if (event.key === "Enter" && chosen >= 0 && !list.hidden) {
        event.preventDefault();
        go(list.children[chosen]);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        event.stopPropagation();
        close();
      }
    });
    input.addEventListener("blur", () => setTimeout(close, 150));
    list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role='option']");
      if (option) go(option);
    });
  };
  document.querySelectorAll("input[data-suggest]").forEach(suggest);
})();
