// What every page needs: messages, dialogs, failed requests.
(() => {
  const text = (name) => document.body.dataset[name];

  // Messages -------------------------------------------------------------------------------------
  const STAY = { success: 5000, info: 7000, warning: 12000 }; // an error stays until it is closed

  function leaveLater(toast) {
    const stay = STAY[toast.dataset.level];
    if (stay) setTimeout(() => toast.matches(":hover, :focus-within") ? leaveLater(toast) : toast.remove(), stay);
  }

  function say(message, level = "info") {
    const toast = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
    toast.dataset.level = level;
    toast.querySelector(".portal-toast-text").textContent = message;
    const toasts = document.getElementById("toasts");
    const same = [...toasts.children].find((other) => other.textContent.trim() === toast.textContent.trim());
    if (same) same.remove();
    toasts.append(toast);
    leaveLater(toast);
  }

  document.addEventListener("toast", (event) => say(event.detail.text, event.detail.level));
  for (const toast of document.querySelectorAll("#toasts > *")) leaveLater(toast);

  // Dialogs --------------------------------------------------------------------------------------
  // <button data-open="dialog-id">, <button data-close="dialog"> inside it, <button data-close="toast">.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) {
      event.preventDefault();
      document.getElementById(opener.dataset.open)?.showModal();
    }
    const closer = event.target.closest("[data-close]");
    if (closer) closer.closest(closer.dataset.close === "toast" ? ".portal-toast" : "dialog")?.[
      closer.dataset.close === "toast" ? "remove" : "close"
    ]();
    if (event.target.closest("[data-back]")) history.length > 1 ? history.back() : location.assign("/");
    // A click on the backdrop hits the dialog itself.
    if (event.target.matches?.("dialog.portal-dialog[open]")) event.target.close();
  });
  // What htmx swaps in may be a dialog that wants to open at once.
  document.addEventListener("htmx:afterSettle", (event) => {
    for (const dialog of event.target.parentElement?.querySelectorAll("dialog[data-open-now]:not([open])") ?? []) {
      dialog.showModal();
    }
  });

  function ask(question, source) {
    const dialog = document.getElementById("confirm");
    const yes = dialog.querySelector("[value=yes]");
    dialog.querySelector(".portal-dialog-text").textContent = question;
    yes.textContent = source.dataset.confirmLabel || yes.dataset.label;
    yes.className = "confirmDanger" in source.dataset ? "btn btn-danger" : "btn btn-primary";
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    });
  }

  document.addEventListener("htmx:confirm", async (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    if (await ask(event.detail.question, event.detail.elt)) event.detail.issueRequest(true);
  });
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const asking = event.submitter?.dataset.confirm ? event.submitter : form;
    if (!asking.dataset.confirm || form.dataset.confirmed) return;
    event.preventDefault();
    if (!(await ask(asking.dataset.confirm, asking))) return;
    form.dataset.confirmed = "yes";
    form.requestSubmit(event.submitter);
    delete form.dataset.confirmed;
  }, true);

  // Failed requests ------------------------------------------------------------------------------
  // A fragment that comes with an error status is shown where it belongs; a whole page never is.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status < 400) return;
    const whole = /^\s*<(!doctype|html)/i.test(xhr.responseText);
    event.detail.isError = false;
    event.detail.shouldSwap = xhr.status < 500 && !whole && xhr.responseText.trim() !== "";
    if (event.detail.shouldSwap || xhr.getResponseHeader("HX-Trigger")?.includes('"toast"')) return;
    say(text({ 403: "textForbidden", 404: "textMissing" }[xhr.status] ?? "textError"), "error");
  });
  document.addEventListener("htmx:sendError", () => say(text("textOffline"), "error"));
  document.addEventListener("htmx:timeout", () => say(text("textSlow"), "error"));
})();
