// The form that answers a pending step: keeps a draft while one types, says when the step can no longer be answered,
// and asks for that before it is sent, so that nothing typed is lost to a colleague or to a session that has ended.
(() => {
  const form = document.querySelector("form[data-state]");
  if (!form) return;
  const token = form.querySelector("[name=csrfmiddlewaretoken]");
  const texts = form.dataset;
  let sending = false;

  // The draft ------------------------------------------------------------------------------------
  const note = document.getElementById("draft-note");
  let timer = 0;

  function saveDraft() {
    clearTimeout(timer);
    timer = 0;
    const body = new URLSearchParams(new FormData(form));
    return fetch(texts.draft, { method: "POST", headers: { "X-CSRFToken": token.value }, body, keepalive: true })
      .then((response) => { if (response.status === 204) note.textContent = note.dataset.textSaved; })
      .catch(() => {}); // the next keystroke tries again
  }

  form.addEventListener("input", () => {
    if (!texts.draft) return;
    note.textContent = "";
    clearTimeout(timer);
    timer = setTimeout(saveDraft, 800);
  });
  addEventListener("pagehide", () => {
    if (!sending && timer) saveDraft();
  });
  // What another form of the page does (a file is added, the task postponed) may show this page again.
  document.addEventListener("submit", async (event) => {
    if (event.target === form || !timer || event.defaultPrevented) return;
    event.preventDefault();
    await saveDraft();
    event.target.requestSubmit(event.submitter);
  });

  // How the step stands --------------------------------------------------------------------------
  function say(...parts) {
    const text = document.createElement("p");
    text.append(...parts);
    const box = document.createElement("div");
    box.id = "step-news";
    box.className = "alert-note alert-note-warn";
    box.setAttribute("role", "alert");
    box.append(text);
    document.getElementById(box.id)?.remove();
    form.before(box);
  }

  function signIn() {
    const link = document.createElement("a");
    link.href = "/";
    link.target = "_blank";
    link.textContent = texts.textSignIn;
    return link;
  }

  function saySignedOut() {
    say(`${texts.textSignedOut} `, signIn());
  }

  function close(why) {
    clearTimeout(timer);
    delete texts.draft;
    for (const part of document.querySelectorAll(".step-handing, .step-buttons, form[data-state] .form-actions")) {
      part.remove();
    }
    say(`${why} ${texts.textLate}`);
  }

  // Whether it can be sent; says why not. Where nobody can be asked the server has the word.
  async function mayBeSent() {
    const response = await fetch(texts.state).catch(() => null);
    if (response?.redirected) saySignedOut();
    else if (response?.status === 404) close(texts.textGone);
    else if (!response && !navigator.onLine) say(document.body.dataset.textOffline);
    else if (response?.ok) {
      const state = await response.json();
      token.value = state.token;
      if (state.message) close(state.message);
      else document.getElementById("step-news")?.remove();
      return !state.message;
    } else return true;
    return false;
  }

  document.body.addEventListener("work-changed", () => {
    if (!sending && form.querySelector(".step-buttons, .form-actions")) mayBeSent();
  });
  document.addEventListener("session-ended", (event) => {
    event.preventDefault(); // one signs in elsewhere and sends it from here
    saySignedOut();
  });
  addEventListener("pageshow", ({ persisted }) => { if (persisted) sending = false; });
  form.addEventListener("submit", async (event) => {
    if (sending === "now") return;
    event.preventDefault();
    if (sending) return; // a second click
    sending = true;
    clearTimeout(timer);
    sending = (await mayBeSent()) && "now";
    if (sending) form.requestSubmit(event.submitter);
  });
})();
