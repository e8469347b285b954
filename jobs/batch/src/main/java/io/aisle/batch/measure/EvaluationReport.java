package io.aisle.batch.measure;

import static io.aisle.batch.report.ReportJson.orNull;

import io.aisle.batch.report.ReportJson;
import io.aisle.batch.telemetry.TextTable;
import io.aisle.core.metric.Acceptance;
import io.aisle.core.metric.BootstrapIntervals;
import io.aisle.core.metric.BootstrapIntervals.Interval;
import io.aisle.core.metric.CalibrationError;
import io.aisle.core.metric.ClassAverage;
import io.aisle.core.metric.ClassificationReport;
import io.aisle.core.metric.ClassificationReport.ClassScores;
import io.aisle.core.metric.ConfusionMatrix;
import io.aisle.core.metric.WilsonInterval;
import io.aisle.core.model.ModelBundle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The numbers of one evaluation, as a table, as JSON and as rows. */
public final class EvaluationReport {
    /** The metric that taxonomies are scored by: the mean over levels of their weighted F1. */
    public static final String LEVELS_MEAN = "levels_mean_weighted_f1";

    private static final int WORST_CLASSES = 5;

    private final String modelVersion;
    private final double acceptThreshold;
    private final double targetPrecision;
    private final Map<String, Long> rows;
    private final List<Metric> headline;
    private final ClassificationReport folded;
    private final double[] areas;
    private final CalibrationError calibration;
    private final List<Confusion> confusions;
    private final List<String> notes;

    /**
     * One number with its 95% interval: of accepted rows Wilson's, else from a bootstrap. The bounds are NaN where none is computed, the value
     * is where it is undefined.
     */
    public record Metric(String name, double value, double lower, double upper) {
        static Metric of(String name, double value) {
            return new Metric(name, value, Double.NaN, Double.NaN);
        }

        static Metric of(String name, double value, Interval interval) {
            return new Metric(name, value, interval.lower(), interval.upper());
        }

        /** Precision and share of what is accepted. */
        static List<Metric> of(String prefix, Acceptance acceptance) {
            WilsonInterval interval = acceptance.precisionInterval();
            return List.of(
                    new Metric(prefix + "precision", acceptance.precision(), interval.lower(), interval.upper()),
                    of(prefix + "share", acceptance.share()));
        }
    }

    /** How often one label was taken for another. */
    private record Confusion(String truth, String predicted, long rows) {}

    private EvaluationReport(
            ModelBundle bundle,
            Map<String, Long> rows,
            List<Metric> headline,
            ClassificationReport folded,
            double[] areas,
            CalibrationError calibration,
            List<Confusion> confusions,
            List<String> notes) {
        this.modelVersion = bundle.version();
        this.acceptThreshold = bundle.manifest().acceptThreshold();
        this.targetPrecision = bundle.manifest().targetPrecision();
        this.rows = rows;
        this.headline = headline;
        this.folded = folded;
        this.areas = areas;
        this.calibration = calibration;
        this.confusions = confusions;
        this.notes = notes;
    }

    /**
     * Reports.
     *
     * @param areas of each label's ROC curve
     * @param rows where every record went, by name
     * @param seed of the bootstrap
     */
    public static EvaluationReport of(
            ModelBundle bundle, Truths truths, Judgement judgement, double[] areas, Map<String, Long> rows, long seed) {
        List<String> paths = truths.paths();
        int labels = bundle.labels().size();
        ConfusionMatrix confusion = judgement.folded(truths, labels);
        ClassificationReport folded = ClassificationReport.of(confusion, paths.subList(0, labels));
        BootstrapIntervals intervals = BootstrapIntervals.of(confusion, seed);
        ClassAverage area = ClassAverage.weighted(areas, confusion.support());
        List<String> notes = new ArrayList<>(folded.notes());
        area.note("AUC", "no rows, or nothing else has").ifPresent(notes::add);

        List<Metric> headline = new ArrayList<>(List.of(
                Metric.of("accuracy", folded.accuracy(), intervals.accuracy()),
                Metric.of("weighted_f1", folded.weighted().f1(), intervals.weightedF1()),
                Metric.of("macro_f1", folded.macro().f1(), intervals.macroF1()),
                Metric.of("micro_f1", folded.micro().f1(), intervals.accuracy()),
                Metric.of("weighted_precision", folded.weighted().precision()),
                Metric.of("macro_precision", folded.macro().precision()),
                Metric.of("micro_precision", folded.micro().precision()),
                Metric.of("weighted_recall", folded.weighted().recall()),
                Metric.of("macro_recall", folded.macro().recall()),
                Metric.of("micro_recall", folded.micro().recall()),
                Metric.of("top_3_accuracy", judgement.topAccuracy(3)),
                Metric.of("top_5_accuracy", judgement.topAccuracy(5)),
                Metric.of("weighted_auc", area.value()),
                Metric.of("log_loss", judgement.logLoss()),
                Metric.of("expected_calibration_error", judgement.calibration().error())));
        headline.addAll(Metric.of("accepted_", judgement.accepted()));
        noteNothing("accepted", judgement.accepted(), bundle).ifPresent(notes::add);
        if (bundle.labels().stream().anyMatch(label -> label.depth() > 1)) {
            headline.addAll(Metric.of("back_off_accepted_", judgement.backOffAccepted()));
            noteNothing("back-off accepted", judgement.backOffAccepted(), bundle)
                    .ifPresent(notes::add);
        }
        headline.addAll(LevelMetrics.of(judgement.unfolded(), paths, seed));
        if (judgement.hasFolded(labels)) {
            ClassificationReport unfolded = ClassificationReport.of(judgement.unfolded(), paths);
            headline.add(Metric.of("unfolded_accuracy", unfolded.accuracy()));
            headline.add(Metric.of("unfolded_weighted_f1", unfolded.weighted().f1()));
            headline.add(Metric.of("unfolded_macro_f1", unfolded.macro().f1()));
        }
        return new EvaluationReport(
                bundle, rows, headline, folded, areas, judgement.calibration(), confusions(confusion, paths), notes);
    }

    private static Optional<String> noteNothing(String what, Acceptance acceptance, ModelBundle bundle) {
        return acceptance.share() != 0
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "%s precision is undefined: no row reaches the accept threshold %.3f",
                        what,
                        bundle.manifest().acceptThreshold()));
    }

    /** The headline metrics, in their order. */
    public List<Metric> headline() {
        return List.copyOf(headline);
    }

    private static List<Confusion> confusions(ConfusionMatrix confusion, List<String> paths) {
        return confusion.cells().stream()
                .filter(cell -> cell.truth() != cell.predicted())
                .map(cell -> new Confusion(paths.get(cell.truth()), paths.get(cell.predicted()), cell.rows()))
                .sorted(Comparator.comparingLong(Confusion::rows)
                        .reversed()
                        .thenComparing(Confusion::truth)
                        .thenComparing(Confusion::predicted))
                .toList();
    }

    /** The metrics table for a console. */
    public String table() {
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

    /** The headline metrics as JSON has them, by name: value, and the bounds of its interval where it has one. */
    public Map<String, Object> metricsByName() {
        Map<String, Object> metrics = new LinkedHashMap<>();
        for (Metric metric : headline) {
            Map<String, Object> number = new LinkedHashMap<>();
            number.put("value", orNull(metric.value()));
            if (!Double.isNaN(metric.lower())) {
                number.put("lower_95", metric.lower());
                number.put("upper_95", metric.upper());
            }
            metrics.put(metric.name(), number);
        }
        return metrics;
    }

    /** Everything, for programs: what is undefined is null. */
    public String json() {
        List<Object> classes = new ArrayList<>();
        for (int label = 0; label < areas.length; label++) {
            ClassScores scores = folded.classes().get(label);
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("label", scores.name());
            entry.put("precision", orNull(scores.precision()));
            entry.put("recall", orNull(scores.recall()));
            entry.put("f1", orNull(scores.f1()));
            entry.put("auc", orNull(areas[label]));
            entry.put("support", scores.support());
            entry.put("predicted", scores.predicted());
            classes.add(entry);
        }
        List<Object> bins = new ArrayList<>();
        for (CalibrationError.Bin bin : calibration.bins()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("lower", bin.lower());
            entry.put("upper", bin.upper());
            entry.put("rows", bin.rows());
            entry.put("mean_confidence", orNull(bin.meanConfidence()));
            entry.put("accuracy", orNull(bin.accuracy()));
            bins.add(entry);
        }
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("model_version", modelVersion);
        report.put("accept_threshold", acceptThreshold);
        report.put("target_precision", targetPrecision);
        report.put("rows", rows);
        report.put("metrics", metricsByName());
        report.put("notes", notes);
        report.put("classes", classes);
        report.put("confusions", confusions);
        report.put("reliability", bins);
        return ReportJson.of(report);
    }

    /** Rows of (metric, category, value, lower_95, upper_95, model_version); category is null for a number over all rows. */
    public Dataset<Row> metrics(SparkSession spark) {
        List<Row> numbers = new ArrayList<>();
        for (Metric metric : headline) {
            numbers.add(number(metric.name(), null, metric.value(), metric.lower(), metric.upper()));
        }
        for (int label = 0; label < areas.length; label++) {
            ClassScores scores = folded.classes().get(label);
            numbers.add(number("precision", scores.name(), scores.precision(), Double.NaN, Double.NaN));
            numbers.add(number("recall", scores.name(), scores.recall(), Double.NaN, Double.NaN));
            numbers.add(number("f1", scores.name(), scores.f1(), Double.NaN, Double.NaN));
            numbers.add(number("auc", scores.name(), areas[label], Double.NaN, Double.NaN));
            numbers.add(number("support", scores.name(), (double) scores.support(), Double.NaN, Double.NaN));
            numbers.add(number("predicted", scores.name(), (double) scores.predicted(), Double.NaN, Double.NaN));
        }
        return spark.createDataFrame(
                numbers,
                new StructType()
                        .add("metric", DataTypes.StringType)
                        .add("category", DataTypes.StringType)
                        .add("value", DataTypes.DoubleType)
                        .add("lower_95", DataTypes.DoubleType)
                        .add("upper_95", DataTypes.DoubleType)
                        .add("model_version", DataTypes.StringType));
    }

    private Row number(String metric, String category, double value, double lower, double upper) {
        return RowFactory.create(metric, category, orNull(value), orNull(lower), orNull(upper), modelVersion);
    }
}
