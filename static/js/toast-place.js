// Messages stand at the bottom; at the top where they would cover a control of the form that one is busy with.
(() => {
  const toasts = document.getElementById("toasts");
  const busyWith = () => document.activeElement?.closest("form") ?? document.querySelector(":target form");

  function covered(form) {
    const room = toasts.getBoundingClientRect();
    return [...form.elements].filter((control) => {
      const { left, right, top, bottom, width } = control.getBoundingClientRect();
      return width && left < room.right && right > room.left && top < room.bottom && bottom > room.top;
    }).length;
  }

  // Where both places cover something, the one that covers less.
  function place() {
    const form = busyWith();
    if (!toasts.childElementCount) delete toasts.dataset.at;
    else if (form && covered(form)) move(form, covered(form));
  }

  function move(form, now) {
    const { at } = toasts.dataset;
    toasts.dataset.at = at === "top" ? "bottom" : "top";
    if (covered(form) >= now) toasts.dataset.at = at ?? "bottom";
  }

  // Once the browser has scrolled to what has the focus.
  let asked = 0;
  function soon() {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(place);
  }

  new MutationObserver(soon).observe(toasts, { childList: true });
  for (const name of ["focusin", "resize", "hashchange"]) addEventListener(name, soon);
  addEventListener("scroll", soon, { passive: true, capture: true }); // dialogs and lists scroll, too
  soon();
})();
