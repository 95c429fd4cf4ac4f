// The combobox of templates/common/_picker.html: type, choose by mouse or keyboard; works in fragments that come later.
(() => {
  const parts = (picker) => ({
    box: picker.querySelector("[role=combobox]"),
    list: picker.querySelector("[role=listbox]"),
    value: picker.querySelector("input[type=hidden]"),
    status: picker.querySelector("[role=status]"),
  });
  // picker -> { timer, request, chosen: the text of the chosen one, asks: the list is not yet that of the words,
  // wanted: Enter was pressed meanwhile }
  const states = new WeakMap();

  function stateOf(picker) {
    if (!states.has(picker)) {
      const { box, value } = parts(picker);
      states.set(picker, { chosen: value.value ? box.value : "" });
    }
    return states.get(picker);
  }

  function close(picker) {
    const { box, list } = parts(picker);
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }

  // What is still to be asked or answered would open the list again, or be chosen from later.
  function forget(picker) {
    const state = stateOf(picker);
    clearTimeout(state.timer);
    state.request?.abort();
    state.asks = state.wanted = false;
  }

  function choose(picker, id, name) {
    const { box, value } = parts(picker);
    forget(picker);
    const changed = value.value !== String(id);
    box.value = name;
    value.value = id;
    stateOf(picker).chosen = name;
    close(picker);
    if (changed) value.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function mark(picker, option) {
    const { box, list } = parts(picker);
    for (const other of list.querySelectorAll("[aria-selected=true]")) other.setAttribute("aria-selected", "false");
    if (!option) return;
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", option.id);
  }

  function show(picker, results) {
    const { box, list, status } = parts(picker);
    list.replaceChildren(...results.map((result, number) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${number}`;
      option.dataset.id = result.id;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const name = document.createElement("span");
      name.textContent = result.name;
      option.append(name);
      const hint = result.username ?? result.hint;
      if (hint) {
        const small = document.createElement("small");
        small.textContent = hint;
        option.append(" ", small);
      }
      return option;
    }));
    if (!results.length) say(picker, picker.dataset.textNone);
    else status.textContent = String(results.length);
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
    const { wanted } = stateOf(picker);
    forget(picker);
    if (wanted && results.length) choose(picker, results[0].id, results[0].name);
    else mark(picker, results.length && box.value.trim() ? list.firstElementChild : null);
  }

  function say(picker, sentence) {
    const { list, status } = parts(picker);
    const line = document.createElement("li");
    line.className = "picker-note";
    line.setAttribute("role", "presentation");
    line.textContent = sentence;
    list.replaceChildren(line);
    list.hidden = false;
    status.textContent = sentence;
  }

  async function search(picker) {
    const { box } = parts(picker);
    const state = stateOf(picker);
    state.request?.abort();
    state.request = new AbortController();
    const url = new URL(picker.dataset.picker, location.href);
    url.searchParams.set("q", box.value === state.chosen ? "" : box.value);
    try {
      const answer = await fetch(url, { signal: state.request.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      show(picker, (await answer.json()).results);
    } catch (error) {
      if (error.name === "AbortError") return;
      forget(picker);
      say(picker, picker.dataset.textFailed);
    }
  }

  const pickerOf = (event) => event.target.matches?.("[role=combobox]") && event.target.closest("[data-picker]");

  document.addEventListener("input", (event) => {
    const picker = pickerOf(event);
    if (!picker) return;
    const state = stateOf(picker);
    forget(picker);
    if (!event.target.value.trim()) choose(picker, "", "");
    state.asks = Boolean(event.target.value.trim()) && event.target.value !== state.chosen;
    state.timer = setTimeout(() => search(picker), 150);
  });

  document.addEventListener("keydown", (event) => {
    const picker = pickerOf(event);
    if (!picker) return;
    const { list } = parts(picker);
    const options = [...list.querySelectorAll("[role=option]")];
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) return void search(picker);
      stateOf(picker).asks = false; // they choose among those that they see
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(picker, options.at(at < 0 ? (step > 0 ? 0 : -1) : (at + step) % options.length));
    } else if (event.key === "Enter" && stateOf(picker).asks) {
      event.preventDefault();
      stateOf(picker).wanted = true; // the first of those that the words find, not of those that are still shown
    } else if (event.key === "Enter" && !list.hidden && at >= 0) {
      event.preventDefault();
      choose(picker, options[at].dataset.id, options[at].firstElementChild.textContent);
    } else if (event.key === "Enter" && event.target.value !== stateOf(picker).chosen) {
      event.preventDefault(); // words that chose nobody are not sent
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault(); // a dialog around the picker stays open
      event.stopPropagation();
      close(picker);
    }
  });

  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest(".picker-list [role=option]");
    if (!option) {
      if (pickerOf(event) && parts(event.target.closest("[data-picker]")).list.hidden) search(event.target.closest("[data-picker]"));
      return;
    }
    event.preventDefault(); // the focus stays in the box
    choose(option.closest("[data-picker]"), option.dataset.id, option.firstElementChild.textContent);
  });

  document.addEventListener("focusin", (event) => {
    const picker = pickerOf(event);
    if (picker) stateOf(picker);
  });

  // Text that names nobody does not pretend to: on leaving, the chosen one (or nothing) returns.
  document.addEventListener("focusout", (event) => {
    const picker = pickerOf(event);
    if (!picker) return;
    const state = stateOf(picker);
    forget(picker);
    event.target.value = state.chosen;
    close(picker);
  });

  // Somebody was faster than this file and has begun to type already.
  const early = document.activeElement?.matches("[role=combobox]") && document.activeElement.closest("[data-picker]");
  if (early && parts(early).box.value && !parts(early).value.value) search(early);
})();
