// The search page: Pagefind's index holds every page, every term, and every county of which the tables say
// something.

const found = document.getElementById("found");

async function find(words) {
  const pagefind = await import(new URL("../pagefind/pagefind.js", import.meta.url));
  await pagefind.options({ ranking: { termFrequency: 0.6, pageLength: 0.9 } });
  // "What is a detainer?" asks for the term, which comes before all pages that use it.
  const asked = words.replace(/^what (?:is|are) (?:an? |the )?|\?$/gi, "");
  const [answer, terms] = await Promise.all([
    pagefind.search(asked),
    pagefind.search(asked, { filters: { kind: "term" } }),
  ]);
  const near = [...terms.results.slice(0, 5), ...answer.results.slice(0, 20)];
  const once = answer.results.filter(({ id }) => near.some((result) => result.id === id));
  const results = await Promise.all(once.map((result) => result.data()));
  const defines = ({ raw_url, meta }) => /^\/?term-/.test(raw_url) && meta.title.toLowerCase() === asked.toLowerCase();
  // A number of the front page comes before the same number elsewhere.
  const states = ({ meta }) => /\d/.test(asked) && ` ${meta.number ?? ""} `.includes(` ${asked} `);
  const first = (result) => defines(result) || states(result);
  results.sort((one, other) => first(other) - first(one));
  found.textContent = `${answer.results.length} pages for “${words}”`;
  document.getElementById("hits").replaceChildren(
    ...results.map((result) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      const address = result.raw_url.replace(/^\/?/, "").replace(/^$/, "index.html");
      link.href = address
        .replace(/^county-(\d{5})\.html$/, "county.html#$1")
        .replace(/^(term-.+)\.html$/, "glossary.html#$1");
      link.textContent = result.meta.title.replace(/#$/, "");
      const excerpt = document.createElement("p");
      // Marked words and the text between them, and nothing else of what an excerpt may hold.
      const parsed = new DOMParser().parseFromString(result.excerpt, "text/html");
      for (const piece of parsed.body.childNodes) {
        const shown = document.createElement(piece.nodeName === "MARK" ? "mark" : "span");
        shown.textContent = piece.textContent;
        excerpt.append(shown);
      }
      item.append(link, excerpt);
      return item;
    }),
  );
}

const words = new URLSearchParams(location.search).get("q")?.trim();
if (found && words) {
  document.getElementById("find").value = words;
  found.textContent = "Searching";
  find(words).catch(() => {
    found.textContent =
      location.protocol === "file:"
        ? "The search needs a web server: python3 -m http.server --directory build/site"
        : "The search did not load. Try again in a minute.";
  });
}
