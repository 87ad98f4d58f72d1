// The county page: a look-up by name or FIPS code, and the tables of one county, from JSON files.

const form = document.getElementById("county-form");
const [words, list, count, place] = ["county-words", "county-list", "county-count", "county"].map((id) =>
  document.getElementById(id),
);

function make(name, text, attributes = {}) {
  const element = document.createElement(name);
  element.textContent = text;
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, value);
  }
  return element;
}

// Thousands are told apart for the eye; the CSV file keeps bare digits.
const readable = (value) => (/^\d{5,}$/.test(value) ? Number(value).toLocaleString("en") : value);

function table(part, rows) {
  const box = make("div", "", { class: "wide" });
  const made = make("table", "", { class: "plain" });
  const head = make("tr", "");
  head.append(...part.columns.map((name) => make("th", name, { scope: "col" })));
  made.append(make("caption", part.title), make("thead", ""), make("tbody", ""));
  made.tHead.append(head);
  for (const row of rows) {
    const line = make("tr", "");
    line.append(...row.map((value, i) => (i ? make("td", readable(value)) : make("th", value, { scope: "row" }))));
    made.tBodies[0].append(line);
  }
  box.append(made);
  return box;
}

function csv(index, own) {
  const quote = (value) => `"${String(value).replaceAll('"', '""')}"`;
  const lines = [["table", "line", "column", "value"]];
  for (const [key, part] of Object.entries(index.parts)) {
    (own[key] ?? []).forEach((row, n) => row.forEach((value, i) => lines.push([key, n + 1, part.columns[i], value])));
  }
  return lines.map((line) => line.map(quote).join(",")).join("\n") + "\n";
}

async function show(index, fips) {
  const state = await (await fetch(`counties/${fips.slice(0, 2)}.json`)).json();
  const own = state[fips];
  place.replaceChildren(make("h2", own ? `${own.name} (${fips})` : `No county has the code ${fips}`));
  if (own) {
    for (const [key, part] of Object.entries(index.parts)) {
      place.append(own[key] ? table(part, own[key]) : make("p", `${part.title}: no row, which is not a zero.`));
      place.append(make("p", part.cannot_say, { class: "but" }));
    }
    const file = URL.createObjectURL(new Blob([csv(index, own)], { type: "text/csv" }));
    place.append(make("a", `All of this as CSV: county-${fips}.csv`, { href: file, download: `county-${fips}.csv` }));
    document.title = `${own.name}: detainers in the records`;
  }
  window.dispatchEvent(new Event("resize")); // wide tables become focusable
}

function look(index) {
  const wanted = words.value.toLowerCase().split(/[\s,]+/).filter(Boolean);
  const hits = wanted.length
    ? index.counties.filter(([fips, name]) => wanted.every((word) => fips === word || name.toLowerCase().includes(word)))
    : [];
  const shown = hits.slice(0, 12);
  const more = hits.length > shown.length ? `, the first ${shown.length} below` : "";
  count.textContent = wanted.length ? `${hits.length} ${hits.length === 1 ? "county" : "counties"}${more}` : "";
  list.replaceChildren(
    ...shown.map(([fips, name]) => {
      const item = make("li", "");
      item.append(make("a", name, { href: `#${fips}` }));
      return item;
    }),
  );
  return hits;
}

async function start() {
  const index = await (await fetch("counties/index.json")).json();
  const open = async () => {
    const fips = location.hash.slice(1);
    if (/^\d{5}$/.test(fips)) {
      await show(index, fips);
      list.replaceChildren();
      count.textContent = "";
      place.focus();
    }
  };
  words.addEventListener("input", () => look(index));
  if (words.value) {
    look(index); // typed before the index had come
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [first] = look(index);
    if (first) {
      location.hash = first[0];
    }
  });
  window.addEventListener("hashchange", open);
  await open();
}

if (form) {
  start().catch(() => {
    count.textContent = "The look-up needs a web server: python3 -m http.server --directory build/site";
  });
}
