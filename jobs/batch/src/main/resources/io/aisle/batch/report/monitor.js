/** A run beside its baseline: what a person has to look at, then what moved. */
import { counted, exactPercent, pathText, percent } from "./format.js";
import { figures, note, report, section, verdict } from "./report.js";
import { table } from "./table.js";
import { lines } from "./charts.js";

const TITLES = { ok: "like", warn: "somewhat unlike", fail: "unlike" };
const CAUSES = {
  product: "its text changed",
  model: "another model scored it",
  both: "text and model changed",
  neither: "neither changed (a threshold, or back-off)",
  new: "new in the catalog",
  gone: "gone from the catalog",
};
const KINDS = {
  rows: "Rows",
  fill: "Field filled",
  unknown_words: "Unknown words",
  review: "For review",
  categories: "Categories' shares",
  confidence: "Confidence",
  text_length: "Text length",
};
const SHOWN = 10;

const decimals = (digits) => (value) => value.toFixed(digits);
const path = (value) => (value.length === 0 ? "–" : pathText(value));

function headline(data) {
  const { run, baseline, findings } = data;
  const left = findings.length - SHOWN + data.findings_left_out;
  return verdict({
    level: data.level,
    title: `Run ${run.name} is ${TITLES[data.level]} ${baseline.kind === "run" ? "run" : "the validation rows of"} ${baseline.name}`,
    sentences:
      findings.length === 0
        ? ["No difference is both large and beyond chance."]
        : [...findings.slice(0, SHOWN).map((finding) => finding.sentence), ...(left > 0 ? [`And ${counted(left, "more finding")}.`] : [])],
  });
}

function summary(run, baseline) {
  const share = (value) => (value === null ? "–" : percent(value));
  return figures([
    { name: "Rows", value: counted(run.rows, "row"), detail: `${counted(baseline.rows, "row")} before` },
    { name: "For review", value: share(run.review_share), detail: `${share(baseline.review_share)} before` },
    { name: "Mean confidence", value: share(run.mean_confidence), detail: `${share(baseline.mean_confidence)} before` },
    { name: "Unknown words", value: share(run.unknown_words_share), detail: `${share(baseline.unknown_words_share)} before` },
  ]);
}

/** Effects as columns: a table of numbers, not of lists. */
function compared(rows) {
  return rows.map((row) => {
    const of = (measure) => row.effects.find((effect) => effect.measure === measure);
    const [first] = row.effects;
    return {
      ...row,
      name: row.subject.length === 0 ? KINDS[row.kind] : `${KINDS[row.kind]}: ${row.subject.join(" > ")}`,
      size: first.size,
      warn: first.warn,
      fail: first.fail,
      jensen_shannon: of("jensen_shannon")?.size ?? null,
    };
  });
}

const value = (number, row) => (row.kind === "rows" ? counted(number, "row") : exactPercent(number));

function distribution(source, rows, title, format) {
  const points = (key) => rows.map((row) => ({ x: row.from, y: row[key] }));
  return lines({
    source,
    caption: title,
    x: { title, format },
    y: { title: "Share of rows", format: percent, domain: [0, Math.max(...rows.flatMap((row) => [row.share ?? 0, row.share_before ?? 0]), 0.01)] },
    series: [
      { name: "Run", points: points("share") },
      { name: "Before", points: points("share_before") },
    ],
  });
}

function lengths(rows) {
  return table({
    source: "/text_length",
    caption: "Rows by the length of their text",
    rows,
    columns: [
      { key: "from", title: "Characters, from", header: true },
      { key: "share", title: "Run", format: percent, bar: 1 },
      { key: "share_before", title: "Before", format: percent, bar: 1 },
      { key: "rows", title: "Rows" },
      { key: "rows_before", title: "Rows before" },
    ],
  });
}

function trend(history, title, format, series) {
  return lines({
    source: "/history",
    caption: title,
    x: { title: "Night", format: (index) => history[index]?.run_id ?? "" },
    y: { title, format },
    series: series.map(([key, name]) => ({ name, points: history.map((night, index) => ({ x: index, y: night[key] })) })),
  });
}

function trends(history) {
  if (history.length < 2) {
    return [note("Trends are drawn from the second monitored run on.")];
  }
  return [
    trend(history, "Rows", (rows) => rows.toLocaleString("en"), [["rows", "Rows"]]),
    trend(history, "Field filled", percent, [
      ["filled_title", "title"],
      ["filled_brand", "brand"],
      ["filled_description", "description"],
      ["filled_feature", "feature"],
    ]),
    trend(history, "Unknown words", percent, [["unknown_words", "Unknown words"]]),
    trend(history, "Mean confidence and share for review", percent, [
      ["mean_confidence", "Mean confidence"],
      ["review_share", "For review"],
    ]),
    trend(history, "PSI against the baseline of each night", decimals(3), [
      ["psi_categories", "Categories"],
      ["psi_confidence", "Confidence"],
      ["psi_text_length", "Text length"],
    ]),
  ].filter((chart) => chart !== null);
}

function flow(of) {
  if (of === null) {
    return null;
  }
  return section(
    { id: "flow", title: "What moved, and why", lead: "Products by what changed since the baseline, and the largest moves from one category to another." },
    table({
      source: "/flow/causes",
      caption: "Products by cause",
      rows: of.causes,
      columns: [
        { key: "cause", title: "Cause", header: true, format: (cause) => CAUSES[cause] },
        { key: "rows", title: "Products" },
        { key: "moved", title: "In another category" },
      ],
    }),
    of.moves.length === 0
      ? note("No product is in another category.")
      : table({
          source: "/flow/moves",
          caption: "The largest moves",
          rows: of.moves,
          columns: [
            { key: "from", title: "From", format: path },
            { key: "to", title: "To", format: path },
            { key: "cause", title: "Because", format: (cause) => CAUSES[cause] },
            { key: "rows", title: "Products" },
          ],
        }),
    of.moves_left_out === 0 ? null : note(`${counted(of.moves_left_out, "smaller move")} of ${counted(of.rows_left_out, "product")} are left out.`),
  );
}

report((data) => [
  headline(data),
  section(
    { id: "compared", title: "What was compared", lead: "A difference counts where it is at least as large as its limit and beyond chance (p, all that is compared taken together)." },
    summary(data.run, data.baseline),
    table({
      source: "/compared",
      caption: "Differences",
      rows: compared(data.compared),
      columns: [
        { key: "name", title: "What", header: true },
        { key: "level", title: "Level" },
        { key: "now", title: "Run", format: value },
        { key: "before", title: "Before", format: value },
        { key: "size", title: "Difference", format: decimals(3) },
        { key: "warn", title: "Warns from", format: String },
        { key: "fail", title: "Fails from", format: String },
        { key: "jensen_shannon", title: "Jensen-Shannon (nats)", format: decimals(4) },
        { key: "p_value", title: "p", format: decimals(3) },
      ],
    }),
  ),
  flow(data.flow),
  section(
    { id: "classes", title: "Categories", lead: "Those with findings first, then those whose share moved most." },
    table({
      source: "/classes",
      caption: "Categories",
      rows: data.classes,
      columns: [
        { key: "path", title: "Category", header: true, format: path },
        { key: "level", title: "Level" },
        { key: "share", title: "Share", format: percent, bar: 1 },
        { key: "share_before", title: "Before", format: percent, bar: 1 },
        { key: "rows", title: "Rows" },
        { key: "rows_before", title: "Before" },
        { key: "unknown_words_share", title: "Unknown words", format: percent },
        { key: "unknown_words_share_before", title: "Before", format: percent },
        { key: "mean_confidence", title: "Confidence", format: percent },
        { key: "mean_confidence_before", title: "Before", format: percent },
      ],
    }),
    data.classes_left_out === 0 ? null : note(`${counted(data.classes_left_out, "category", "categories")} more.`),
  ),
  section(
    { id: "texts", title: "Fields and texts" },
    table({
      source: "/fill",
      caption: "Share of rows in which a field is filled",
      rows: data.fill,
      columns: [
        { key: "field", title: "Field", header: true },
        { key: "now", title: "Run", format: exactPercent, bar: 1 },
        { key: "before", title: "Before", format: exactPercent, bar: 1 },
      ],
    }),
    lengths(data.text_length),
  ),
  section({ id: "confidence", title: "Confidence" }, distribution("/confidence", data.confidence, "Confidence", percent)),
  section({ id: "history", title: "Night after night" }, ...trends(data.history)),
]);
