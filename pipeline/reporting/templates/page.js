// Shows what a number or a mark rests on when it is pointed at or reached with the keyboard.
// Without this script the same text stands in title attributes, and every link works.
(function () {
  const tip = document.createElement("div");
  tip.id = "tip";
  tip.hidden = true;
  tip.setAttribute("role", "tooltip");
  document.body.append(tip);

  document.querySelectorAll("main [title]").forEach((link) => {
    link.dataset.tip = link.getAttribute("title");
    link.removeAttribute("title");
  });
  document.querySelectorAll("figure svg a").forEach((link) => {
    const mark = link.querySelector("[aria-label]");
    if (mark) {
      link.dataset.tip = mark.getAttribute("aria-label");
    }
  });

  function show(link) {
    tip.textContent = link.dataset.tip;
    tip.hidden = false;
    const box = link.getBoundingClientRect();
    const width = tip.offsetWidth;
    const left = Math.min(Math.max(8, box.left), document.documentElement.clientWidth - width - 8);
    const below = box.bottom + tip.offsetHeight + 12 < window.innerHeight;
    tip.style.left = `${left + window.scrollX}px`;
    tip.style.top = `${(below ? box.bottom + 6 : box.top - tip.offsetHeight - 6) + window.scrollY}px`;
    link.setAttribute("aria-describedby", "tip");
  }
  function hide(link) {
    tip.hidden = true;
    link.removeAttribute("aria-describedby");
  }
  document.querySelectorAll("[data-tip]").forEach((link) => {
    link.addEventListener("mouseenter", () => show(link));
    link.addEventListener("focus", () => show(link));
    link.addEventListener("mouseleave", () => hide(link));
    link.addEventListener("blur", () => hide(link));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      tip.hidden = true;
    }
  });
  const contents = document.querySelector(".contents details");
  if (window.matchMedia("(max-width: 46rem)").matches) {
    contents.open = false;
  }
  function unfold() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const fold = target && target.closest("details");
    if (fold) {
      fold.open = true;
    }
  }
  window.addEventListener("hashchange", unfold);
  unfold();
  window.addEventListener("beforeprint", () => {
    document.querySelectorAll("main details").forEach((fold) => { fold.open = true; });
  });
})();
