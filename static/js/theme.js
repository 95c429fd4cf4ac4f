// Sets the theme before the first paint; this file alone blocks the page, so it stays tiny.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");

  function show() {
    const choice = root.dataset.theme;
    const auto = choice !== "light" && choice !== "dark";
    root.dataset.bsTheme = auto ? (dark.matches ? "dark" : "light") : choice;
    for (const button of document.querySelectorAll("[data-theme-button]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeButton === (auto ? "auto" : choice)));
    }
    document.dispatchEvent(new CustomEvent("portal:theme", { detail: root.dataset.bsTheme }));
  }

  show();
  dark.addEventListener("change", show);
  document.addEventListener("DOMContentLoaded", show);
  // The server has stored the choice and says so by an htmx event.
  document.addEventListener("theme", (event) => {
    root.dataset.theme = event.detail.choice;
    show();
  });
})();
