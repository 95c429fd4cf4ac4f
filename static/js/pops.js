// Notifications of the browser while a page is open: one page speaks for all, and only once it was allowed to.
(() => {
  const bell = document.getElementById("bell");
  if (!bell || !("Notification" in window) || !navigator.locks) return; // without HTTPS browsers have neither
  const name = `pops-${bell.dataset.user}`;
  const MOST = 100; // ids of what was told
  const LONGEST_WAIT = 2 ** 31 - 1;
  let timer = null;
  let leads = null; // null: has not asked to; false: waits until the page that does closes
  let last = Promise.resolve();

  function read() {
    try {
      return JSON.parse(localStorage.getItem(name)) ?? {};
    } catch {
      return {};
    }
  }

  function show({ id, text, about, url }) {
    const notification = new Notification(text, { body: about, tag: `news-${id}`, icon: bell.dataset.icon });
    notification.addEventListener("click", () => {
      // A tab of its own: what is being typed in this one stays.
      window.open(url, "_blank");
      notification.close();
    });
  }

  // The page that has the lock speaks, until it closes: what is told is known to one page at a time, since what one
  // writes down reaches the others a little later.
  function lead() {
    if (leads !== null || Notification.permission !== "granted") return;
    leads = false;
    navigator.locks.request(name, () => new Promise(() => {
      leads = true;
      tell();
    }));
  }

  function tell(changed) {
    if (leads) last = last.then(() => tellOf(changed)); // one after the other
  }

  async function tellOf(changed) {
    const known = read();
    if (changed && known.changed >= changed) return;
    let answer;
    try {
      const response = await fetch(`${bell.dataset.pops}?since=${known.since ?? ""}`);
      if (!response.ok) return;
      answer = await response.json();
    } catch {
      return; // the next change asks again
    }
    const told = known.told ?? [];
    const fresh = answer.entries.filter(({ id }) => !told.includes(id));
    const kept = [...told, ...fresh.map(({ id }) => id)].slice(-MOST);
    localStorage.setItem(name, JSON.stringify({ since: answer.until, changed: changed || known.changed, told: kept }));
    for (const entry of fresh) show(entry);
    if (answer.next) {
      clearTimeout(timer);
      timer = setTimeout(tell, Math.min(answer.next - answer.until + 500, LONGEST_WAIT));
    }
  }

  document.addEventListener("work-heard", ({ detail }) => tell(detail.changed));
  document.addEventListener("notifications-allowed", lead);
  lead();
})();
