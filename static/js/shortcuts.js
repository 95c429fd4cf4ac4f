// Single keys: "?" shows them all, "/" goes to the search, and whatever on the page claims one by data-shortcut.
(() => {
  const OFF = "portal-keys-off";
  const dialog = () => document.getElementById("shortcuts");

  function openHelp() {
    const keys = dialog().querySelector("[data-keys]");
    for (const old of keys.querySelectorAll("[data-from-page]")) old.remove();
    for (const element of document.querySelectorAll("[data-shortcut]")) {
      const row = document.createElement("div");
      row.dataset.fromPage = "";
      const key = document.createElement("kbd");
      key.textContent = element.dataset.shortcut;
      const term = document.createElement("dt");
      term.append(key);
      const text = document.createElement("dd");
      text.textContent = element.getAttribute("aria-label") ?? element.textContent.trim();
      row.append(term, text);
      keys.append(row);
    }
    dialog().querySelector("[data-shortcuts-on]").checked = !localStorage.getItem(OFF);
    dialog().showModal();
  }

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-shortcuts-on]")) return;
    if (event.target.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "yes");
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-shortcuts]")) openHelp();
  });

  // The letter on the key where the layout has no Latin letters: "j" is the same key in Russian.
  const keyOf = ({ key, code }) => (/^\P{ASCII}$/u.test(key) && code.startsWith("Key") ? code.at(3).toLowerCase() : key);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || localStorage.getItem(OFF)) return;
    if (event.target.closest("input, textarea, select, [contenteditable], dialog, [role=menu]")) return;
    const key = keyOf(event);
    if (key === "?") {
      event.preventDefault();
      openHelp();
      return;
    }
    // What has the focus comes first: "t" takes the task on a card of the panel, elsewhere a calendar shows today.
    if (!document.dispatchEvent(new CustomEvent("shortcut", { cancelable: true, detail: { key } }))) {
      event.preventDefault();
      return;
    }
    const claimed = key === "/"
      ? document.querySelector("input[type=search]")
      : document.querySelector(`[data-shortcut="${CSS.escape(key)}"]`);
    if (!claimed) return;
    event.preventDefault();
    claimed.focus();
    if (!claimed.matches("input")) claimed.click();
  });
})();
