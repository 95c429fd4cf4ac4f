// The page "Notifications": copies the secret address of the calendar.
(() => {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copy);
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
      } catch {
        document.execCommand("copy"); // pages without HTTPS have no clipboard of their own
      }
      button.querySelector("span").textContent = button.dataset.copied;
    });
  }
})();
