// Two things that pages cannot do without a script: a box that scrolls takes the focus of the keyboard,
// and the ledger sorts and filters. Without it every page reads the same.

function focusable() {
  for (const box of document.querySelectorAll("pre, .wide, .table-wrapper, .cell_output .output")) {
    if (box.scrollWidth > box.clientWidth) {
      box.tabIndex = 0;
      if (box.tagName !== "PRE") {
        box.setAttribute("role", "group");
        box.setAttribute("aria-label", "scrolls sideways");
      }
    } else {
      box.removeAttribute("tabindex");
    }
  }
}

function sort(table, header) {
  const down = header.getAttribute("aria-sort") === "ascending";
  const column = header.cellIndex;
  const text = (row) => row.cells[column].textContent;
  const rows = [...table.tBodies[0].rows].sort((a, b) => text(a).localeCompare(text(b), "en", { numeric: true }));
  table.tBodies[0].append(...(down ? rows.reverse() : rows));
  for (const other of table.tHead.rows[0].cells) {
    other.setAttribute("aria-sort", "none");
  }
  header.setAttribute("aria-sort", down ? "descending" : "ascending");
}

function filter(table, words, holds, count) {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of table.tBodies[0].rows) {
    const text = row.textContent.toLowerCase();
    row.hidden = !wanted.every((word) => text.includes(word)) || (holds.value && row.dataset.holds !== holds.value);
    shown += row.hidden ? 0 : 1;
  }
  count.textContent = `${shown} of ${table.tBodies[0].rows.length} claims`;
}

const table = document.getElementById("ledger");
if (table) {
  const [words, holds, count] = ["words", "holds", "count"].map((name) => document.getElementById(`ledger-${name}`));
  for (const header of table.tHead.rows[0].cells) {
    header.firstElementChild.addEventListener("click", () => sort(table, header));
  }
  const update = () => filter(table, words, holds, count);
  words.form.addEventListener("input", update);
  words.form.addEventListener("submit", (event) => event.preventDefault());
  words.form.hidden = false;
  update();
}
focusable();
window.addEventListener("resize", focusable);
