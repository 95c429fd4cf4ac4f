// A kept e-mail is as high as what it says. Its frame runs no script, so the page around it measures.
for (const frame of document.querySelectorAll(".mail-frame")) {
  const fit = () => {
    const root = frame.contentDocument?.documentElement;
    if (!root) return; // it loads still
    frame.style.height = "0"; // what it needs, not what it has
    frame.style.height = `${root.scrollHeight}px`;
  };
  let width = 0;
  new ResizeObserver(() => {
    if (frame.clientWidth === width) return;
    width = frame.clientWidth;
    fit();
  }).observe(frame);
  frame.addEventListener("load", fit);
}
