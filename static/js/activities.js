// The Activities section: what was typed can be copied, nothing jumps when the list refreshes itself.
(() => {
  // <button data-copy="id of a field" data-copied="Copied."> copies what somebody had typed.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    field.select(); // where the clipboard is closed to us, Ctrl+C does the rest
    await navigator.clipboard?.writeText(field.value);
    document.dispatchEvent(new CustomEvent("toast", { detail: { text: button.dataset.copied, level: "success" } }));
  });

  // <a data-preview="address"> shows a dialog over the page; with a modifier key the link is followed as usual.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-preview]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    window.htmx.ajax("GET", link.dataset.preview, { source: link, target: "#activities-dialog", swap: "innerHTML" });
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form[data-closes]");
    if (form && event.detail.successful) form.closest("dialog").close();
  });

  // The list scrolls inside the part that is replaced.
  let scrolled = 0;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target.id !== "activities") return;
    const refreshed = /-changed$/.test(event.detail.requestConfig.triggeringEvent?.type);
    scrolled = refreshed ? event.target.querySelector(".list")?.scrollTop ?? 0 : 0;
  });
  document.addEventListener("htmx:afterSwap", () => {
    const list = document.querySelector("#activities .list");
    if (list && scrolled) list.scrollTop = scrolled;
    scrolled = 0;
  });
})();
