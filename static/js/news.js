// The page "Notifications": copies the secret address of the calendar; asks the browser for its permission on a click.
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

  const here = document.getElementById("this-browser");
  if (!here) return;

  function show() {
    const can = "Notification" in window && Boolean(navigator.locks);
    const state = can ? Notification.permission : "impossible";
    for (const part of here.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
  }

  here.querySelector("button").addEventListener("click", async () => {
    await Notification.requestPermission();
    show();
    if (Notification.permission === "granted") document.dispatchEvent(new CustomEvent("notifications-allowed"));
  });
  show();
})();
