/* The browser's half of chinese_search.py: answers the query of Sphinx's search page.

   A query is one or more phrases with spaces or marks between them; a page answers it if it has them all. A phrase is
   found whatever its case, its width and the marks between its words, but never across the end of a line or a clause. */
(() => {
  const HAN = "\\u3400-\\u9fff";
  const LETTER = `(?![${HAN}])\\p{L}`;
  const PIECE = new RegExp(`[${HAN}]+|(?:${LETTER})+|\\p{Nd}+|[\\p{Sm}/^]`, "gu");
  const BETWEEN = "(?:(?![\\n。！？；，、：])[\\s\\p{P}\u2212]){0,3}";
  const isHan = (piece) => new RegExp(`^[${HAN}]`).test(piece);
  const isSmall = (piece) => piece.length < 3 && !isHan(piece);
  const { content_root: root } = document.documentElement.dataset;

  // ---- The query ----

  const phrasesOf = (query) =>
    query.split(/[\s。！？；，、：]+/)
      .map((phrase) => phrase.normalize("NFKC").replaceAll("⊤", "T").toLowerCase().match(PIECE))
      .filter((pieces) => pieces)
      .map((pieces) => ({ pieces, pattern: patternOf(pieces) }));

  // One or two letters or digits must stand alone; more are found inside a word too.
  const patternOf = (pieces) => {
    const alone = (piece) => isSmall(piece) && /[\p{L}\p{Nd}]/u.test(piece);
    const before = alone(pieces[0]) ? `(?<!${LETTER}|\\p{Nd})` : "";
    const after = alone(pieces.at(-1)) ? `(?!${LETTER}|\\p{Nd})` : "";
    // In a formula, thin spaces stand between letters.
    const literal = (piece) => [...piece].map(_escapeRegExp).join(isHan(piece) ? "" : "\u2009?");
    return new RegExp(before + pieces.map(literal).join(BETWEEN) + after, "giu");
  };

  // ---- The pages that may have it, by the index: {word: the number of its page, or an array of them} ----

  const pagesThatMayHave = (phrases) => {
    const groups = phrases.flatMap(({ pieces }) => pieces.flatMap(pagesByPart));
    return Search._index.docnames.filter((_, page) => groups.every((pages) => pages.includes(page)));
  };

  const pagesByPart = (piece) => {
    if (isSmall(piece)) return []; // formulas have it in other words: LaTeX's
    if (!isHan(piece) || piece.length === 1) return [pagesWith((word) => word.includes(piece))];
    return Array.from({ length: piece.length - 1 }, (_, i) => {
      const [ends, begins] = [pagesOf(`${piece[i]}|`), pagesOf(`|${piece[i + 1]}`)];
      return [...pagesOf(piece.slice(i, i + 2)), ...ends.filter((page) => begins.includes(page))];
    });
  };

  const pagesOf = (word) => indices().flatMap((index) => index[word] ?? []);
  const pagesWith = (isWanted) =>
    indices().flatMap((index) => Object.keys(index).filter(isWanted).flatMap((word) => index[word]));
  const indices = () => [Search._index.terms, Search._index.titleterms];

  // ---- What they say ----

  const texts = new Map(); // docname → [[anchor, heading, text], ...]
  Search.setText = (docname, sections) => texts.set(docname, sections);

  const load = (docname) =>
    new Promise((done) => {
      const script = document.createElement("script");
      script.onload = script.onerror = done;
      script.src = `${root}_search/${docname}.js`;
      document.head.append(script);
    });

  // What a page has of the phrases: its best section, and how much. Null if it lacks one.
  const answerOf = (docname, phrases) => {
    if (!texts.has(docname)) return outOfReach(docname);
    const sections = texts.get(docname).map(([anchor, heading, text], i, all) => {
      const hits = phrases.map(({ pattern }) => (`${heading}\n${text}`.match(pattern) ?? []).length);
      const inHeading = phrases.filter(({ pattern }) => heading.search(pattern) >= 0);
      const weight = [hits.filter((n) => n).length, inHeading.length, sum(hits)];
      return { anchor, heading, text, before: all.slice(0, i).flat(), hits, weight };
    });
    if (!phrases.every((_, i) => sections.some(({ hits }) => hits[i]))) return null;
    const [best] = [...sections].sort(byWeight);
    const weight = [...best.weight.slice(0, 2), sum(sections.flatMap(({ hits }) => hits))];
    return { ...best, docname, title: sections[0].heading, weight };
  };

  const outOfReach = (docname) => ({ docname, title: docname, anchor: "", heading: "", text: "", before: [], weight: [0] });
  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
  const byWeight = (a, b) => {
    const i = a.weight.findIndex((value, i) => value !== b.weight[i]);
    return i < 0 ? 0 : b.weight[i] - a.weight[i];
  };

  // ---- The answer ----

  Search.query = async (query) => {
    const phrases = phrasesOf(query);
    const pages = phrases.length ? pagesThatMayHave(phrases) : [];
    await Promise.all(pages.map(load));
    const answers = pages.map((docname) => answerOf(docname, phrases)).filter((answer) => answer).sort(byWeight);
    Search.output.append(...answers.map((answer) => itemOf(answer, phrases)));
    Search.status.setAttribute("role", "status");
    _finishSearch(answers.length);
    // Sphinx's own words for this speak of spelling and categories; here it is most often a whole sentence.
    if (!answers.length) Search.status.innerText = "没有哪一页这样写。换短一点的词，用空格隔开，再试试。";
  };

  const itemOf = ({ docname, title, anchor, heading, text, before }, phrases) => {
    const hits = phrases.flatMap(({ pattern }) => [...text.matchAll(pattern)].slice(0, 1));
    const [place] = hits.sort((a, b) => b[0].length - a[0].length).map((hit) => hit.index);
    const item = document.createElement("li");
    const link = item.appendChild(document.createElement("a"));
    link.textContent = heading && heading !== title ? `${title} › ${heading}` : title;
    link.href = root + docname + DOCUMENTATION_OPTIONS.LINK_SUFFIX + fragment(anchor, text, place, before);
    item.append(summary(text, place ?? 0, phrases));
    return item;
  };

  // To the section, and where the browser can, to the clause, even in a folded solution: to the first on the page, so it
  // must not stand `before` or in the sidebar. One with a formula is not found; the section is.
  const fragment = (anchor, text, place, before) => {
    const MARK = /[\n，。；：！？、（）“”]/;
    const clause = place === undefined ? "" : text.slice(0, place).split(MARK).at(-1) + text.slice(place).split(MARK)[0];
    const isFirst = clause && ![...before, ...Search._index.titles].some((other) => other.includes(clause));
    const directive = isFirst ? `:~:text=${encodeURIComponent(clause.trim()).replaceAll("-", "%2D")}` : "";
    return anchor || directive ? `#${anchor}${directive}` : "";
  };

  // Some 140 characters of `text` around `place`, the phrases marked.
  const summary = (text, place, phrases) => {
    const start = Math.max(place - 40, text.lastIndexOf("\n", place) + 1, 0);
    const shown = text.slice(start, start + 140);
    const paragraph = document.createElement("p");
    paragraph.className = "context";
    paragraph.append(start > 0 ? "…" : "");
    let end = 0;
    for (const hit of shown.matchAll(new RegExp(phrases.map(({ pattern }) => pattern.source).join("|"), "giu"))) {
      const mark = document.createElement("mark");
      mark.textContent = hit[0];
      paragraph.append(shown.slice(end, hit.index), mark);
      end = hit.index + hit[0].length;
    }
    paragraph.append(shown.slice(end), start + 140 < text.length ? "…" : "");
    return paragraph;
  };

  // ---- The page: one search box, above the results, also where the sidebar is folded away ----

  _ready(() => {
    const results = document.getElementById("search-results");
    const form = document.querySelector('form[role="search"]');
    const heading = document.createElement("h1");
    heading.textContent = _("Search");
    results.before(heading, form);
    if (matchMedia("(hover: hover)").matches) form.elements.q.focus(); // elsewhere a keyboard would cover the results

    document.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const stops = [form.elements.q, ...results.querySelectorAll("a")];
      const place = stops.indexOf(document.activeElement);
      if (!step || place < 0 || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      stops[place + step]?.focus();
    });
  });
})();
