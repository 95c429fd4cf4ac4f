// Rows of the list are selected by boxes: one, a range with Shift, all of the page; a refreshed list keeps them.
(() => {
  const bar = document.getElementById("bulk-bar");
  const boxes = () => [...document.querySelectorAll("#activities [name=ids]")];
  let chosen = new Set();
  let last = null; // the value of the box that was clicked last, where a range begins

  function show() {
    const all = boxes();
    for (const box of all) box.checked = chosen.has(box.value);
    const number = all.filter((box) => box.checked).length;
    const head = document.querySelector("#activities [data-select-all]");
    if (head) {
      head.checked = number > 0 && number === all.length;
      head.indeterminate = number > 0 && number < all.length;
      head.disabled = !all.length;
    }
    bar.hidden = number === 0;
    bar.querySelector("[data-selected]").textContent = number;
  }

  document.addEventListener("click", (event) => {
    const box = event.target.closest("#activities [name=ids]");
    if (!box) return;
    const all = boxes();
    const from = all.findIndex((one) => one.value === last);
    const to = all.indexOf(box);
    const range = event.shiftKey && from >= 0 ? all.slice(Math.min(from, to), Math.max(from, to) + 1) : [box];
    for (const one of range) box.checked ? chosen.add(one.value) : chosen.delete(one.value);
    last = box.value;
    show();
  });

  document.addEventListener("change", (event) => {
    if (!event.target.matches("#activities [data-select-all]")) return;
    chosen = new Set(event.target.checked ? boxes().map((box) => box.value) : []);
    show();
  });

  bar.querySelector("[data-deselect]").addEventListener("click", () => {
    const first = boxes()[0];
    chosen.clear();
    show();
    first?.focus();
  });

  // A new list: what is no longer in it is no longer selected.
  document.addEventListener("htmx:afterSettle", () => {
    const present = new Set(boxes().map((box) => box.value));
    chosen = new Set([...chosen].filter((value) => present.has(value)));
    show();
  });
  show();
})();
