// The list of a section: rows are selected by click, box, arrow keys or space; the bar shows what can be done with them.
(() => {
  const list = document.getElementById("record-list");
  const bar = document.getElementById("record-bar");
  const filters = document.getElementById("filters");
  const part = (name) => bar.querySelector(`[data-${name}]`);
  const rows = () => [...list.querySelectorAll("tr[data-id]")];
  const boxOf = (row) => row.querySelector("[name=ids]");
  let selected = new Set(); // ids, so that they survive a new list
  let last = null; // the id of the box that was clicked last, where a range begins

  const chosen = () => rows().filter((row) => selected.has(row.dataset.id));

  function show() {
    const all = rows();
    selected = new Set(chosen().map((row) => row.dataset.id));
    for (const row of all) {
      row.setAttribute("aria-selected", String(selected.has(row.dataset.id)));
      boxOf(row).checked = selected.has(row.dataset.id);
    }
    const head = list.querySelector("[data-select-all]");
    if (head) {
      head.checked = selected.size > 0 && selected.size === all.length;
      head.indeterminate = selected.size > 0 && selected.size < all.length;
    }
    const [row] = chosen();
    const single = selected.size === 1;
    part("hint").hidden = Boolean(row);
    part("actions").hidden = !row;
    part("caption").hidden = part("open-record").hidden = !single;
    part("several").hidden = single;
    part("number-selected").textContent = selected.size;
    part("continue").hidden = true;
    if (!single) return;
    const link = row.querySelector("a.list-title");
    const pending = Number(row.dataset.pending);
    part("caption").textContent = link.textContent;
    part("open-record").href = link.href;
    part("continue").hidden = pending === 0 || !row.dataset.continueUrl;
    part("continue").href = row.dataset.continueUrl || "#";
    part("count").hidden = pending < 2;
    part("count").textContent = pending;
  }

  function say() {
    part("said").textContent = selected.size ? [part("caption"), part("several"), part("continue")]
      .filter((one) => !one.hidden).map((one) => one.textContent.replace(/\s+/g, " ").trim()).join(". ") : "";
  }

  // Only the current row and its link take part in the tab order.
  function makeCurrent(row, { focus = false } = {}) {
    for (const one of rows()) {
      one.tabIndex = one === row ? 0 : -1;
      for (const link of one.querySelectorAll("a, input")) link.tabIndex = one.tabIndex;
    }
    if (focus) row.focus();
  }

  function select(ids, row, options) {
    selected = new Set(ids);
    if (row) makeCurrent(row, options);
    show();
    say();
  }

  function setUp() {
    const row = chosen()[0] ?? rows()[0];
    if (row) makeCurrent(row);
    show();
  }

  list.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-id]");
    if (!row || event.target.closest("a, button, .list-check")) return;
    if (String(window.getSelection()).trim()) return; // text is being marked, not a row chosen
    select([row.dataset.id], row, { focus: true });
  });

  // Boxes add to the selection and take from it; with Shift all between the last one and this.
  list.addEventListener("click", (event) => {
    const box = event.target.closest("[name=ids]");
    if (!box) return;
    const all = rows();
    const to = all.indexOf(box.closest("tr"));
    const from = all.findIndex((one) => one.dataset.id === last);
    const range = event.shiftKey && from >= 0 ? all.slice(Math.min(from, to), Math.max(from, to) + 1) : [all[to]];
    const ids = new Set(selected);
    for (const one of range) box.checked ? ids.add(one.dataset.id) : ids.delete(one.dataset.id);
    last = box.value;
    select(ids, all[to]);
  });

  list.addEventListener("change", (event) => {
    if (event.target.matches("[data-select-all]")) select(event.target.checked ? rows().map((row) => row.dataset.id) : []);
  });

  // The head of a column orders by it: as if the order had been chosen among the filters.
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-sort]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    filters.elements.sort.value = link.dataset.sort;
    filters.elements.sort.dispatchEvent(new Event("change", { bubbles: true }));
  });

  list.addEventListener("dblclick", (event) => {
    const link = event.target.closest("tr[data-id]")?.querySelector("a.list-title");
    if (link && !event.target.closest("a, .list-check")) link.click();
  });

  list.addEventListener("keydown", (event) => {
    const row = event.target.closest("tr[data-id]");
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
    const all = rows();
    const at = all.indexOf(row);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      const next = all[Math.min(Math.max(to, 0), all.length - 1)];
      select(event.shiftKey ? [...selected, row.dataset.id, next.dataset.id] : [next.dataset.id], next, { focus: true });
    } else if (event.key === " " && event.target === row) {
      event.preventDefault();
      const ids = new Set(selected);
      if (!ids.delete(row.dataset.id)) ids.add(row.dataset.id);
      select(ids, row, { focus: true });
    } else if (event.key === "Enter" && event.target === row) {
      row.querySelector("a.list-title").click();
    } else if (event.key === "Escape") {
      select([]);
    }
  });

  part("deselect").addEventListener("click", () => {
    const [row] = chosen();
    select([]);
    row?.focus();
  });

  // Several pending steps answer with a dialog, a single one with its page.
  part("continue").addEventListener("click", (event) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const link = event.currentTarget;
    window.htmx.ajax("GET", link.getAttribute("href"), { source: link, target: "#record-dialog", swap: "innerHTML" });
  });

  // Somebody finished, took or got work: the counts of all rows of the page, in one question.
  let asking = null;
  async function refresh() {
    const ids = rows().map((row) => row.dataset.id);
    if (!ids.length) return;
    const answer = await fetch(`${list.dataset.counts}?ids=${ids.join(",")}`, { headers: { Accept: "application/json" } })
      .catch(() => null);
    if (!answer?.ok) return; // the next event heals it
    const counts = await answer.json();
    for (const row of rows()) {
      if (!(row.dataset.id in counts)) continue;
      row.dataset.pending = counts[row.dataset.id];
      row.querySelector("[data-number]").textContent = counts[row.dataset.id];
      row.querySelector("[data-badge]").hidden = counts[row.dataset.id] === 0;
    }
    show();
  }
  document.body.addEventListener("work-changed", () => {
    clearTimeout(asking);
    asking = setTimeout(refresh, 100); // several events at once are one question
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target === list) setUp();
    const form = document.querySelector("#filters-dialog form[data-closes]");
    form?.addEventListener("htmx:afterRequest", (answer) => {
      if (answer.detail.successful) form.closest("dialog").close();
    }, { once: true });
  });
  setUp();
})();
