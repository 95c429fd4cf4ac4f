// The communication panel: opens and closes, keeps the focus where a reader expects it, refreshes what is open.
(() => {
  const panel = document.getElementById("panel");
  const bell = document.getElementById("bell");
  if (!panel || !bell) return;
  const narrow = matchMedia("(width < 768px)"); // there it covers the page
  const wide = matchMedia("(width >= 1200px)"); // there it stands beside the page and stays open from page to page
  const isOpen = () => !panel.hidden;

  function coverPage() {
    for (const other of document.querySelectorAll(".shell > :not(#panel)")) other.inert = isOpen() && narrow.matches;
  }

  function open({ focus }) {
    panel.hidden = false;
    bell.setAttribute("aria-expanded", "true");
    remember("open");
    coverPage();
    htmx.trigger(panel, "panel-opened");
    if (focus) panel.focus();
  }

  function close() {
    panel.hidden = true;
    panel.replaceChildren();
    bell.setAttribute("aria-expanded", "false");
    remember("");
    coverPage();
    bell.focus();
  }

  function remember(state) {
    try {
      sessionStorage.setItem("panel", state);
    } catch {
      // Without storage the panel is closed on every new page.
    }
  }

  function wasOpen() {
    try {
      return sessionStorage.getItem("panel") === "open";
    } catch {
      return false;
    }
  }

  bell.addEventListener("click", () => (isOpen() ? close() : open({ focus: true })));
  narrow.addEventListener("change", coverPage);
  // After htmx has wired the page: it would not hear the event before.
  document.addEventListener("DOMContentLoaded", () => wide.matches && wasOpen() && open({ focus: false }));

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !isOpen() || document.querySelector("dialog[open]")) return;
    if (!panel.contains(document.activeElement) && document.activeElement !== bell) return;
    const form = document.activeElement.closest(".work-card-form");
    if (form) closeForm(form);
    else close();
  });

  // Tabs ------------------------------------------------------------------------------------------
  const tabs = () => [...panel.querySelectorAll("[role=tab]")];

  function select(tab) {
    for (const other of tabs()) {
      other.setAttribute("aria-selected", String(other === tab));
      other.tabIndex = other === tab ? 0 : -1;
    }
    document.getElementById("panel-body").setAttribute("aria-labelledby", tab.id);
  }

  panel.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) select(tab);
    if (event.target.closest("[data-panel-close]")) close();
    if (event.target.closest("[data-card-form-close]")) closeForm(event.target.closest(".work-card-form"));
  });
  panel.addEventListener("keydown", (event) => {
    const at = tabs().indexOf(document.activeElement);
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (at < 0 || !step) return;
    event.preventDefault();
    const tab = tabs().at((at + step) % tabs().length);
    tab.focus();
    tab.click();
  });

  // What opens: the filters, the steps of a card ----------------------------------------------------
  const opened = (opener) => document.getElementById(opener.getAttribute("aria-controls"));

  function showOpened() {
    for (const opener of panel.querySelectorAll("[data-load]")) {
      opener.setAttribute("aria-expanded", String(Boolean(opened(opener)?.childElementCount)));
    }
  }

  panel.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-load]");
    if (!opener) return;
    const box = opened(opener);
    if (box.childElementCount) box.replaceChildren();
    else htmx.ajax("GET", opener.dataset.load, { target: box, swap: "innerHTML" });
    showOpened();
  });

  // News ------------------------------------------------------------------------------------------
  // To open what a notification is about reads it; only then the page leaves, so that the next one knows.
  async function openNews(event) {
    const link = event.target.closest("a[data-read]");
    if (!link) return;
    const opensHere = event.type === "click" && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (opensHere) event.preventDefault();
    const headers = JSON.parse(document.body.getAttribute("hx-headers"));
    await fetch(link.dataset.read, { method: "POST", headers, keepalive: true }).catch(() => {});
    if (opensHere) location.assign(link.href);
    document.body.dispatchEvent(new CustomEvent("work-changed"));
  }
  panel.addEventListener("click", openNews);
  panel.addEventListener("auxclick", openNews);

  // Cards -----------------------------------------------------------------------------------------
  function closeForm(form) {
    const card = form.closest(".work-card");
    form.replaceChildren();
    card.querySelector(".work-card-title").focus();
  }

  const cards = () => [...panel.querySelectorAll(".work-card")];
  let focusedCard = -1; // its place in the list before a refresh
  let filtering = false; // the focus was on a filter that is gone after the refresh

  panel.addEventListener("htmx:beforeSwap", () => {
    focusedCard = cards().findIndex((card) => card.contains(document.activeElement));
    filtering = Boolean(document.activeElement.closest(".panel-chosen, .empty-state"));
  });
  panel.addEventListener("htmx:afterSettle", ({ target }) => {
    showOpened();
    if (target.matches(".work-card-form, .panel-filters")) target.querySelector("button, input:not([type=hidden])")?.focus();
    if (panel.contains(document.activeElement)) return;
    if (filtering) document.getElementById("panel-filters-open")?.focus();
    // The card that had the focus is gone: the next one has it now.
    const left = cards();
    if (focusedCard >= 0) (left[Math.min(focusedCard, left.length - 1)]?.querySelector(".work-card-title") ?? panel).focus();
    focusedCard = -1;
  });
  panel.addEventListener("htmx:afterRequest", ({ target, detail }) => {
    const filters = target.closest(".panel-filters");
    if (filters && detail.successful && detail.requestConfig.verb !== "get") {
      document.getElementById("panel-filters-open").focus();
      filters.replaceChildren();
    }
    const card = target.closest(".work-card");
    if (!card || detail.requestConfig.verb === "get") return;
    const form = target.closest(".work-card-form");
    if (detail.successful && form) closeForm(form);
    // Refused: somebody was faster, so that what is shown is old.
    if (!detail.successful) document.body.dispatchEvent(new CustomEvent("work-changed"));
  });
})();
