// What is typed into a form stays in the browser until the server has taken it: a session may end, a page be refused.
// <textarea data-keep> is kept as one types, so that one may look something up meanwhile. Nobody else ever sees it.
(() => {
  const { reader, door, textKept } = document.body.dataset;
  const refused = performance.getEntriesByType("navigation")[0]?.responseStatus >= 400
    || Boolean(document.querySelector("#toasts [data-level=error]"));
  const PREFIX = "kept:";
  const OUT = "signed-out"; // when, for the other tabs

  // One entry per form -----------------------------------------------------------------------------
  const keyOf = (form) => {
    const address = form.getAttribute("action") || form.getAttribute("hx-post") || location.href;
    return PREFIX + new URL(address, location.href).pathname;
  };
  const entryOf = (key) => JSON.parse(sessionStorage.getItem(key));
  const store = (key, entry) => sessionStorage.setItem(key, JSON.stringify(entry));
  const entries = () => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));

  // Controls: what they are called, how they stand, whether the server knows --------------------------
  const hiddenOf = (box) => box.closest("[data-picker]").querySelector("input[type=hidden]");
  const KINDS = [
    {
      fits: "[type=checkbox], [type=radio]",
      name: (control) => `${control.name}=${control.value}`,
      read: (control) => control.checked,
      write: (control, checked) => { control.checked = checked; },
      changed: (control) => control.checked !== control.defaultChecked,
    },
    {
      fits: "select",
      name: (control) => control.name,
      read: (control) => [...control.selectedOptions].map((option) => option.value),
      write: (control, values) => { for (const option of control.options) option.selected = values.includes(option.value); },
      changed: (control) => [...control.options].some((option) => option.selected !== option.defaultSelected),
    },
    {
      fits: "[data-picker] [role=combobox]",
      name: (box) => hiddenOf(box).name,
      read: (box) => [hiddenOf(box).value, box.value],
      write: (box, [value, text]) => { [hiddenOf(box).value, box.value] = [value, text]; },
      changed: (box) => box.value !== box.defaultValue,
    },
    {
      fits: "textarea, input:not([type=hidden], [type=password], [type=file])",
      name: (control) => control.name,
      read: (control) => control.value,
      write: (control, value) => { control.value = value; },
      changed: (control) => control.value !== control.defaultValue,
    },
  ];
  const controlsOf = (form) => [...form.elements]
    .map((control) => ({ control, kind: KINDS.find((kind) => control.matches(kind.fits)) }))
    .filter(({ control, kind }) => kind?.name(control));

  function keep(form, state) {
    const typed = controlsOf(form).filter(({ control, kind }) => refused || kind.changed(control));
    if (!typed.length) return sessionStorage.removeItem(keyOf(form));
    const controls = Object.fromEntries(typed.map(({ control, kind }) => [kind.name(control), kind.read(control)]));
    store(keyOf(form), { reader, state, at: Date.now(), controls });
  }

  function bringBack(form) {
    const key = keyOf(form);
    const entry = entryOf(key);
    if (!entry || entry.state === "sent") return;
    const found = controlsOf(form).filter(({ control, kind }) => kind.name(control) in entry.controls);
    for (const { control, kind } of found) kind.write(control, entry.controls[kind.name(control)]);
    if (entry.state !== "lost" || !found.length) return;
    store(key, { ...entry, state: "typed" });
    found[0].control.focus();
    document.dispatchEvent(new CustomEvent("toast", { detail: { text: textKept, level: "info" } }));
  }

  // What has become of what was sent ---------------------------------------------------------------
  const isDoor = location.pathname === door && !refused;
  if (isDoor && document.referrer && !new URLSearchParams(location.search).has("next")) localStorage.setItem(OUT, Date.now());
  for (const key of entries()) {
    const entry = entryOf(key);
    const foreign = reader && entry.reader !== reader;
    if (foreign || entry.at <= localStorage.getItem(OUT)) sessionStorage.removeItem(key);
    else if (entry.state !== "sent") continue;
    else if (reader && !refused) sessionStorage.removeItem(key);
    else store(key, { ...entry, state: "lost" });
  }
  if (!reader) return;

  const posts = (form) => form.matches?.("form[method=post], form[hx-post]");
  const lookAt = (part) => { for (const form of part.querySelectorAll("form")) if (posts(form)) bringBack(form); };
  lookAt(document);
  document.addEventListener("htmx:afterSettle", ({ target }) => lookAt(target));
  document.addEventListener("input", ({ target }) => {
    if (target.form && (target.matches("[data-keep]") || entryOf(keyOf(target.form)))) keep(target.form, "typed");
  });
  addEventListener("submit", (event) => {
    if (posts(event.target) && !event.defaultPrevented) keep(event.target, "sent");
  });
  document.addEventListener("htmx:beforeRequest", ({ target }) => { if (posts(target)) keep(target, "sent"); });
  // A part that refreshes itself finds first that the session has ended, and leads the whole page to the door, unless
  // the page has its own way on.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (!xhr.getResponseHeader("HX-Redirect")?.startsWith(`${door}?`)) return;
    for (const form of document.forms) if (posts(form)) keep(form, "lost");
    const stays = new CustomEvent("session-ended", { cancelable: true });
    if (requestConfig.verb === "get" && !document.dispatchEvent(stays)) event.preventDefault();
  });
  document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
    const moves = detail.xhr.getResponseHeader("HX-Redirect"); // then the next page knows whether it was taken
    if (detail.successful && !moves && posts(target)) sessionStorage.removeItem(keyOf(target));
  });
})();
