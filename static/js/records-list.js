// The list of a section: one row is selected by click, arrow keys or space; the bar shows what can be done with it.
(() => {
  const list = document.getElementById("record-list");
  const bar = document.getElementById("record-bar");
  const part = (name) => bar.querySelector(`[data-${name}]`);
  const rows = () => [...list.querySelectorAll("tr[data-id]")];
  let selected = null; // the id, so that it survives a new list

  function show() {
    const row = rows().find((one) => one.dataset.id === selected);
    if (!row) selected = null;
    for (const one of rows()) one.setAttribute("aria-selected", String(one === row));
    part("hint").hidden = Boolean(row);
    part("actions").hidden = !row;
    if (!row) return;
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
    const row = rows().find((one) => one.dataset.id === selected);
    part("said").textContent = row ? [part("caption"), part("continue")].filter((one) => !one.hidden)
      .map((one) => one.textContent.replace(/\s+/g, " ").trim()).join(". ") : "";
  }

  // Only the current row and its link take part in the tab order.
  function makeCurrent(row, { focus = false } = {}) {
    for (const one of rows()) {
      one.tabIndex = one === row ? 0 : -1;
      for (const link of one.querySelectorAll("a")) link.tabIndex = one.tabIndex;
    }
    if (focus) row.focus();
  }

  function select(row, options) {
    selected = row ? row.dataset.id : null;
    if (row) makeCurrent(row, options);
    show();
    say();
  }

  function setUp() {
    const row = rows().find((one) => one.dataset.id === selected) ?? rows()[0];
    if (row) makeCurrent(row);
    show();
  }

  list.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-id]");
    if (!row || event.target.closest("a, button")) return;
    if (String(window.getSelection()).trim()) return; // text is being marked, not a row chosen
    select(row, { focus: true });
  });

  list.addEventListener("dblclick", (event) => {
    const link = event.target.closest("tr[data-id]")?.querySelector("a.list-title");
    if (link && !event.target.closest("a")) link.click();
  });

  list.addEventListener("keydown", (event) => {
    const row = event.target.closest("tr[data-id]");
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
    const all = rows();
    const at = all.indexOf(row);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      select(all[Math.min(Math.max(to, 0), all.length - 1)], { focus: true });
    } else if (event.key === " " && event.target === row) {
      event.preventDefault();
      select(selected === row.dataset.id ? null : row, { focus: true });
    } else if (event.key === "Enter" && event.target === row) {
      row.querySelector("a.list-title").click();
    } else if (event.key === "Escape") {
      select(null);
    }
  });

  part("deselect").addEventListener("click", () => {
    const row = rows().find((one) => one.dataset.id === selected);
    select(null);
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
  });
  setUp();
})();
