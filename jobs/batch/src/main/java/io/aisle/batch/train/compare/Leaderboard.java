package io.aisle.batch.train.compare;

import io.aisle.batch.measure.EvaluationReport;
import io.aisle.batch.measure.EvaluationReport.Metric;
import io.aisle.batch.report.ReportJson;
import io.aisle.batch.telemetry.TextTable;
import io.aisle.batch.train.TrainSettings.Kind;
import io.aisle.core.settings.Settings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Kinds beside each other, and the one that was chosen.
 *
 * @param entrants in the order in which they were asked for
 * @param agreement by the places of the entrants
 * @param chooseBy the first decides; among those that are equal by it, the next
 * @param outlook what linear and a network would come to together, where both are here
 */
record Leaderboard(
        List<Entrant> entrants,
        Agreement agreement,
        List<Criterion> chooseBy,
        Map<String, Long> rows,
        Optional<CascadeOutlook> outlook) {
    /** Two models differ where McNemar's p-value is under this. */
    static final double SIGNIFICANT = 0.05;

    private static final double MEGABYTE = 1 << 20;

    /**
     * Who won, and why.
     *
     * @param reasons one a criterion that was asked, and where linear stands in for a cascade, why
     */
    record Choice(Entrant winner, List<String> reasons) {}

    /** The entrant that is best by the criteria, or linear where a cascade is no better than it; nothing where all failed. */
    Optional<Choice> choice() {
        List<Integer> left = IntStream.range(0, entrants.size())
                .filter(place -> !entrants.get(place).hasFailed())
                .boxed()
                .toList();
        if (left.isEmpty()) {
            return Optional.empty();
        }
        List<String> reasons = new ArrayList<>();
        for (int i = 0; i < chooseBy.size() && left.size() > 1; i++) {
            Criterion criterion = chooseBy.get(i);
            int best = best(left, criterion);
            boolean isLast = i == chooseBy.size() - 1;
            List<Integer> tied = isLast ? List.of(best) : tied(left, best, criterion);
            reasons.add(reason(criterion, best, tied, left));
            left = tied;
        }
        return Optional.of(new Choice(entrants.get(withoutNetwork(left.get(0), reasons)), reasons));
    }

    /** The place of linear instead of that of a cascade which is not better; every other place itself. */
    private int withoutNetwork(int winner, List<String> reasons) {
        int linear = place(Kind.LINEAR);
        if (winner != place(Kind.CASCADE) || linear < 0) {
            return winner;
        }
        double ofLinear = agreement.accuracy(linear);
        double ofCascade = agreement.accuracy(winner);
        double pValue = agreement.test(linear, winner).pValue();
        if (ofLinear < ofCascade && pValue < SIGNIFICANT) {
            return winner;
        }
        reasons.add(String.format(
                Locale.ROOT,
                "linear instead of cascade: accuracy %s against %s, %s (p = %.3f), and no network to run",
                number(ofLinear),
                number(ofCascade),
                ofLinear > ofCascade ? "better" : "no difference by McNemar's test",
                pValue));
        return linear;
    }

    /** -1 where that kind is not here, or failed. */
    private int place(Kind kind) {
        for (int place = 0; place < entrants.size(); place++) {
            if (entrants.get(place).kind().equals(Settings.choiceName(kind))
                    && !entrants.get(place).hasFailed()) {
                return place;
            }
        }
        return -1;
    }

    private int best(List<Integer> places, Criterion criterion) {
        int best = places.get(0);
        for (int place : places) {
            if (criterion.isBetter(criterion.of(entrants.get(place)), criterion.of(entrants.get(best)))) {
                best = place;
            }
        }
        return best;
    }

    private List<Integer> tied(List<Integer> places, int best, Criterion criterion) {
        double ofBest = criterion.of(entrants.get(best));
        return places.stream()
                .filter(place -> place == best
                        || criterion.isTie(
                                ofBest,
                                criterion.of(entrants.get(place)),
                                agreement.test(best, place).pValue()))
                .toList();
    }

    private String reason(Criterion criterion, int best, List<Integer> tied, List<Integer> among) {
        String name = Settings.choiceName(criterion);
        StringBuilder reason = new StringBuilder("by " + name + " "
                + entrants.get(best).kind() + " is best (" + number(criterion.of(entrants.get(best))) + ")");
        List<String> equals = tied.stream()
                .filter(place -> place != best)
                .map(place -> entrants.get(place).kind() + " (" + number(criterion.of(entrants.get(place))) + ")")
                .toList();
        if (!equals.isEmpty()) {
            reason.append(", and as good: ")
                    .append(String.join(", ", equals))
                    .append(", ")
                    .append(criterion.tieInWords());
        }
        List<String> worse = among.stream()
                .filter(place -> !tied.contains(place))
                .map(place -> entrants.get(place).kind() + " (" + number(criterion.of(entrants.get(place))) + ")")
                .toList();
        if (!worse.isEmpty()) {
            reason.append("; behind: ").append(String.join(", ", worse));
        }
        return reason.toString();
    }

    private static String number(double value) {
        return Double.isNaN(value)
                ? "n/a"
                : Math.abs(value) >= 100
                        ? String.format(Locale.ROOT, "%,.0f", value)
                        : String.format(Locale.ROOT, "%.4f", value);
    }

    /** The entrants that did not fail, best first by the first criterion. */
    List<Entrant> ranked() {
        Criterion first = chooseBy.get(0);
        Comparator<Entrant> order = (one, other) -> first.isBetter(first.of(one), first.of(other))
                ? -1
                : first.isBetter(first.of(other), first.of(one)) ? 1 : 0;
        return entrants.stream()
                .filter(entrant -> !entrant.hasFailed())
                .sorted(order)
                .toList();
    }

    /** Those that failed, in their order. */
    List<Entrant> failed() {
        return entrants.stream().filter(Entrant::hasFailed).toList();
    }

    /** McNemar's p-value between an entrant and the best by the first criterion; 1 for the best itself. */
    double pValueAgainstBest(Entrant entrant) {
        return agreement
                .test(entrants.indexOf(ranked().get(0)), entrants.indexOf(entrant))
                .pValue();
    }

    /** The columns of the table and the page: a name, and each entrant's cell. */
    List<Map<String, String>> cells() {
        boolean hasLevels = entrants.stream()
                .anyMatch(entrant -> entrant.found(EvaluationReport.LEVELS_MEAN).isPresent());
        List<Map<String, String>> all = new ArrayList<>();
        for (Entrant entrant : ranked()) {
            Map<String, String> cells = new LinkedHashMap<>();
            cells.put("kind", entrant.kind());
            if (hasLevels) {
                cells.put("levels F1", quality(entrant, EvaluationReport.LEVELS_MEAN));
            }
            cells.put("accuracy", quality(entrant, "accuracy"));
            cells.put("weighted F1", quality(entrant, "weighted_f1"));
            cells.put("95%", interval(entrant, "weighted_f1"));
            cells.put("macro F1", quality(entrant, "macro_f1"));
            cells.put("micro F1", quality(entrant, "micro_f1"));
            cells.put("AUC", quality(entrant, "weighted_auc"));
            cells.put("log-loss", quality(entrant, "log_loss"));
            cells.put("ECE", quality(entrant, "expected_calibration_error"));
            cells.put("top 3", quality(entrant, "top_3_accuracy"));
            cells.put("p", String.format(Locale.ROOT, "%.3f", pValueAgainstBest(entrant)));
            cells.put("train s", String.format(Locale.ROOT, "%,.0f", entrant.trainSeconds()));
            cells.put("rows/s", String.format(Locale.ROOT, "%,.0f", entrant.rowsPerSecond()));
            cells.put("model MB", String.format(Locale.ROOT, "%,.1f", entrant.modelBytes() / MEGABYTE));
            cells.put("heap MB", String.format(Locale.ROOT, "%,.0f", entrant.heapBytes() / MEGABYTE));
            all.add(cells);
        }
        return all;
    }

    private static String quality(Entrant entrant, String metric) {
        double value = entrant.metric(metric);
        return Double.isNaN(value) ? "n/a" : String.format(Locale.ROOT, "%.4f", value);
    }

    private static String interval(Entrant entrant, String name) {
        Metric metric = entrant.found(name).orElseThrow();
        return String.format(Locale.ROOT, "%.3f – %.3f", metric.lower(), metric.upper());
    }

    /** The table for a console. */
    Optional<TextTable> table() {
        List<Map<String, String>> cells = cells();
        if (cells.isEmpty()) {
            return Optional.empty();
        }
        TextTable table = new TextTable(cells.get(0).keySet().toArray(String[]::new));
        cells.forEach(row -> table.row(row.values().toArray(String[]::new)));
        return Optional.of(table);
    }

    /** Everything, for programs. */
    String json() {
        List<Object> models = new ArrayList<>();
        for (Entrant entrant : ranked()) {
            Map<String, Object> model = new LinkedHashMap<>();
            model.put("kind", entrant.kind());
            model.put("version", entrant.version());
            model.put("metrics", entrant.report().orElseThrow().metricsByName());
            model.put("mcnemar_p_against_best", pValueAgainstBest(entrant));
            model.put("train_seconds", entrant.trainSeconds());
            model.put("rows_per_second", ReportJson.orNull(entrant.rowsPerSecond()));
            model.put("model_bytes", entrant.modelBytes());
            model.put("heap_bytes", entrant.heapBytes());
            models.add(model);
        }
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("rows", rows);
        report.put("models", models);
        report.put(
                "failed",
                failed().stream()
                        .map(entrant -> Map.of("kind", entrant.kind(), "reason", entrant.reason()))
                        .toList());
        report.put("choose_by", chooseBy.stream().map(Settings::choiceName).toList());
        outlook.ifPresent(given -> report.put("cascade_curve", given.json()));
        report.put("winner", choice().map(choice -> choice.winner().kind()).orElse(null));
        report.put("reasons", choice().map(Choice::reasons).orElse(List.of()));
        return ReportJson.of(report);
    }
}
