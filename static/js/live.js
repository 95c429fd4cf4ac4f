// Keeps this page up to date: the bell, the title, and by `work-changed` on the body everything that shows work.
(() => {
  const bell = document.getElementById("bell");
  if (!bell) return;
  const QUIET = 700; // ms between two refreshes: a burst of changes becomes one
  const title = document.title;
  let count = Number(bell.dataset.count);
  let seen = Number(bell.dataset.seen);
  let isStale = false;
  let quiet = null;
  let hasRisen = false;

  function show() {
    const number = document.getElementById("bell-number");
    const text = count > 99 ? "99+" : String(count);
    number.textContent = count ? text : "";
    number.hidden = !count;
    document.title = count ? `(${text}) ${title}` : title;
  }

  // Refresh what shows work: at once, then no sooner than QUIET; a page in the background waits until it is looked at.
  function refresh() {
    isStale = true;
    if (quiet || document.hidden) return;
    isStale = false;
    quiet = setTimeout(() => {
      quiet = null;
      if (isStale) refresh();
    }, QUIET);
    document.body.dispatchEvent(new CustomEvent("work-changed", { detail: { count } }));
  }

  function hear(work) {
    const isNews = work.changed > seen || work.count !== count;
    hasRisen ||= work.count > count;
    seen = Math.max(seen, work.changed);
    count = work.count;
    show();
    if (!isNews) return;
    document.dispatchEvent(new CustomEvent("work-heard", { detail: { changed: work.changed } }));
    refresh();
  }

  // The server's words for the new number are fetched with the bell; they are read out only when work has come.
  document.addEventListener("htmx:afterSwap", ({ target }) => {
    if (target !== bell) return;
    show();
    if (hasRisen) document.getElementById("bell-news").textContent = document.getElementById("bell-words").textContent;
    hasRisen = false;
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && isStale) refresh();
  });
  show();

  const addresses = {
    stream: new URL(bell.dataset.stream, location.href).href,
    poll: new URL(bell.dataset.poll, location.href).href,
  };
  const script = document.currentScript.src;

  async function listenAlone() {
    const { listen } = await import(new URL("live-stream.js", script));
    listen(addresses, hear);
  }

  try {
    // One worker per reader: who signs in after another one must not hear his stream.
    const worker = new SharedWorker(bell.dataset.worker, { type: "module", name: `live-${bell.dataset.user}` });
    worker.addEventListener("error", listenAlone, { once: true });
    worker.port.addEventListener("message", ({ data }) => hear(data));
    worker.port.start();
    worker.port.postMessage(addresses);
    addEventListener("pagehide", () => worker.port.postMessage({ bye: true }));
    addEventListener("pageshow", ({ persisted }) => persisted && worker.port.postMessage(addresses));
  } catch {
    listenAlone();
  }
})();
