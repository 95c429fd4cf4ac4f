// <textarea data-mention="address of people">: @ and letters offer colleagues; arrows choose, Enter or Tab takes one.
(() => {
  let field = null;
  let list = null;
  let asked = 0;

  // The word with an @ that ends where the cursor stands.
  function wordAt(area) {
    return /(?:^|\s)@([\p{L}\w.+-]*)$/u.exec(area.value.slice(0, area.selectionStart))?.[1];
  }

  function close() {
    list?.remove();
    list = null;
    field?.removeAttribute("aria-activedescendant");
  }

  function mark(option) {
    for (const one of list.children) one.setAttribute("aria-selected", String(one === option));
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function take(option) {
    const at = field.selectionStart;
    const start = at - wordAt(field).length;
    field.setRangeText(`${option.dataset.username} `, start, at, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    close();
    field.focus();
  }

  async function offer(area) {
    const mine = ++asked; // also where there is no word any more: an answer under way would offer again what was taken
    const word = wordAt(area);
    if (word === undefined) return close();
    const answer = await fetch(`${area.dataset.mention}?q=${encodeURIComponent(word)}`, { headers: { Accept: "application/json" } })
      .catch(() => null);
    if (mine !== asked || !answer?.ok) return;
    const { results } = await answer.json();
    close();
    if (!results.length || document.activeElement !== area) return;
    field = area;
    list = document.createElement("ul");
    list.className = "picker-list mention-list";
    list.id = "mention-list";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", area.labels[0].textContent);
    for (const person of results.slice(0, 8)) {
      const option = document.createElement("li");
      option.id = `mention-${person.id}`;
      option.setAttribute("role", "option");
      option.dataset.username = person.username;
      const hint = document.createElement("small");
      hint.textContent = `@${person.username}`;
      option.append(person.name, hint);
      option.addEventListener("mousedown", (event) => {
        event.preventDefault();
        take(option);
      });
      list.append(option);
    }
    area.parentElement.classList.add("picker");
    area.after(list);
    area.setAttribute("aria-controls", list.id);
    mark(list.firstElementChild);
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches?.("[data-mention]")) offer(event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (!list || event.target !== field) return;
    const options = [...list.children];
    const at = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(options[(at + (event.key === "ArrowDown" ? 1 : options.length - 1)) % options.length]);
    } else if (event.key === "Enter" || event.key === "Tab") {
      event.preventDefault();
      take(options[at]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
  });
  document.addEventListener("focusout", (event) => event.target === field && close());
})();
