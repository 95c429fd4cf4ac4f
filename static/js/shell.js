// What every page needs: messages, dialogs, failed requests.
(() => {
  const text = (name) => document.body.dataset[name];

  // Messages -------------------------------------------------------------------------------------
  const STAY = { success: 5000, info: 7000, warning: 12000 }; // an error stays until it is closed

  const toasts = document.getElementById("toasts");
  toasts.popover = "manual"; // the top layer: a message is seen above an open dialog too

  function leaveLater(toast) {
    const stay = STAY[toast.dataset.level];
    if (stay) setTimeout(() => toast.matches(":hover, :focus-within") ? leaveLater(toast) : toast.remove(), stay);
  }

  function raise() {
    if (toasts.matches(":popover-open")) toasts.hidePopover();
    toasts.showPopover();
  }

  function say(message, level = "info") {
    const toast = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
    toast.dataset.level = level;
    toast.querySelector(".portal-toast-text").textContent = message;
    toasts.append(toast);
  }

  // Toasts come from here, from the server with the page, and from htmx (a business error).
  new MutationObserver((changes) => {
    const added = changes.flatMap((change) => [...change.addedNodes]).filter((node) => node.matches?.(".portal-toast"));
    for (const toast of added) {
      const text = toast.textContent.trim();
      for (const old of [...toasts.children]) if (old !== toast && old.textContent.trim() === text) old.remove();
      leaveLater(toast);
    }
    if (added.length && document.querySelector("dialog:modal")) raise();
  }).observe(toasts, { childList: true });

  document.addEventListener("toast", (event) => say(event.detail.text, event.detail.level));
  toasts.showPopover();
  for (const toast of toasts.children) leaveLater(toast);

  // Dialogs --------------------------------------------------------------------------------------
  // <button data-open="dialog-id">, <button data-close="dialog"> inside it, <button data-close="toast">.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) {
      event.preventDefault();
      document.getElementById(opener.dataset.open)?.showModal();
    }
    const closer = event.target.closest("[data-close]");
    if (closer?.dataset.close === "toast") closer.closest(".portal-toast").remove();
    if (closer?.dataset.close === "dialog") closer.closest("dialog").close();
    if (event.target.closest("[data-back]")) history.length > 1 ? history.back() : location.assign("/");
    // A click on the backdrop hits the dialog itself.
    if (event.target.matches?.("dialog.portal-dialog[open]")) event.target.close();
  });

  // What was chosen in a menu is gone with it: the focus stays at its button, and comes back there from a dialog.
  document.addEventListener("hidden.bs.dropdown", ({ relatedTarget: button, clickEvent }) => {
    if (clickEvent?.target.closest(".dropdown-menu")?.parentElement === button.parentElement) button.focus();
  });

  // What htmx swaps in may be a dialog that wants to open at once.
  document.addEventListener("htmx:afterSettle", (event) => {
    for (const dialog of event.target.parentElement?.querySelectorAll("dialog[data-open-now]:not([open])") ?? []) {
      dialog.removeAttribute("data-open-now"); // once: closed again, it must not come back with the next fragment
      const { id } = document.activeElement;
      if (id) dialog.addEventListener("close", () => backTo(id), { once: true });
      dialog.showModal();
    }
  });

  // A refresh meanwhile may have put another button in the place of the one that opened a dialog.
  function backTo(id) {
    const { activeElement: at, body } = document; // what is in the closed dialog may still have the focus
    if (at === body || !at.checkVisibility()) document.getElementById(id)?.focus();
  }

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

  // Lists ----------------------------------------------------------------------------------------
  // What scrolls can be reached by keyboard.
  function reachable() {
    for (const list of document.querySelectorAll(".list")) {
      const scrolls = list.scrollHeight > list.clientHeight || list.scrollWidth > list.clientWidth;
      if (scrolls) list.tabIndex = 0;
    }
  }
  addEventListener("load", reachable);
  addEventListener("resize", reachable);
  document.addEventListener("htmx:afterSettle", reachable);

  // Parts that refresh themselves ----------------------------------------------------------------
  // What the reader asks for goes first: a refresh under way gives way to it, one that would come
  // meanwhile waits until the answer is in place. Else the answer finds its place gone and is lost.
  const asked = new WeakMap(); // part -> the request of the reader that will replace it
  const missed = new WeakSet(); // requests during which a refresh was due

  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, target: part, xhr } = event.detail;
    if (!part?.getAttribute("hx-trigger")?.includes("-changed from:body")) return;
    if (elt !== part) {
      window.htmx.trigger(part, "htmx:abort");
      asked.set(part, xhr);
      return;
    }
    const request = asked.get(part);
    if (!request || [XMLHttpRequest.UNSENT, XMLHttpRequest.DONE].includes(request.readyState)) return;
    missed.add(request);
    event.preventDefault();
  });
  // Not earlier: what has come in listens only when it has settled.
  const makeUp = ({ detail }) => {
    if (missed.delete(detail.xhr)) document.body.dispatchEvent(new CustomEvent("work-changed"));
  };
  document.addEventListener("htmx:afterSettle", makeUp);
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful) makeUp(event);
  });

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
