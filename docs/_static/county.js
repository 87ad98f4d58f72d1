// The county page: a look-up by name or FIPS code, and the tables of one county, from JSON files.

const [form, words, list, count, place] = ["county-form", "county-words", "county-list", "county-count", "county"].map(
  (id) => globalThis.document?.getElementById(id), // none where a test reads this file
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

// A source is told by its publisher and linked to what the site says of it; the CSV file keeps its bare name.
function inCell(value, column, index) {
  const cell = make("td", "");
  if (column === "source" && value in index.sources) {
    cell.append(make("a", `${index.sources[value]} (${value})`, { href: `sources.html#source-${value}` }));
  } else {
    cell.textContent = readable(value);
  }
  return cell;
}

function table(part, rows, index) {
  const box = make("div", "", { class: "wide" });
  const made = make("table", "", { class: "plain" });
  const head = make("tr", "");
  head.append(...part.columns.map((name) => make("th", name, { scope: "col" })));
  const caption = make("caption", part.title);
  if (part.note) {
    caption.append(make("span", `. ${part.note}`));
  }
  made.append(caption, make("thead", ""), make("tbody", ""));
  made.tHead.append(head);
  for (const row of rows) {
    const line = make("tr", "");
    const [first, ...others] = row;
    line.append(make("th", first, { scope: "row" }));
    line.append(...others.map((value, i) => inCell(value, part.columns[i + 1], index)));
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
  if (!index.counties.some(([code]) => code === fips)) {
    place.replaceChildren(make("h2", `No county has the code ${fips}`), make("p", NEXT));
    return;
  }
  const state = await (await fetch(`counties/${fips.slice(0, 2)}.json`)).json();
  const own = state[fips];
  place.replaceChildren(make("h2", `${own.name} (${fips})`));
  for (const [key, part] of Object.entries(index.parts)) {
    place.append(own[key] ? table(part, own[key], index) : make("p", `${part.title}: no row, which is not a zero.`));
    const open = part.cannot_say[0].toLowerCase() + part.cannot_say.slice(1);
    place.append(make("p", `This cannot say: ${open}`, { class: "but" }));
  }
  const file = URL.createObjectURL(new Blob([csv(index, own)], { type: "text/csv" }));
  place.append(make("a", `All of this as CSV: county-${fips}.csv`, { href: file, download: `county-${fips}.csv` }));
  document.title = `${own.name}: detainers in the records`;
  window.dispatchEvent(new Event("resize")); // wide tables become focusable
}

const NEXT = "Type the county, not a city, by its name or its five-digit FIPS code; the beginning of the name is enough.";

// Words without accents, apostrophes and capitals; a name with "St." is found by "Saint", too.
function fold(text) {
  const bare = text.normalize("NFD").replace(/[\u0300-\u036f'’]/g, "").toLowerCase();
  return bare.split(/[^a-z0-9]+/).filter(Boolean);
}

const LONG = { st: "saint", ste: "sainte" };

// The counties whose code, name or postal code has a word that begins so, for each of the words; if there is none,
// the name of the state counts, too.
export function matches(wanted, index) {
  const found = (state) =>
    index.counties.filter(([fips, name]) => {
      const parts = [fips, ...fold(name), ...(state ? fold(index.states[fips.slice(0, 2)]) : [])];
      parts.push(...parts.filter((part) => part in LONG).map((part) => LONG[part]));
      return wanted.length > 0 && wanted.every((word) => parts.some((part) => part.startsWith(word)));
    });
  const named = found(false);
  return named.length ? named : found(true);
}

export function told(number, shown, wanted) {
  if (number === 0) {
    return `No county ${/^\d{5}$/.test(wanted[0]) ? `has the code ${wanted[0]}` : "is called so"}. ${NEXT}`;
  }
  return number === 1 ? "1 county" : `${number} counties${number > shown ? "; add the state" : ""}`;
}

function look(index) {
  const wanted = fold(words.value);
  const hits = matches(wanted, index);
  const shown = hits.slice(0, 12);
  count.textContent = wanted.length ? told(hits.length, shown.length, wanted) : "";
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
    const hits = look(index);
    if (hits.length > 1) {
      list.querySelector("a").focus(); // the reader chooses
    } else if (hits.length === 1 && location.hash !== `#${hits[0][0]}`) {
      location.hash = hits[0][0];
    } else if (hits.length === 1) {
      open().catch(failed);
    }
  });
  window.addEventListener("hashchange", () => open().catch(failed));
  await open();
}

function failed() {
  count.textContent =
    location.protocol === "file:"
      ? "The look-up needs a web server: python3 -m http.server --directory build/site"
      : "The tables did not load. Try again in a minute.";
}

if (form) {
  start().catch(failed);
}
