// Moments as "2026-03-02T09:15" on the reader's clock, whatever the clock of the browser says.
const utc = (moment) => Date.parse(`${moment.length === 10 ? `${moment}T00:00` : moment}Z`);

export function plusMinutes(moment, minutes) {
  return new Date(utc(moment) + minutes * 60_000).toISOString().slice(0, 16);
}

export function daysBetween(from, to) {
  return Math.round((utc(to.slice(0, 10)) - utc(from.slice(0, 10))) / 86_400_000);
}

// "Call the client, Mon 2 Mar 09:15 – 10:00" for those who do not see it move.
export function spoken(event, start, due) {
  const words = new Intl.DateTimeFormat(document.documentElement.lang, {
    timeZone: "UTC", weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
  });
  const times = due ? words.formatRange(utc(start), utc(due)) : words.format(utc(start));
  return `${event.querySelector(".cal-text").textContent}: ${times}`;
}
