package io.aisle.batch.evaluate;

import io.aisle.batch.measure.EvaluationReport.Metric;
import io.aisle.batch.telemetry.Names;
import io.aisle.core.metric.BootstrapIntervals;
import io.aisle.core.metric.BootstrapIntervals.Interval;
import io.aisle.core.metric.ClassificationReport;
import io.aisle.core.metric.ClassificationReport.ClassScores;
import io.aisle.core.metric.ConfusionMatrix;
import io.aisle.core.metric.PairedBootstrap;
import io.aisle.core.metric.PairedConfusion;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.product.CategoryPath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Decides whether a candidate may take the champion's place: each rule on its own, so that a report can name those that refuse. A
 * number that is undefined passes no rule.
 */
final class Gate {
    /** 0.90 - 0.85 is a little more than 0.05 in binary. */
    private static final double ROUNDING = 1e-9;

    private final GateSettings settings;
    private final long seed;
    private final List<Rule> rules = new ArrayList<>();

    /** @param seed of the bootstrap */
    Gate(GateSettings settings, long seed, HeldOut heldOut) {
        this.settings = settings;
        this.seed = seed;
        rules.add(new Rule(
                "held_out",
                heldOut.found(),
                settings.requireHeldOut() ? "unseen by both models" : "not asked for",
                heldOut.isShown() || !settings.requireHeldOut(),
                "Evaluate on <prepared>/test, prepared with the --split-seed and --split that both models were trained"
                        + " with; or set gate.require-held-out=false if you know that neither saw these rows."));
    }

    /** The rule that can be judged before a row is read. */
    Rule heldOut() {
        return rules.get(0);
    }

    /** Judges the candidate beside the champion. */
    GateReport judge(ModelBundle candidate, ModelBundle champion, SharedTruths truths, Comparison comparison) {
        PairedConfusion confusion = comparison.confusion();
        PairedBootstrap macroF1 = PairedBootstrap.of(confusion, seed);
        rules.add(new Rule(
                "macro_f1",
                change(macroF1),
                "lower end " + points(settings.minDeltaMacroF1()) + " or more",
                macroF1.interval().lower() >= settings.minDeltaMacroF1() - ROUNDING,
                "It is worse than the champion, or the rows are too few to tell: train it better, or on more data, or"
                        + " evaluate on more rows."));

        List<GateReport.ClassPair> classes = classes(confusion, truths.classes());
        rules.add(classRule(classes));
        Map<String, Long> lost = lost(candidate, champion, truths, comparison);
        rules.add(lostRule(lost));

        double increase = comparison.candidateError() - comparison.championError();
        rules.add(new Rule(
                "calibration_error",
                Double.isNaN(increase) ? "n/a" : String.format(Locale.ROOT, "%+.4f", increase),
                String.format(Locale.ROOT, "%+.4f or less", settings.maxEceIncrease()),
                increase <= settings.maxEceIncrease() + ROUNDING,
                "Its confidences say less than the champion's how often it is right: train it again with more validation"
                        + " rows, on which they are calibrated."));
        return new GateReport(
                List.copyOf(rules),
                macroF1,
                comparison.championError(),
                comparison.candidateError(),
                metrics(confusion, comparison.championError(), comparison.candidateError()),
                classes,
                lost,
                without(candidate, champion));
    }

    /** Judges a first candidate beside the constant answer that is right most often. */
    GateReport judgeFirst(ConfusionMatrix confusion, double calibrationError) {
        PairedConfusion besideCommonest = new PairedConfusion(confusion.classes());
        long[] support = confusion.support();
        int commonest = 0;
        for (int label = 1; label < support.length; label++) {
            commonest = support[label] > support[commonest] ? label : commonest;
        }
        for (ConfusionMatrix.Cell cell : confusion.cells()) {
            besideCommonest.add(cell.truth(), commonest, cell.predicted(), cell.rows());
        }
        PairedBootstrap macroF1 = PairedBootstrap.of(besideCommonest, seed);
        rules.add(new Rule(
                "beats_commonest_class",
                change(macroF1),
                "lower end above 0.00 points",
                macroF1.interval().lower() > 0,
                "It does no better than naming one class always, or the rows are too few to tell: check the labels and"
                        + " the training, or evaluate on more rows."));
        return new GateReport(
                List.copyOf(rules),
                macroF1,
                Double.NaN,
                calibrationError,
                metrics(besideCommonest, Double.NaN, calibrationError),
                List.of(),
                Map.of(),
                List.of());
    }

    private List<GateReport.MetricPair> metrics(
            PairedConfusion confusion, double championError, double candidateError) {
        List<Metric> champion = metrics(confusion.first(), championError);
        List<Metric> candidate = metrics(confusion.second(), candidateError);
        return IntStream.range(0, candidate.size())
                .mapToObj(i -> new GateReport.MetricPair(champion.get(i), candidate.get(i)))
                .toList();
    }

    private List<Metric> metrics(ConfusionMatrix confusion, double error) {
        ClassificationReport report = ClassificationReport.of(confusion, Collections.nCopies(confusion.classes(), ""));
        BootstrapIntervals intervals = BootstrapIntervals.of(confusion, seed);
        return List.of(
                Metric.of("accuracy", report.accuracy(), intervals.accuracy()),
                Metric.of("weighted_f1", report.weighted().f1(), intervals.weightedF1()),
                Metric.of("macro_f1", report.macro().f1(), intervals.macroF1()),
                Metric.of("expected_calibration_error", error));
    }

    private static List<GateReport.ClassPair> classes(PairedConfusion confusion, List<String> names) {
        List<ClassScores> champion =
                ClassificationReport.of(confusion.first(), names).classes();
        List<ClassScores> candidate =
                ClassificationReport.of(confusion.second(), names).classes();
        List<GateReport.ClassPair> classes = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (champion.get(i).support() > 0) {
                classes.add(new GateReport.ClassPair(
                        names.get(i),
                        champion.get(i).support(),
                        champion.get(i).f1(),
                        candidate.get(i).f1()));
            }
        }
        classes.sort(Comparator.comparingDouble(GateReport.ClassPair::drop)
                .reversed()
                .thenComparing(GateReport.ClassPair::label));
        return classes;
    }

    /** @param classes that which dropped most first */
    private Rule classRule(List<GateReport.ClassPair> classes) {
        List<GateReport.ClassPair> judged = classes.stream()
                .filter(pair -> pair.rows() >= settings.minClassRows())
                .toList();
        String found = judged.isEmpty()
                ? "no class of " + settings.minClassRows() + " rows"
                : points(-judged.get(0).drop()) + " in " + judged.get(0).label();
        return new Rule(
                "class_f1",
                found,
                points(-settings.maxClassDrop()) + " or more",
                judged.stream().allMatch(pair -> pair.drop() <= settings.maxClassDrop() + ROUNDING),
                "It is worse at this class: see for what it is taken in metrics.json, and train on more, or better"
                        + " labelled, rows of it.");
    }

    private static Map<String, Long> lost(
            ModelBundle candidate, ModelBundle champion, SharedTruths truths, Comparison comparison) {
        Map<String, Long> lost = new LinkedHashMap<>();
        without(champion, candidate)
                .forEach(label ->
                        lost.put(label, comparison.rows(truths.numbers().get(label))));
        return lost;
    }

    private Rule lostRule(Map<String, Long> lost) {
        List<String> larger = lost.entrySet().stream()
                .filter(entry -> entry.getValue() >= settings.minClassRows())
                .map(Map.Entry::getKey)
                .toList();
        return new Rule(
                "lost_classes",
                larger.size() + (larger.isEmpty() ? "" : ": " + Names.some(larger)),
                settings.maxLostClasses() + " or fewer",
                larger.size() <= settings.maxLostClasses(),
                "The champion can name what the candidate cannot: prepare its data with a smaller --min-class-size, or,"
                        + " where the taxonomy changed, raise gate.max-lost-classes.");
    }

    private static List<String> without(ModelBundle these, ModelBundle those) {
        Set<CategoryPath> known = new HashSet<>(those.labels());
        return these.labels().stream()
                .filter(label -> !known.contains(label))
                .map(CategoryPath::toString)
                .toList();
    }

    private static String change(PairedBootstrap macroF1) {
        Interval interval = macroF1.interval();
        return points(macroF1.delta()) + " (95%: " + points(interval.lower()) + " to " + points(interval.upper()) + ")";
    }

    /** A difference of shares in points, hundredths. Adding 0 makes 0 of -0, which would print its sign. */
    private static String points(double share) {
        return Double.isNaN(share) ? "n/a" : String.format(Locale.ROOT, "%+.2f points", 100 * share + 0.0);
    }
}
