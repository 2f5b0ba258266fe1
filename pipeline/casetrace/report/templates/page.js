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
    if (link.hasAttribute("aria-label")) {
      link.dataset.tip = link.getAttribute("aria-label");
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
  function place(mark) {
    const found = /translate\((-?[\d.]+),\s*(-?[\d.]+)\)/.exec(mark.dataset.place || mark.getAttribute("transform") || "");
    return found && [Number(found[1]), Number(found[2])];
  }
  // How far a label lies from the mark that it names (left of it: positive); a label keeps this distance when stretched.
  function near(mark) {
    const at = place(mark);
    const group = mark.tagName === "text" && mark.closest(".role-mark") && mark.closest(".role-scope");
    if (!at || !group) {
      return null;
    }
    const gaps = [...group.querySelectorAll(".mark-symbol path")].map(place).filter(Boolean)
      .map(([x, y]) => [Math.hypot(x - at[0], y - at[1]), x - at[0]]).sort((a, b) => a[0] - b[0]);
    return gaps.length && gaps[0][0] < 60 ? gaps[0][1] : null;
  }
  // Stretches a drawing along its time axis; words and marks keep their shape, and the panel scrolls sideways.
  function stretch(panel, times) {
    const svg = panel.querySelector("svg");
    panel.dataset.height = panel.dataset.height || svg.getBoundingClientRect().height;
    svg.setAttribute("preserveAspectRatio", times === 1 ? "xMidYMid" : "none");
    svg.style.maxWidth = times === 1 ? "" : "none";
    svg.style.width = times === 1 ? "" : `${times * 100}%`;
    svg.style.height = times === 1 ? "" : `${panel.dataset.height}px`;
    svg.querySelectorAll("text, .mark-symbol path").forEach((mark) => {
      mark.dataset.place = mark.dataset.place || mark.getAttribute("transform") || "";
      const own = near(mark);
      const moved = own === null ? "" : `translate(${own * (1 - 1 / times)}, 0) `;
      mark.setAttribute("transform", `${moved}${mark.dataset.place} scale(${1 / times}, 1)`);
    });
    svg.querySelectorAll("line, path, rect").forEach((mark) => mark.setAttribute("vector-effect", "non-scaling-stroke"));
    panel.tabIndex = times === 1 ? -1 : 0;
  }
  document.querySelectorAll("#figure-timeline .wide").forEach((panel) => {
    let times = 1;
    const bar = document.createElement("p");
    bar.className = "zoom";
    [["Wider", 2], ["Narrower", 0.5], ["Whole width", 0]].forEach(([label, factor]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      button.addEventListener("click", () => {
        times = factor ? Math.min(8, Math.max(1, times * factor)) : 1;
        stretch(panel, times);
      });
      bar.append(button);
    });
    bar.prepend("Time axis: ");
    panel.setAttribute("role", "region");
    panel.setAttribute("aria-label", panel.previousElementSibling.textContent.trim());
    panel.before(bar);
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
