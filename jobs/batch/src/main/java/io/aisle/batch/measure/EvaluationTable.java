package io.aisle.batch.measure;

import io.aisle.batch.measure.EvaluationReport.Metric;
import io.aisle.batch.telemetry.TextTable;
import io.aisle.core.metric.ClassificationReport;
import io.aisle.core.metric.ClassificationReport.ClassScores;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The numbers of one evaluation for a console. */
record EvaluationTable(
        String modelVersion,
        double acceptThreshold,
        double targetPrecision,
        Map<String, Long> rows,
        List<Metric> headline,
        ClassificationReport folded,
        List<String> notes) {
    private static final int WORST_CLASSES = 5;

    @Override
    public String toString() {
        TextTable table = new TextTable("metric", "value", "95% interval");
        for (Metric metric : headline) {
            table.row(
                    metric.name(),
                    four(metric.value()),
                    Double.isNaN(metric.lower()) ? "" : four(metric.lower()) + " – " + four(metric.upper()));
        }
        TextTable worst = new TextTable("lowest F1", "F1", "precision", "recall", "rows");
        folded.classes().stream()
                .filter(scores -> scores.support() > 0)
                .sorted(Comparator.comparingDouble(ClassScores::f1).thenComparing(ClassScores::name))
                .limit(WORST_CLASSES)
                .forEach(scores -> worst.row(
                        scores.name(),
                        four(scores.f1()),
                        four(scores.precision()),
                        four(scores.recall()),
                        Long.toString(scores.support())));
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT, "%,d rows evaluated with model %s\n\n", rows.get("evaluated"), modelVersion));
        text.append(table).append(acceptedInWords()).append('\n').append(worst);
        notes.forEach(note -> text.append("note: ").append(note).append('\n'));
        return text.toString();
    }

    private String acceptedInWords() {
        return acceptThreshold > 1
                ? "nothing is accepted: on validation no threshold had a precision of " + targetPrecision + "\n"
                : String.format(
                        Locale.ROOT,
                        "accepted is confidence %.3f and more, chosen on validation for a precision of %s\n",
                        acceptThreshold,
                        targetPrecision);
    }

    private static String four(double value) {
        return Double.isNaN(value) ? "n/a" : String.format(Locale.ROOT, "%.4f", value);
    }
}
