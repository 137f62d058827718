/* Small helps for the keyboard and for uploads; every page works without them. */
"use strict";
(() => {
  const options = box => [...box.querySelectorAll("a")];
  document.addEventListener("keydown", event => {
    const box = event.target.closest(".search");
    const list = box && box.querySelector(".suggest");
    if (event.key === "/" && !event.target.closest("input, textarea, select") && !event.ctrlKey && !event.metaKey) {
      const field = document.querySelector("main input[type=search], .top input[type=search]");
      if (field) { event.preventDefault(); field.focus(); }
      return;
    }
    if (event.key === "Escape") {
      document.querySelectorAll(".suggest").forEach(one => one.replaceChildren());
      document.querySelectorAll("details.menu[open]").forEach(one => { one.open = false; });
      return;
    }
    if (!list || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    const links = options(list);
    if (!links.length) return;
    event.preventDefault();
    const at = links.indexOf(document.activeElement);
    const next = event.key === "ArrowDown" ? at + 1 : at - 1;
    if (next < 0) box.querySelector("input").focus(); else links[Math.min(next, links.length - 1)].focus();
  });
  document.addEventListener("click", event => {
    document.querySelectorAll(".suggest").forEach(one => { if (!one.parentElement.contains(event.target)) one.replaceChildren(); });
    document.querySelectorAll("details.menu[open]").forEach(one => { if (!one.contains(event.target)) one.open = false; });
    const print = event.target.closest("[data-print]");
    if (print) window.print();
    const copy = event.target.closest("[data-copy]");
    if (copy) navigator.clipboard.writeText(copy.dataset.copy).then(() => { copy.textContent = copy.dataset.copied; });
  });
  document.addEventListener("input", event => {
    const many = event.target.closest(".many");
    if (!many || !event.target.value || event.target !== many.querySelector("input:last-of-type")) return;
    const next = event.target.cloneNode();
    next.value = ""; next.removeAttribute("id"); next.required = false;
    many.append(next);
    if (window.htmx) window.htmx.process(next);
  });
  document.addEventListener("change", event => {
    const field = event.target;
    if (field.dataset.all) [...field.form.elements].forEach(one => { if (one.name === field.dataset.all) one.checked = field.checked; });
    if (field.type !== "file" || !field.dataset.maxBytes) return;
    const file = field.files[0];
    field.setCustomValidity(file && file.size > Number(field.dataset.maxBytes) ? field.dataset.tooLarge : "");
    field.reportValidity();
  });
  document.addEventListener("submit", event => {
    const form = event.target;
    const question = (event.submitter && event.submitter.dataset.confirm) || form.dataset.confirm;
    if (question && !window.confirm(question)) { event.preventDefault(); return; }
    if (form.method === "post") setTimeout(() => form.querySelectorAll("button").forEach(one => { one.disabled = true; }));
  });
  if (window.matchMedia("(max-width: 760px)").matches) document.querySelectorAll("details.facets").forEach(one => { one.open = false; });
  window.addEventListener("pageshow", () => document.querySelectorAll("form button[disabled]").forEach(one => { one.disabled = false; }));
})();
