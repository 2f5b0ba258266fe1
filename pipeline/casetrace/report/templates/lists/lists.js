// Sorts and filters the tables of this page. Without it every row stands there in the order it was written.
(function () {
  function key(row, column) {
    const cell = row.cells[column];
    return cell.dataset.v !== undefined ? cell.dataset.v : cell.textContent.trim();
  }
  function compare(a, b) {
    if (a === "" || b === "") return null;
    const [x, y] = [Number(a), Number(b)];
    return Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b, "en") : x - y;
  }
  function sort(table, heading) {
    const column = heading.cellIndex;
    const down = heading.getAttribute("aria-sort") === "ascending";
    table.querySelectorAll("th[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row, place) => ({ row, place, value: key(row, column) }));
    rows.sort((a, b) => {
      const found = compare(a.value, b.value);
      // What is not known stands last, whichever way the table is sorted.
      if (found === null) return (a.value === "") - (b.value === "") || a.place - b.place;
      return (down ? -found : found) || a.place - b.place;
    });
    rows.forEach(({ row }) => body.append(row));
  }
  function filter(tools) {
    const table = document.getElementById(tools.dataset.filters);
    const words = tools.querySelector("input[type=search]").value.toLowerCase().split(/\s+/).filter(Boolean);
    const choices = [...tools.querySelectorAll("select[name]")].filter((s) => s.value !== "");
    let shown = 0;
    for (const row of table.tBodies[0].rows) {
      const text = (row.dataset.words || row.textContent).toLowerCase();
      const fits = words.every((w) => text.includes(w)) && choices.every((s) => row.dataset[s.name] === s.value);
      row.hidden = !fits;
      shown += fits;
    }
    tools.querySelector("output").textContent = `${shown} of ${table.tBodies[0].rows.length} shown`;
  }
  document.querySelectorAll("table.sortable").forEach((table) => {
    table.querySelectorAll("thead th").forEach((heading) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => sort(table, heading));
    });
  });
  // Cards have no headings to sort by, so a choice takes their place.
  document.querySelectorAll("table.cards-when-narrow").forEach((table) => {
    const label = document.createElement("label"), choice = document.createElement("select");
    const headings = [...table.tHead.rows[0].cells];
    headings.forEach((heading, place) => choice.add(new Option(heading.textContent.trim(), place)));
    choice.addEventListener("input", (event) => {
      event.stopPropagation();
      const heading = headings[choice.value];
      heading.removeAttribute("aria-sort");
      sort(table, heading);
    });
    label.className = "narrow-only";
    label.append("Sort by ", choice);
    document.querySelector(`.tools[data-filters="${table.id}"] output`).before(label);
  });
  document.querySelectorAll(".tools").forEach((tools) => {
    tools.hidden = false;
    tools.addEventListener("input", () => filter(tools));
    tools.addEventListener("submit", (event) => event.preventDefault());
    filter(tools);
  });
})();
