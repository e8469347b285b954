/** evaluate's report: how good and how sure a model is, and where it is wrong. */
import { element } from "./dom.js";
import { count, counted, exactPercent, percent } from "./format.js";
import { metricName, metricValue } from "./metrics.js";
import { note, report, section, verdict } from "./report.js";
import { table } from "./table.js";
import { heatmap, lines } from "./charts.js";

const three = (value) => value.toFixed(3);
const ROWS = { key: "rows", title: "Rows" };
const ACCURACY = { key: "accuracy", title: "Accuracy", format: exactPercent, bar: 1 };
const LOWER = { key: "lower_95", title: "95%, from", format: exactPercent };
const UPPER = { key: "upper_95", title: "to", format: exactPercent };
const OTHERS = { champion: "the champion", baseline: "the baseline", commonest_class: "always naming the commonest class" };

function metrics({ metrics: measured, model, rows, notes }) {
  return section(
    {
      id: "metrics",
      title: "Metrics",
      lead: `${model.name} (${model.kind}, version ${model.version}) on ${counted(rows.evaluated, "row")} of ${count(model.labels)} categories.`,
    },
    table({
      source: "/metrics",
      caption: "Metrics with 95% intervals",
      rows: measured,
      limit: 15,
      columns: [
        { key: "metric", title: "Metric", header: true, format: (name) => metricName(name).name },
        { key: "value", title: "Value", numeric: true, format: (value, row) => metricValue(row.metric, value) },
        { key: "lower_95", title: "From", numeric: true, format: (value, row) => metricValue(row.metric, value) },
        { key: "upper_95", title: "To", numeric: true, format: (value, row) => metricValue(row.metric, value) },
      ],
    }),
    ...notes.map(note),
    table({
      source: "/rows",
      caption: "Where every record went",
      rows: Object.entries(rows).map(([name, value]) => ({ name: name.replaceAll("_", " "), value })),
      columns: [
        { key: "name", title: "Records", header: true },
        { key: "value", title: "Rows" },
      ],
    }),
  );
}

/** The rules of the gate, and both models on the same rows. */
function comparison({ beside, gate }) {
  if (beside === null) {
    return null;
  }
  const other = beside.name === null ? OTHERS[beside.role] : `${OTHERS[beside.role]}, ${beside.name}`;
  const value = (number, row) => metricValue(row.metric, number.value);
  const bounds = (number, row) =>
    number.lower_95 === undefined ? "–" : `${metricValue(row.metric, number.lower_95)} – ${metricValue(row.metric, number.upper_95)}`;
  const rows = beside.metrics.map((pair) => ({ ...pair, candidate_95: pair.candidate, other_95: pair.other }));
  return section(
    {
      id: "beside",
      title: `Beside ${other}`,
      lead: "Both on the same rows, in the categories that both can be judged in.",
    },
    table({
      source: "/beside/metrics",
      caption: "Both models",
      rows,
      columns: [
        { key: "metric", title: "Metric", header: true, format: (name) => metricName(name).name },
        { key: "candidate", title: "This model", format: value, numeric: true },
        { key: "candidate_95", title: "95%", format: bounds, numeric: true },
        { key: "other", title: "The other", format: value, numeric: true },
        { key: "other_95", title: "95%", format: bounds, numeric: true },
      ],
    }),
    table({
      source: "/gate",
      caption: "Rules of the gate",
      rows: gate,
      columns: [
        { key: "rule", title: "Rule", header: true },
        { key: "found", title: "Found" },
        { key: "limit", title: "Limit" },
        { key: "passed", title: "Passed", format: (passed) => (passed ? "yes" : element("strong", { text: "no" })) },
      ],
    }),
  );
}

function classes({ classes: measured }) {
  return section(
    {
      id: "classes",
      title: "Categories",
      lead: "Lowest F1 first. Support is rows of the category, predicted rows that were given it.",
    },
    table({
      source: "/classes/rows",
      caption: "Categories",
      rows: measured.rows,
      columns: [
        { key: "label", title: "Category", header: true },
        { key: "support", title: "Support" },
        { key: "f1", title: "F1", format: exactPercent, bar: 1 },
        { key: "precision", title: "Precision", format: exactPercent },
        { key: "recall", title: "Recall", format: exactPercent },
        { key: "auc", title: "AUC", format: three },
        { key: "predicted", title: "Predicted" },
      ],
    }),
    measured.left_out === 0
      ? null
      : note(`Here are the largest and the worst; ${count(measured.left_out)} others are in the Parquet files in metrics beside this page.`),
    measured.without_rows === 0
      ? null
      : note(`${counted(measured.without_rows, "category has", "categories have")} neither rows nor predictions, and so no numbers.`),
  );
}

function examples(found) {
  return element(
    "ul",
    { class: "examples" },
    ...found.map(({ id, title, confidence }) =>
      element("li", {}, title, " ", element("span", { class: "muted", text: `${id}, ${percent(confidence)} sure` })),
    ),
  );
}

function confusions({ confusions: { pairs, left_out: leftOut, matrix } }) {
  if (pairs.length === 0) {
    return section({ id: "confusions", title: "Confusions", lead: "No row was put into a wrong category." });
  }
  const place = (names) => new Map(names.map((name, i) => [name, i]));
  const [truths, predicted] = [place(matrix.truths), place(matrix.predicted)];
  return section(
    {
      id: "confusions",
      title: "Confusions",
      lead: "What is most often taken for what: the categories that products are in at the left, those that they were given on top.",
    },
    heatmap({
      source: "/confusions/matrix/rows",
      caption: "Rows by category and prediction",
      rows: matrix.truths,
      columns: matrix.predicted,
      value: (truth, label) => matrix.rows[truths.get(truth)][predicted.get(label)],
    }),
    table({
      source: "/confusions/pairs",
      caption: "The pairs that are confused most, with examples",
      rows: pairs,
      limit: 10,
      columns: [
        { key: "truth", title: "Is", header: true },
        { key: "predicted", title: "Was taken for" },
        ROWS,
        { key: "share_of_truth", title: "Of the category", format: percent },
        { key: "examples", title: "Such as", format: examples },
      ],
    }),
    leftOut.pairs === 0 ? null : note(`${counted(leftOut.pairs, "other pair")} with ${counted(leftOut.rows, "row")} together.`),
  );
}

function reliability({ reliability: { scaling, after, before } }) {
  const series = (name, { bins }) => ({
    name,
    points: bins.filter((bin) => bin.rows > 0).map((bin) => ({ x: bin.mean_confidence, y: bin.accuracy, rows: bin.rows })),
  });
  const error = ({ expected_calibration_error: value }) => (value === null ? "undefined" : value.toFixed(4));
  return section(
    {
      id: "reliability",
      title: "Does confidence mean what it says?",
      lead:
        `Expected calibration error ${error(after)}` +
        (before === null ? "." : `, ${error(before)} without the calibration (${scaling}).`),
    },
    lines({
      source: "/reliability",
      caption: "Share that is right by confidence; on the diagonal confidence means what it says",
      x: { title: "Mean confidence", format: exactPercent, domain: [0, 1] },
      y: { title: "Right", format: exactPercent, domain: [0, 1] },
      series: [series("calibrated", after), ...(before === null ? [] : [series("uncalibrated", before)])],
      diagonal: true,
    }),
    before === null ? note(`What it was before calibration cannot be told from its probabilities (${scaling}).`) : null,
  );
}

function coverage({ precision_coverage: { points, target_precision: target, chosen }, model }) {
  return section(
    {
      id: "coverage",
      title: "What is accepted, and how much of that is right",
      lead:
        chosen === null
          ? `Nothing is accepted: on validation no threshold had a precision of ${exactPercent(target)}.`
          : `From confidence ${three(model.accept_threshold)}: ${percent(chosen.coverage)} of the rows are accepted` +
            (chosen.precision === null ? "." : `, ${exactPercent(chosen.precision)} of them right.`),
    },
    lines({
      source: "/precision_coverage/points",
      caption: "Precision of what is accepted by how much that is, with 95% intervals",
      x: { title: "Accepted, surest first", format: exactPercent, domain: [0, 1] },
      y: { title: "Right", format: exactPercent },
      series: [
        {
          name: "precision",
          points: points.map((point) => ({ x: point.coverage, y: point.precision, lower: point.lower_95, upper: point.upper_95 })),
        },
      ],
      rules: [
        { y: target, label: `target ${exactPercent(target)}` },
        ...(chosen === null ? [] : [{ x: chosen.coverage, label: `threshold ${three(chosen.threshold)}` }]),
      ],
    }),
  );
}

function slices({ slices: parts, class_sizes: sizes, brands_seen: brands }) {
  return section(
    {
      id: "slices",
      title: "Parts of the rows",
      lead: "Where it is better and worse than on all. Macro F1 is the mean over the categories that have rows in the part.",
    },
    table({
      source: "/slices",
      caption: "Parts of the rows",
      rows: parts,
      limit: 40,
      columns: [
        { key: "group", title: "By" },
        { key: "slice", title: "Part", header: true },
        ROWS,
        { key: "share", title: "Share", format: percent },
        ACCURACY,
        LOWER,
        UPPER,
        { key: "macro_f1", title: "Macro F1", format: exactPercent },
        { key: "classes", title: "Categories" },
        { key: "mean_confidence", title: "Mean confidence", format: exactPercent },
      ],
    }),
    note(sizes),
    note(brands ?? "The bundle does not remember which brands its train rows had: train again to see new brands apart."),
  );
}

function truncation({ truncation: cutting }) {
  if (cutting === null) {
    return null;
  }
  const rows = [
    { text: "cut", ...cutting.cut },
    { text: "whole", ...cutting.whole },
  ];
  return section(
    {
      id: "truncation",
      title: "Texts that are cut",
      lead: `${cutting.cut.share === null ? "None" : percent(cutting.cut.share)} of the rows have more text than the ${count(cutting.max_tokens)} word pieces that the network reads.`,
    },
    table({
      source: "/truncation",
      caption: "Rows whose text is cut, and the others",
      rows,
      columns: [{ key: "text", title: "Text", header: true }, ROWS, { key: "share", title: "Share", format: percent }, ACCURACY, LOWER, UPPER],
    }),
  );
}

function labelErrors({ label_errors: found }) {
  const head = { id: "label-errors", title: "Labels that are probably wrong" };
  if (found === null) {
    return section(head, note("Not looked for: evaluate --find-label-errors does."));
  }
  return section(
    { ...head, lead: `${count(found.suspects)} of ${counted(found.searched, "label")}. All are in label_errors beside this page.` },
    found.surest.length === 0
      ? null
      : table({
          source: "/label_errors/surest",
          caption: "The surest",
          rows: found.surest,
          columns: [
            { key: "id", title: "Id", header: true },
            { key: "title", title: "Title" },
            { key: "given", title: "Label" },
            { key: "given_probability", title: "Probability", format: exactPercent },
            { key: "suggested", title: "Suggested" },
            { key: "suggested_probability", title: "Probability", format: exactPercent },
          ],
        }),
  );
}

function training({ training: trained }) {
  if (trained === null) {
    return null;
  }
  const series = (name, key) => ({ name, points: trained.epochs.map((epoch) => ({ x: epoch.epoch, y: epoch[key] ?? null })) });
  const rules = trained.best_epoch === null ? [] : [{ x: trained.best_epoch, label: "kept" }];
  const x = { title: "Epoch", format: (epoch) => (Number.isInteger(epoch) ? String(epoch) : "") };
  return section(
    { id: "training", title: "Training", lead: "As the bundle tells: how each pass over the train rows went." },
    lines({
      source: "/training/epochs",
      caption: "Loss by epoch",
      x,
      y: { title: "Loss, natural log", format: (value) => value.toFixed(2) },
      series: [series("train", "train_loss"), series("validation", "validation_loss")],
      rules,
    }),
    lines({
      source: "/training/epochs",
      caption: "F1 of the validation rows by epoch",
      x,
      y: { title: "F1", format: exactPercent },
      series: [series("macro", "macro_f1"), series("weighted", "weighted_f1")],
      rules,
    }),
  );
}

report((data) => [
  verdict(data.verdict),
  metrics(data),
  comparison(data),
  classes(data),
  confusions(data),
  reliability(data),
  coverage(data),
  slices(data),
  truncation(data),
  labelErrors(data),
  training(data),
]);
