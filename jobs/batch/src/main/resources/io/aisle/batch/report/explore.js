/** The report of explore. */
import { bars, histogram, lines, treemap } from "./charts.js";
import { element } from "./dom.js";
import { count, counted, percent } from "./format.js";
import { figures, folded, note, report, section, verdict } from "./report.js";
import { table } from "./table.js";

const share = (value) => percent(value);
const price = (value) => (value >= 100 ? count(Math.round(value)) : Number(value.toPrecision(3)).toString());

const FAULTS = {
  markup: "HTML tags",
  entities: "Character references",
  control_characters: "Control and invisible characters",
  replacement_character: "Characters that were lost (U+FFFD)",
  mojibake: "UTF-8 read as Windows-1252",
  lone_surrogate: "Half characters",
  special_token: "Special tokens as text",
};

/** Links to the section that shows it. */
function finding({ what, section: id }) {
  return element("a", { href: `#${id}`, text: what });
}

function headline(data) {
  const { rows, findings, classes } = data;
  const title =
    findings.length === 0
      ? `Nothing stands out in ${counted(rows.products, "product")}`
      : `${counted(findings.length, "thing")} to look at in ${counted(rows.products, "product")}`;
  return verdict({
    level: findings.length === 0 ? "ok" : "warn",
    title,
    sentences: findings.length > 0 ? findings.map(finding) : [`Read from ${data.input}${classes ? `, ${counted(classes.classes, "class", "classes")}` : ""}.`],
  });
}

const ID = { key: "id", title: "Id", header: true, numeric: false };
const TITLE = { key: "title", title: "Title" };
const LABEL = { key: "label", title: "Label" };

/** Rows that show a problem, closed until somebody asks; nothing where there are none. */
function shownBy(source, caption, rows, columns) {
  return rows.length === 0
    ? null
    : folded(`${caption}: ${counted(rows.length, "example")}`, table({ source, caption, rows, columns, limit: rows.length }));
}

/** Products as examples. */
function examples(source, caption, rows, extra = []) {
  return shownBy(source, caption, rows, [ID, TITLE, { key: "brand", title: "Brand" }, LABEL, ...extra]);
}

/** Two products each. */
function pairs(source, caption, rows) {
  return shownBy(source, caption, rows, [
    ID,
    TITLE,
    LABEL,
    { key: "other_id", title: "Other id", numeric: false },
    { key: "other_title", title: "Its title" },
    { key: "other_label", title: "Its label" },
  ]);
}

function reading({ rows, quarantine }) {
  return section(
    { id: "reading", title: "Reading", lead: "Where every record went. What cannot be used is quarantined by every job, with its reason." },
    figures([
      { name: "Records", value: count(rows.records) },
      { name: "Quarantined", value: count(rows.quarantined) },
      { name: "Of an id seen before", value: count(rows.repeated_ids) },
      { name: "Products", value: count(rows.products) },
      { name: "Without a label", value: count(rows.unlabelled) },
    ]),
    quarantine.length === 0
      ? null
      : bars({
          source: "/quarantine",
          caption: "Quarantined records by reason",
          items: quarantine.map(({ reason, rows: value }) => ({ name: reason.replaceAll("_", " "), value })),
        }),
  );
}

function fields(data) {
  const unread = data.record_fields.filter((field) => !field.is_read).map((field) => field.name);
  return section(
    { id: "fields", title: "Fields", lead: "The share of products in which a field holds anything after cleaning." },
    table({
      source: "/fields",
      caption: "Fields",
      rows: data.fields,
      columns: [
        { key: "field", title: "Field", header: true },
        { key: "column", title: "Read from" },
        { key: "filled", title: "Products" },
        { key: "share", title: "Filled", format: share, bar: 1 },
      ],
    }),
    unread.length === 0 ? null : note(`Not read: ${unread.join(", ")}. --columns maps fields.`),
    ...data.fields.map(({ field, empty, share: filled }, i) =>
      filled > 0.5 || field === "title" ? examples(`/fields/${i}/empty`, `Products without ${field}`, empty) : null,
    ),
  );
}

function classes({ classes: of, rows }) {
  if (of === null) {
    return section({ id: "classes", title: "Classes" }, note("No product carries a label. --label names the fields that hold it."));
  }
  return section(
    {
      id: "classes",
      title: "Classes",
      lead: "Large classes are easy to learn and small ones are not. Rare ones are folded into their parent's “other” by prepare.",
    },
    figures([
      { name: "Classes", value: count(of.classes) },
      { name: "Largest", value: share(of.largest_share), detail: "of the labelled products" },
      { name: "Rare", value: count(of.rare_classes), detail: `with ${counted(of.rare_rows, "product")}` },
      { name: "After folding", value: count(of.folded_classes) },
      { name: "Sampled", value: count(of.sampled_rows), detail: `at a fraction of ${of.fraction}` },
    ]),
    histogram({
      source: "/classes/sizes",
      caption: "How many classes have how many products",
      x: { title: "Products of a class", scale: "log", format: count },
      y: { title: "Classes" },
      bins: of.sizes,
    }),
    of.ranks.length < 3
      ? null
      : lines({
          source: "/classes/ranks",
          caption: "Head and tail: the classes from the largest to the smallest",
          x: { title: "Rank of the class", scale: "log", format: count },
          y: { title: "Products", scale: "log", format: count },
          series: [{ name: "Products", points: of.ranks.map(({ rank, rows: y }) => ({ x: rank, y })) }],
        }),
    of.tree === null
      ? null
      : treemap({
          source: "/classes/tree",
          caption: "The two upper levels of the taxonomy by products",
          root: of.tree,
          valueTitle: "Products",
        }),
    table({
      source: "/classes/list",
      caption: `Classes and the words that tell them from all others${of.left_out > 0 ? `; ${count(of.left_out)} of medium size are left out` : ""}`,
      rows: of.list,
      columns: [
        { key: "label", title: "Class", header: true },
        { key: "rows", title: "Products", bar: of.list[0]?.rows },
        { key: "share", title: "Share", format: share },
        { key: "folds_into", title: "Folded into" },
        { key: "telling", title: "Most telling words", format: (words) => words.join(", ") },
      ],
    }),
    table({
      source: "/classes/sample",
      caption: `What prepare would keep with a fraction of ${of.fraction}`,
      rows: of.sample,
      limit: 10,
      columns: [
        { key: "label", title: "Class after folding", header: true },
        { key: "rows", title: "Products" },
        { key: "sampled", title: "Sampled", bar: rows.products === 0 ? undefined : of.sample[0]?.sampled },
      ],
    }),
  );
}

function lengths({ lengths: of, words }) {
  return section(
    {
      id: "lengths",
      title: "Text length",
      lead: "Networks read word pieces, up to a limit. What is over it is cut, by the recipe's share of each field.",
    },
    table({
      source: "/lengths/cuts",
      caption: "Share of the products that lose text at a limit of tokens, and in which field",
      rows: of.cuts,
      columns: [
        { key: "limit", title: "Tokens", header: true, numeric: true },
        { key: "rows", title: "Products cut" },
        { key: "share", title: "Share", format: share, bar: 1 },
        { key: "pieces_lost_share", title: "Word pieces lost", format: share },
        ...["title", "brand", "description", "feature"].map((key) => ({ key, title: key, format: share })),
      ],
    }),
    histogram({
      source: "/lengths/tokens/bins",
      caption: `Tokens of the whole text; ${count(of.tokens.above)} products have more, the longest ${count(of.tokens.max)}`,
      x: { title: "Tokens", format: count },
      y: { title: "Products", format: count },
      bins: of.tokens.bins,
      rules: of.tokens.bins[of.tokens.bins.length - 1].to > 128 ? [{ x: 128, label: "128" }] : [],
    }),
    table({
      source: "/lengths/fields",
      caption: `Length of each field where it is not empty, in words and in pieces of a vocabulary of ${count(words.vocabulary_pieces)} (${words.vocabulary ?? "learnt here"})`,
      rows: of.fields,
      columns: [
        { key: "field", title: "Field", header: true },
        { key: "words_median", title: "Words, median" },
        { key: "words_95", title: "95%" },
        { key: "words_max", title: "Most" },
        { key: "pieces_median", title: "Pieces, median" },
        { key: "pieces_95", title: "95%" },
        { key: "pieces_max", title: "Most" },
        { key: "pieces_a_word", title: "Pieces a word", format: (value) => value.toFixed(2) },
      ],
    }),
    examples("/lengths/shortest", "The shortest", of.shortest),
    examples("/lengths/longest", "The longest", of.longest),
  );
}

function words({ words: of, brands }) {
  const error = (items) => (items.max_error > 0 ? `; each too high by at most ${count(items.max_error)}` : "");
  return section(
    { id: "words", title: "Words and brands" },
    figures([
      { name: "Words", value: count(of.total) },
      { name: "Different words", value: count(of.distinct), detail: "estimated to 1%" },
      { name: "Products with a brand", value: count(brands.rows) },
      { name: "Brands", value: count(brands.distinct), detail: "estimated to 1%" },
    ]),
    bars({ source: "/words/top", caption: `Most frequent words${error(of)}`, items: of.top.map(({ name, count: value }) => ({ name, value })), limit: 15 }),
    brands.top.length === 0
      ? null
      : bars({
          source: "/brands/top",
          caption: `Most frequent brands${error(brands)}`,
          items: brands.top.map(({ name, count: value }) => ({ name, value })),
          limit: 15,
        }),
  );
}

function copies({ copies: of }) {
  return section(
    {
      id: "copies",
      title: "Copies and labels that disagree",
      lead: "Copies weigh more than they should, and where their labels differ one of them at least is wrong.",
    },
    figures([
      { name: "Copies", value: count(of.copies), detail: `of ${counted(of.copied, "product")}, in every field` },
      { name: "Near copies", value: count(of.near_copies), detail: `${of.near_similarity} of the words in common, estimated` },
      { name: "Shared titles", value: count(of.shared_titles), detail: `of ${counted(of.shared_title_rows, "product")}` },
      { name: "Titles of several labels", value: count(of.conflicting_titles), detail: `of ${counted(of.conflicting_title_rows, "product")}` },
      { name: "Near copies of another label", value: count(of.conflicting_near_copies) },
    ]),
    pairs("/copies/conflicting_title_pairs", "One title, two labels", of.conflicting_title_pairs),
    pairs("/copies/conflicting_near_pairs", "Nearly the same words, two labels", of.conflicting_near_pairs),
    pairs("/copies/copy_pairs", "Copies in every field", of.copy_pairs),
    pairs("/copies/near_pairs", "Near copies", of.near_pairs),
    note("evaluate --find-label-errors looks for wrong labels where there is no copy to tell."),
  );
}

function faults(data) {
  const rows = data.faults.map((fault) => ({ ...fault, name: FAULTS[fault.fault] ?? fault.fault }));
  return section(
    { id: "faults", title: "Faults in the text", lead: "As the records had it. Cleaning mends what can be mended." },
    table({
      source: "/faults",
      caption: "Products by what their text holds",
      rows,
      columns: [
        { key: "name", title: "Fault", header: true },
        { key: "rows", title: "Products" },
        { key: "share", title: "Share", format: share, bar: 1 },
        { key: "is_mended", title: "Cleaning mends it", format: (mended) => (mended ? "yes" : "no") },
      ],
    }),
    ...data.faults.map(({ fault, is_mended: isMended, examples: of }, i) =>
      isMended ? null : examples(`/faults/${i}/examples`, FAULTS[fault] ?? fault, of),
    ),
  );
}

function languages({ languages: of }) {
  return section(
    {
      id: "languages",
      title: "Languages",
      lead: `Told of title and description by OpenNLP, of ${counted(of.sampled, "product")} chosen by their id. Texts under ${of.min_characters} characters say too little.`,
    },
    bars({ source: "/languages/list", caption: "Products by language", items: of.list.map(({ name, rows: value }) => ({ name, value })), limit: 15 }),
  );
}

function prices({ prices: of }) {
  if (of === null) {
    return null;
  }
  return section(
    { id: "prices", title: "Prices", lead: "An outlier is further than five deviations from the median, on a logarithmic scale." },
    figures([
      { name: "With a price", value: count(of.rows) },
      { name: "Median", value: of.median === null ? "–" : price(of.median) },
      { name: "Zero", value: count(of.zero) },
      { name: "Outliers", value: count(of.outliers), detail: of.low === null ? "" : `under ${price(of.low)} or over ${price(of.high)}` },
    ]),
    of.bins.length === 0
      ? null
      : histogram({
          source: "/prices/bins",
          caption: "Products by price",
          x: { title: "Price", scale: "log", format: price },
          y: { title: "Products", format: count },
          bins: of.bins,
        }),
    examples("/prices/dearest", "Far above", of.dearest, [{ key: "price", title: "Price", format: price }]),
    examples("/prices/cheapest", "Far below", of.cheapest, [{ key: "price", title: "Price", format: price }]),
  );
}

report((data) => [
  headline(data),
  reading(data),
  fields(data),
  classes(data),
  lengths(data),
  words(data),
  copies(data),
  faults(data),
  languages(data),
  prices(data),
]);
