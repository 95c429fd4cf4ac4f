// The page of an activity: <button data-copy="id of a field" data-copied="Copied."> copies what somebody had typed.
(() => {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    field.select(); // where the clipboard is closed to us, Ctrl+C does the rest
    await navigator.clipboard?.writeText(field.value);
    document.dispatchEvent(new CustomEvent("toast", { detail: { text: button.dataset.copied, level: "success" } }));
  });
})();
