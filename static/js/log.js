// The process log: rows selected for a cancellation, and lists that wait while somebody is choosing in them.
(() => {
  const selected = new Set(); // ids; they survive the refreshing of the list

  function show(form) {
    const bar = form.querySelector("[data-selection-bar]");
    if (!bar) return;
    const boxes = [...form.querySelectorAll("input[name=ids]")];
    for (const box of boxes) box.checked = selected.has(box.value);
    const chosen = boxes.filter((box) => box.checked).length;
    const all = form.querySelector("[data-selection-all]");
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
    all.disabled = boxes.length === 0;
    bar.hidden = chosen === 0;
    bar.querySelector("[data-selection-count]").textContent = chosen;
  }

  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-selection]");
    if (!form) return;
    if (event.target.matches("[data-selection-all]")) {
      for (const box of form.querySelectorAll("input[name=ids]")) selected[event.target.checked ? "add" : "delete"](box.value);
    } else if (event.target.name === "ids") {
      selected[event.target.checked ? "add" : "delete"](event.target.value);
    }
    show(form);
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-selection-clear]")) return;
    selected.clear();
    show(event.target.closest("[data-selection]"));
  });

  document.addEventListener("htmx:afterSettle", () => {
    const form = document.querySelector("[data-selection]");
    if (form) show(form);
  });

  // A list that refreshes itself would close the box in which somebody is just choosing a performer.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const list = event.target.closest?.("[data-hold-while-open]");
    if (list === event.target && list.querySelector("details[open]")) event.preventDefault();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.(".assign-form");
    if (form && event.detail.successful) form.closest("details").open = false;
  });

  // A dialog has done its work once its form was accepted and nothing came to be shown in it.
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.xhr.status === 204) event.target.closest?.("#log-dialog dialog")?.close();
  });
})();
