// The connection to the server, for a SharedWorker or a single page: a stream, and polling while there is none.
const POLL = 30_000; // ms between two polls, and between attempts to open a stream that was refused
const FIRST = 15_000; // ms until the first word; a proxy that hoards the stream never lets it through
const SILENT = 70_000; // ms between two words; the server beats every 25 s, so that this connection is dead

// Calls `tell({count, changed})` with everything the server says.
export function listen({ stream, poll }, tell) {
  let source = null;
  let failures = 0;
  let polling = null;
  let watchdog = null;

  function alive() {
    clearTimeout(watchdog);
    watchdog = setTimeout(open, SILENT);
    failures = 0;
    clearInterval(polling);
    polling = null;
  }

  function fail(retry) {
    failures += 1;
    if (failures >= 2 && !polling) {
      ask();
      polling = setInterval(ask, POLL);
    }
    if (!retry) return;
    source.close();
    clearTimeout(watchdog);
    watchdog = setTimeout(open, failures < 2 ? 2_000 : POLL);
  }

  function open() {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => fail(true), FIRST);
    source?.close();
    source = new EventSource(stream);
    source.addEventListener("beat", alive);
    source.addEventListener("work", (event) => {
      alive();
      tell(JSON.parse(event.data));
    });
    // A browser comes back by itself after a lost connection, never after a refusal.
    source.addEventListener("error", () => fail(source.readyState === EventSource.CLOSED));
  }

  async function ask() {
    try {
      const answer = await fetch(poll, { headers: { Accept: "application/json" }, cache: "no-store" });
      if (answer.ok) tell(await answer.json());
    } catch {
      // Still no connection; the next one is due soon.
    }
  }

  self.addEventListener("online", open);
  open();
}
