// The calendar: activities are moved and resized by pointer or keys; the server has the last word on each change.
import { daysBetween, plusMinutes, spoken } from "./calendar-times.js";

const STEP = 15; // minutes that everything snaps to
const HOLD = 400; // ms that a finger rests before it drags, so that it can scroll
const WAIT = 700; // ms after the last key before the change is sent
const calendar = () => document.getElementById("calendar");
const said = document.getElementById("cal-said");
let drag = null;
let keys = null; // { event, start, due, timer } while keys move an activity

const isBlock = (event) => event.classList.contains("cal-block");
const columns = () => [...calendar().querySelectorAll("[data-date]")];

function dayAt(x, y) {
  const hit = columns().find((column) => {
    const box = column.getBoundingClientRect();
    return x >= box.left && x < box.right && (drag && isBlock(drag.event) ? true : y >= box.top && y < box.bottom);
  });
  return hit?.dataset.date;
}

function minuteAt(column, y) {
  const box = column.getBoundingClientRect();
  return ((y - box.top) / box.height) * 1440;
}

function send(event, start, due) {
  if (start === event.dataset.start && due === event.dataset.due) return;
  said.textContent = spoken(event, start, due);
  Object.assign(event.dataset, { start, due }); // the next change may begin before the calendar is fetched again
  const values = { starts_at: start, due_at: due };
  window.htmx.ajax("POST", event.dataset.move, { source: calendar().parentElement, swap: "none", values });
}

const refresh = () => document.body.dispatchEvent(new CustomEvent("activities-changed"));

// The answer of a change brings the event that refreshes; after a refusal the activity goes back where it was.
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.requestConfig.path.endsWith("/reschedule/") && !detail.successful) refresh();
});

// Where a block stands while it is moved.
function showBlock(event, start, due) {
  const from = minutes(start);
  const length = due ? lengthOf(start, due) : 30;
  event.style.setProperty("--from", from);
  event.style.setProperty("--to", Math.min(1440, from + Math.max(length, 30)));
  const column = calendar().querySelector(`.cal-column[data-date="${start.slice(0, 10)}"]`);
  if (column && event.parentElement !== column) column.append(event);
  const time = event.querySelector(".cal-time");
  if (time) time.textContent = due ? `${start.slice(11)}–${due.slice(11)}` : start.slice(11);
}

function minutes(moment) {
  return Number(moment.slice(11, 13)) * 60 + Number(moment.slice(14, 16));
}

function lengthOf(start, due) {
  return daysBetween(start, due) * 1440 + minutes(due) - minutes(start);
}

function snapped(value) {
  return Math.round(value / STEP) * STEP;
}

// The new times after a drag from its beginning to this point.
function dragged(x, y) {
  const { event, start, due, resizes, from } = drag;
  if (isBlock(event)) {
    const column = event.closest(".cal-column");
    const shift = snapped(minuteAt(column, y) - minuteAt(column, from.y));
    if (resizes) {
      const length = Math.max(STEP, (due ? lengthOf(start, due) : 30) + shift);
      return [start, plusMinutes(start, Math.min(length, 1440 - minutes(start)))];
    }
    const day = dayAt(x, y) ?? start.slice(0, 10);
    const room = 1440 - Math.max(due ? lengthOf(start, due) : 0, STEP);
    const minute = Math.min(Math.max(minutes(start) + shift, 0), room);
    const moved = plusMinutes(`${day}T00:00`, minute);
    return [moved, due && plusMinutes(moved, lengthOf(start, due))];
  }
  const day = dayAt(x, y);
  if (!day || !drag.day) return [start, due];
  const shift = daysBetween(drag.day, day) * 1440;
  if (!resizes) return [plusMinutes(start, shift), due && plusMinutes(due, shift)];
  const end = plusMinutes(due || start, shift);
  return [start, end > start ? end : plusMinutes(start, 30)];
}

function begin(event, pointer) {
  drag = {
    event,
    pointer: pointer.pointerId,
    from: { x: pointer.clientX, y: pointer.clientY },
    start: event.dataset.start,
    due: event.dataset.due,
    resizes: Boolean(pointer.target.closest("[data-handle]")),
    moved: false,
    ready: pointer.pointerType !== "touch",
  };
  drag.day = dayAt(pointer.clientX, pointer.clientY);
  drag.times = [drag.start, drag.due];
  if (drag.ready) return;
  drag.timer = setTimeout(() => {
    drag.ready = true;
    event.classList.add("cal-dragged");
  }, HOLD);
}

function end(cancelled) {
  const { event, moved, times, timer } = drag;
  clearTimeout(timer);
  event.classList.remove("cal-dragged");
  event.style.translate = "";
  for (const column of columns()) column.classList.remove("cal-target");
  drag = null;
  if (!moved) {
    if (missed) refresh();
    return;
  }
  if (cancelled) refresh();
  else send(event, ...times);
  // The click that follows the end of a drag opens nothing.
  const swallow = (click) => {
    click.preventDefault();
    click.stopPropagation();
  };
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }), 50);
}

document.addEventListener("pointerdown", (pointer) => {
  const event = pointer.target.closest?.("#calendar [data-move]");
  if (event && pointer.button === 0 && !drag) begin(event, pointer);
});

document.addEventListener("pointermove", (pointer) => {
  if (drag?.pointer !== pointer.pointerId) return;
  const far = Math.hypot(pointer.clientX - drag.from.x, pointer.clientY - drag.from.y) > 4;
  if (!drag.ready) {
    if (far) end(true); // the finger scrolls
    return;
  }
  if (!far && !drag.moved) return;
  drag.moved = true;
  drag.event.classList.add("cal-dragged");
  drag.times = dragged(pointer.clientX, pointer.clientY);
  if (isBlock(drag.event)) {
    showBlock(drag.event, ...drag.times);
    return;
  }
  if (!drag.resizes) drag.event.style.translate = `${pointer.clientX - drag.from.x}px ${pointer.clientY - drag.from.y}px`;
  const day = dayAt(pointer.clientX, pointer.clientY);
  for (const column of columns()) column.classList.toggle("cal-target", column.dataset.date === day);
});

document.addEventListener("pointerup", (pointer) => drag?.pointer === pointer.pointerId && end(false));
document.addEventListener("pointercancel", (pointer) => drag?.pointer === pointer.pointerId && end(true));
document.addEventListener("touchmove", (touch) => drag?.ready && touch.preventDefault(), { passive: false });
document.addEventListener("dragstart", (event) => event.target.closest?.("#calendar") && event.preventDefault());

// Alt and an arrow move by a quarter of an hour or a day, Shift and an arrow change the length.
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

document.addEventListener("keydown", (key) => {
  if (key.key === "Escape" && drag) end(true);
  const event = key.target.closest?.("#calendar [data-move]");
  const arrow = ARROWS[key.key];
  if (!event || !arrow || key.altKey === key.shiftKey || key.ctrlKey || key.metaKey) return;
  key.preventDefault();
  const [days, quarters] = arrow;
  const by = days * 1440 + quarters * (isBlock(event) ? STEP : 1440 * 7 * Number(calendar().dataset.view === "month"));
  if (!by) return;
  if (keys?.event !== event) keys = { event, start: event.dataset.start, due: event.dataset.due };
  if (key.altKey) {
    keys.start = plusMinutes(keys.start, by);
    keys.due &&= plusMinutes(keys.due, by);
  } else {
    const due = plusMinutes(keys.due || plusMinutes(keys.start, 30), by);
    if (due > keys.start) keys.due = due;
  }
  if (isBlock(event) && (!keys.due || keys.start.slice(0, 10) === keys.due.slice(0, 10))) {
    showBlock(event, keys.start, keys.due);
    event.focus();
  }
  said.textContent = spoken(event, keys.start, keys.due);
  clearTimeout(keys.timer);
  keys.timer = setTimeout(sendKeys, WAIT);
});

function sendKeys() {
  const { event, start, due, timer } = keys;
  clearTimeout(timer);
  keys = null;
  send(event, start, due);
}
document.addEventListener("focusout", (event) => {
  // Moving a block to another day takes the focus off it for a moment.
  const left = keys?.event === event.target;
  if (left) setTimeout(() => keys && document.activeElement !== keys.event && sendKeys(), 50);
});

// A click on free time adds an activity there.
document.addEventListener("click", (event) => {
  const column = event.target.closest?.("#calendar [data-date]");
  if (!column || event.defaultPrevented || event.target.closest("a")) return;
  const minute = column.matches(".cal-column") ? Math.floor(minuteAt(column, event.clientY) / 30) * 30 : 9 * 60;
  location.assign(`${calendar().dataset.add}${plusMinutes(`${column.dataset.date}T00:00`, minute)}`);
});

// A calendar that refreshes itself stays where it was scrolled, and never under somebody's hands.
let scrolled = null;
let missed = false;
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.id !== "calendar") return;
  const isRefresh = /-changed$/.test(event.detail.requestConfig.triggeringEvent?.type ?? "");
  missed = isRefresh && Boolean(drag || keys);
  if (missed) {
    event.detail.shouldSwap = false; // what they do ends with a refresh of its own
    return;
  }
  const scroll = document.getElementById("cal-scroll");
  scrolled = scroll && { top: scroll.scrollTop, left: scroll.scrollLeft };
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "calendar") setUp();
});

const opened = Date.now();
const openedAt = calendar().dataset.now;

function tick() {
  const now = plusMinutes(openedAt, Math.floor((Date.now() - opened) / 60000));
  const line = calendar().querySelector(".cal-now");
  line?.style.setProperty("--from", minutes(now));
}

// The working day begins at the top, unless the present hour with what follows needs the place; today is in sight.
function opening(scroll) {
  const body = scroll.querySelector(".cal-body");
  if (!body) return {};
  const hour = body.offsetHeight / 24;
  const begins = 7.5 * hour;
  const line = body.querySelector(".cal-now");
  if (!line) return { top: begins };
  const column = line.parentElement;
  const third = (scroll.clientHeight - body.offsetTop) / 3;
  const top = line.offsetTop < begins ? line.offsetTop - hour : Math.max(begins, line.offsetTop - third);
  const fits = column.offsetLeft + column.offsetWidth <= scroll.clientWidth;
  return { top, left: fits ? 0 : column.offsetLeft - body.querySelector(".cal-hours").offsetWidth };
}

function setUp() {
  const scroll = document.getElementById("cal-scroll");
  tick();
  scroll.scrollTo(scrolled ?? opening(scroll));
}

setInterval(tick, 60_000);
setUp();
