// What pages cannot do without a script: a box that scrolls takes the focus of the keyboard, the menus open by
// key, and the ledger sorts and filters. Without it every page reads the same.

function focusable() {
  for (const box of document.querySelectorAll("pre, .wide, .table-wrapper, .cell_output .output")) {
    const scrolls = box.scrollWidth > box.clientWidth;
    box.classList.toggle("scrolls", scrolls); // a hint above it
    if (scrolls) {
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
  for (const group of table.tBodies) {
    const rows = [...group.rows].slice(1); // the first names the account
    rows.sort((a, b) => text(a).localeCompare(text(b), "en", { numeric: true }));
    group.append(...(down ? rows.reverse() : rows));
  }
  for (const other of table.tHead.rows[0].cells) {
    other.setAttribute("aria-sort", "none");
  }
  header.setAttribute("aria-sort", down ? "descending" : "ascending");
}

function filter(table, words, holds, count) {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  let [shown, all] = [0, 0];
  for (const group of table.tBodies) {
    const account = group.rows[0].textContent;
    const rows = [...group.rows].slice(1);
    for (const row of rows) {
      const text = `${account} ${row.textContent} ${row.dataset.words}`.toLowerCase();
      row.hidden = !wanted.every((word) => text.includes(word)) || (holds.value && row.dataset.holds !== holds.value);
    }
    const left = rows.filter((row) => !row.hidden).length;
    group.hidden = left === 0;
    shown += left;
    all += rows.length;
  }
  count.textContent = `${shown} of ${all} claims`;
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
// The theme opens its menus by hidden boxes, which a keyboard cannot reach: the buttons set them.
for (const button of document.querySelectorAll("button[data-for]")) {
  const box = document.getElementById(button.dataset.for);
  const tell = () => button.setAttribute("aria-expanded", String(box.checked));
  button.addEventListener("click", () => {
    box.checked = !box.checked;
    tell();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && box.checked) {
      box.checked = false;
      tell();
      button.focus();
    }
  });
  box.addEventListener("change", tell);
  tell();
}
focusable();
window.addEventListener("resize", focusable);
document.addEventListener("toggle", focusable, true); // a table that was folded
