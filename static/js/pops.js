// Notifications of the browser while a page is open: one page speaks for all, and only once it was allowed to.
(() => {
  const bell = document.getElementById("bell");
  if (!bell || !("Notification" in window) || !navigator.locks) return; // without HTTPS browsers have neither
  const name = `pops-${bell.dataset.user}`;
  const MOST = 100; // ids of what was told
  const LONGEST_WAIT = 2 ** 31 - 1;
  let timer = null;

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

  // All pages hear of a change; the first one to get the lock asks and tells, the others find it done.
  function tell(changed) {
    if (Notification.permission !== "granted") return;
    navigator.locks.request(name, async () => {
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
    });
  }

  document.addEventListener("work-heard", ({ detail }) => tell(detail.changed));
  document.addEventListener("notifications-allowed", () => tell());
  tell();
})();
