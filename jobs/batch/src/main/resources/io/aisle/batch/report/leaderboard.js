/** compare's report: several kinds on the same rows, and the one to take. */
import { element } from "./dom.js";
import { count, counted, exactPercent } from "./format.js";
import { metricName, metricValue } from "./metrics.js";
import { note, report, section, verdict } from "./report.js";
import { table } from "./table.js";
import { lines } from "./charts.js";

const MEGABYTE = 1024 * 1024;
const SHOWN = [
  "levels_mean_weighted_f1",
  "accuracy",
  "weighted_f1",
  "macro_f1",
  "weighted_auc",
  "log_loss",
  "expected_calibration_error",
  "top_3_accuracy",
  "accepted_share",
  "accepted_precision",
];

function headline(data) {
  return verdict({
    level: data.winner === null ? "fail" : "info",
    title: data.winner === null ? "No kind could be trained" : `Take ${data.winner}`,
    sentences: [...data.reasons.map((reason) => `${reason}.`), `Judged by ${counted(data.rows.evaluated, "row")}.`],
  });
}

/** A value, and its interval below it. */
function withInterval(name) {
  return (number) =>
    element(
      "span",
      {},
      metricValue(name, number.value),
      number.lower_95 === undefined
        ? null
        : element("span", { class: "muted", text: ` ${metricValue(name, number.lower_95)} – ${metricValue(name, number.upper_95)}` }),
    );
}

function models(data) {
  if (data.models.length === 0) {
    return null;
  }
  const names = SHOWN.filter((name) => data.models.some((model) => model.metrics[name] !== undefined));
  const rows = data.models.map((model) => ({ ...model, ...model.metrics }));
  return section(
    {
      id: "models",
      title: "The kinds",
      lead: "Best first by the first criterion; under a number its 95% interval by bootstrap.",
    },
    table({
      source: "/models",
      caption: "Kinds on the same rows",
      rows,
      columns: [
        {
          key: "kind",
          title: "Kind",
          header: true,
          format: (kind) => (kind === data.winner ? element("strong", { text: kind }) : kind),
        },
        ...names.map((name) => ({ key: name, title: metricName(name).name, format: withInterval(name), numeric: true })),
        { key: "mcnemar_p_against_best", title: "p", format: (p) => p.toFixed(3) },
        { key: "train_seconds", title: "Training, s", format: (seconds) => count(Math.round(seconds)) },
        { key: "rows_per_second", title: "Rows/s", format: (rate) => count(Math.round(rate)) },
        { key: "model_bytes", title: "Model, MB", format: (bytes) => (bytes / MEGABYTE).toFixed(1) },
        { key: "heap_bytes", title: "Heap, MB", format: (bytes) => count(Math.round(bytes / MEGABYTE)) },
      ],
    }),
    note(
      `p is that of McNemar's test against the best; under ${data.significant} the two differ by more than chance. ` +
        "AUC is of one category against the rest, weighted by rows. Training is wall time from prepared rows to the bundle; rows/s are rows scored, " +
        "each distinct text once; heap is the most that the driver held during the training.",
    ),
  );
}

function cascade({ cascade_curve: curve }) {
  if (curve === undefined) {
    return null;
  }
  return section(
    {
      id: "cascade",
      title: "Linear, and the network for the rest",
      lead: `${curve.in_words}.`,
    },
    lines({
      source: "/cascade_curve/points",
      caption: `Accuracy by the share of the rows that ${curve.network} reads`,
      x: { title: `Rows to ${curve.network}`, format: exactPercent, domain: [0, 1] },
      y: { title: "Accuracy", format: exactPercent },
      series: [{ name: "cascade", points: curve.points.map((point) => ({ x: point.sent_share, y: point.accuracy })) }],
      rules: [
        { x: curve.least.sent_share, label: `fewest for a loss of ${exactPercent(curve.target)}` },
        { y: curve.linear_accuracy, label: "linear alone" },
        { y: curve.network_accuracy, label: `${curve.network} alone` },
      ],
    }),
    table({
      source: "/cascade_curve/points",
      caption: "What a cascade would have come to",
      rows: curve.points,
      limit: 25,
      columns: [
        { key: "sent_share", title: `To ${curve.network}`, header: true, format: exactPercent },
        { key: "threshold", title: "Where linear is under", format: (threshold) => threshold.toFixed(4) },
        { key: "accuracy", title: "Accuracy", format: (accuracy) => metricValue("accuracy", accuracy) },
      ],
    }),
  );
}

function failures({ failed }) {
  if (failed.length === 0) {
    return null;
  }
  return section(
    { id: "failed", title: "Failed" },
    table({
      source: "/failed",
      caption: "Kinds that could not be trained",
      rows: failed,
      columns: [
        { key: "kind", title: "Kind", header: true },
        { key: "reason", title: "Why" },
      ],
    }),
  );
}

report((data) => [headline(data), models(data), cascade(data), failures(data)]);
