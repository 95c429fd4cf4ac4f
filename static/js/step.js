// The page of a pending step: keeps a draft while one types, and says when somebody else was faster.
(() => {
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const note = document.getElementById("draft-note");
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  let timer = 0;
  let sending = false;

  function saveDraft() {
    const body = new URLSearchParams(new FormData(form));
    fetch(form.dataset.draft, { method: "POST", headers: { "X-CSRFToken": token }, body, keepalive: true })
      .then((response) => { if (response.ok) note.textContent = note.dataset.textSaved; })
      .catch(() => {}); // the next keystroke tries again
  }

  form.addEventListener("input", () => {
    note.textContent = "";
    clearTimeout(timer);
    timer = setTimeout(saveDraft, 800);
  });
  form.addEventListener("submit", () => {
    sending = true;
    clearTimeout(timer);
  });
  addEventListener("pagehide", () => {
    if (sending || !timer) return;
    clearTimeout(timer);
    saveDraft();
  });

  document.body.addEventListener("work-changed", async () => {
    if (sending) return;
    const response = await fetch(form.dataset.state).catch(() => null);
    if (!response?.ok) return;
    const state = await response.json();
    if (state.pending) return;
    const box = document.createElement("div");
    box.className = "alert-note alert-note-warn";
    box.setAttribute("role", "alert");
    const text = document.createElement("p");
    text.textContent = `${state.message} ${form.dataset.textLate}`;
    box.append(text);
    document.getElementById("step-late").replaceChildren(box);
    form.querySelector(".step-buttons")?.remove();
    delete form.dataset.draft;
  });
})();
