/* The keyboard of the reading desk, and what is marked in the document for the proposal at hand. */
"use strict";
(() => {
  const cards = () => [...document.querySelectorAll("[data-proposal]")];
  let chosenId = "";  // a card that is swapped loses its class, and its place in the order must not be lost with it
  const at = () => document.getElementById(chosenId);
  const choose = (card, scroll) => {
    document.querySelectorAll(".now").forEach(one => one.classList.remove("now"));
    if (!card) return;
    chosenId = card.id;
    card.classList.add("now");
    card.focus({ preventScroll: true });
    if (scroll) card.scrollIntoView({ block: "center" });
    const marks = document.querySelectorAll(`mark[data-of="${card.dataset.proposal}"]`);
    marks.forEach(one => one.classList.add("now"));
    const text = marks[0] && marks[0].closest(".text");
    if (text && getComputedStyle(text).position === "sticky") text.scrollTop += marks[0].getBoundingClientRect().top - text.getBoundingClientRect().top - 120;
  };
  const chosen = () => { const card = location.hash && document.querySelector(`[id="${location.hash.slice(1)}"]`); if (card && card.dataset.proposal) choose(card, true); };
  document.addEventListener("keydown", event => {
    if (event.target.closest("input, textarea, select, summary, a, button") || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = cards(), now = all.indexOf(at());
    if (event.key === "j" || event.key === "k") {
      event.preventDefault();
      choose(all[Math.max(0, Math.min(all.length - 1, event.key === "j" ? now + 1 : now - 1))], true);
      return;
    }
    if (now < 0) return;
    if (event.key === "s") { const box = all[now].querySelector("input[name=ids]"); if (box) box.checked = !box.checked; return; }
    const control = all[now].querySelector(`.buttons [data-key="${event.key}"]`);
    if (!control) return;
    event.preventDefault();
    control.click();
    if (event.key === "x") control.parentElement.querySelector("input[name=reason]").focus();
  });
  document.addEventListener("focusin", event => { const card = event.target.closest("[data-proposal]"); if (card && card !== at()) choose(card, false); });
  document.addEventListener("htmx:afterSettle", event => { if (chosenId && event.detail.target && event.detail.target.id === chosenId) choose(at(), false); });
  window.addEventListener("hashchange", chosen);
  chosen();
})();
