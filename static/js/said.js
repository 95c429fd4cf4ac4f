// What those hear who do not see the list: how much a filter has left of it.
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const search = detail.requestConfig?.elt.closest("[role=search]");
  if (!search) return;
  const list = document.querySelector(search.getAttribute("hx-target"));
  document.getElementById("said").textContent = list?.querySelector("[data-said-of-list]")?.textContent.trim() ?? "";
});
