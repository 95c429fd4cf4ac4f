// A kept e-mail is as high as what it says, and in the theme of the page. Its frame runs no script: the page around it acts.
for (const frame of document.querySelectorAll(".mail-frame")) {
  const root = () => frame.contentDocument?.documentElement; // nothing while it loads
  const fit = () => {
    if (!root()) return;
    frame.style.height = "0"; // what it needs, not what it has
    frame.style.height = `${root().scrollHeight}px`;
  };
  const dress = () => root()?.style.setProperty("color-scheme", document.documentElement.dataset.bsTheme);
  let width = 0;
  new ResizeObserver(() => {
    if (frame.clientWidth === width) return;
    width = frame.clientWidth;
    fit();
  }).observe(frame);
  frame.addEventListener("load", () => {
    dress();
    fit();
  });
  document.addEventListener("portal:theme", dress);
}
