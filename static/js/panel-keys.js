// Keys of the panel: j and k go from card to card; a card that has the focus listens to the keys of its buttons.
(() => {
  const panel = document.getElementById("panel");
  const bell = document.getElementById("bell");
  if (!panel || !bell) return;
  const titles = () => [...panel.querySelectorAll(".work-card-title, .news-text a")];
  const holder = (element) => element.closest(".work-card, .news-entry");
  let isWaiting = false; // the panel was opened by a key; its first card takes the focus once it is there

  function move(step) {
    if (panel.hidden) {
      isWaiting = true;
      bell.click();
      return;
    }
    const here = panel.contains(document.activeElement) ? holder(document.activeElement) : null;
    const all = titles();
    const at = all.findIndex((title) => holder(title) === here);
    const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)];
    next?.focus();
    next?.closest(".work-card, .news-entry").scrollIntoView({ block: "nearest" });
  }

  function press(key) {
    const card = document.activeElement?.closest(".work-card");
    const buttons = card ? [...card.querySelectorAll(`[data-card-key="${CSS.escape(key)}"]`)] : [];
    const button = buttons.find((one) => holder(one) === card); // not those of a card within this one
    button?.click();
    return Boolean(button);
  }

  document.addEventListener("shortcut", (event) => {
    const { key } = event.detail;
    const step = { j: 1, k: -1 }[key];
    if (step) move(step);
    if (step || press(key)) event.preventDefault();
  });

  panel.addEventListener("htmx:afterSettle", () => {
    if (!isWaiting) return;
    isWaiting = false;
    titles()[0]?.focus();
  });
})();
