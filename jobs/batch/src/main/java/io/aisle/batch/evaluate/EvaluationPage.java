package io.aisle.batch.evaluate;

import static io.aisle.batch.report.ReportJson.orNull;

import io.aisle.batch.measure.EvaluationReport;
import io.aisle.batch.measure.EvaluationReport.Metric;
import io.aisle.batch.measure.Truths;
import io.aisle.batch.storage.StoredBundle;
import io.aisle.core.metric.CalibrationError;
import io.aisle.core.metric.ConfusionMatrix;
import io.aisle.core.metric.PrecisionCoverage;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.ModelManifest;
import io.aisle.core.model.NetworkDefinition;
import io.aisle.core.model.Scaling;
import io.aisle.core.model.TrainingSummary.Epoch;
import io.aisle.core.product.CategoryPath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** All numbers of evaluate's report. What is undefined is null, and so is a part that was not asked for or cannot be given. */
final class EvaluationPage {
    private static final int COVERAGE_POINTS = 100;

    private final StoredBundle candidate;
    private final ConfusionMatrix confusion;
    private final EvaluationReport report;
    private final Findings.Search search;
    private final Findings findings;

    private EvaluationPage(
            StoredBundle candidate,
            ConfusionMatrix confusion,
            EvaluationReport report,
            Findings.Search search,
            Findings findings) {
        this.candidate = candidate;
        this.confusion = confusion;
        this.report = report;
        this.search = search;
        this.findings = findings;
    }

    /**
     * Looks into the parts of the rows. One pass.
     *
     * @param confusion over labels
     * @param known rows of (truth, probabilities) with the columns of {@link KeptProducts}, whose label the model knows
     */
    static EvaluationPage of(
            StoredBundle candidate,
            Truths truths,
            ConfusionMatrix confusion,
            EvaluationReport report,
            Dataset<Row> known) {
        ModelBundle bundle = candidate.bundle();
        Scaling scaling = bundle.manifest().scaling();
        Findings.Search search = new Findings.Search(
                truths,
                new Slices(bundle, confusion.support()),
                new ConfusedPairs(confusion),
                scaling,
                scaling.canBeUndone(bundle.labels().size()));
        return new EvaluationPage(candidate, confusion, report, search, Findings.of(known, search));
    }

    /** The numbers, in the order of the page. */
    Map<String, Object> numbers(
            Optional<Contest> contest, Optional<Contest.Outcome> outcome, Optional<LabelErrors.Found> labelErrors) {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put(
                "verdict",
                contest.map(with -> with.verdict(outcome.orElseThrow()))
                        .orElseGet(this::plain)
                        .json());
        page.put("model", model());
        page.put("rows", report.rows());
        page.put(
                "metrics",
                report.headline().stream().map(EvaluationPage::metric).toList());
        page.put(
                "beside",
                contest.map(with -> with.beside(outcome.orElseThrow().report())).orElse(null));
        page.put("gate", outcome.map(ended -> ended.report().rules()).orElse(null));
        page.put("notes", report.notes());
        page.put("classes", ClassTable.json(report.classes(), report.areas()));
        page.put("confusions", search.pairs().json(confusion, labels(), findings.examples()));
        page.put("reliability", reliability());
        page.put("precision_coverage", precisionCoverage());
        page.put("slices", slices());
        page.put("class_sizes", Slices.sizesInWords(candidate.bundle()));
        page.put("brands_seen", Slices.brandsInWords(candidate.bundle()));
        page.put("truncation", truncation());
        page.put("label_errors", labelErrors.map(LabelErrors.Found::json).orElse(null));
        page.put("training", training());
        return page;
    }

    private Verdict plain() {
        Metric accuracy = report.headline().get(0);
        Metric weighted = report.headline().get(1);
        return new Verdict(
                "info",
                String.format(
                        Locale.ROOT,
                        "%.2f accuracy on %,d rows",
                        accuracy.value(),
                        report.rows().get("evaluated")),
                List.of(String.format(
                        Locale.ROOT,
                        "95%% interval %.4f – %.4f; weighted F1 %.4f.",
                        accuracy.lower(),
                        accuracy.upper(),
                        weighted.value())));
    }

    private Map<String, Object> model() {
        ModelManifest manifest = candidate.bundle().manifest();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", candidate.name());
        json.put("version", candidate.bundle().version());
        json.put(
                "kind",
                manifest.provenance()
                        .parameters()
                        .getOrDefault("kind", manifest.model().kind()));
        json.put("labels", candidate.bundle().labels().size());
        json.put("accept_threshold", manifest.acceptThreshold());
        json.put("target_precision", manifest.targetPrecision());
        return json;
    }

    private static Map<String, Object> metric(Metric metric) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("metric", metric.name());
        json.putAll(metric.json());
        return json;
    }

    private List<String> labels() {
        return candidate.bundle().labels().stream().map(CategoryPath::toString).toList();
    }

    private Map<String, Object> reliability() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("scaling", search.scaling().inWords());
        json.put("after", calibration(report.calibration()));
        json.put("before", search.canBeUndone() ? calibration(findings.uncalibrated()) : null);
        return json;
    }

    private static Map<String, Object> calibration(CalibrationError error) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("expected_calibration_error", orNull(error.error()));
        json.put("bins", EvaluationReport.binsJson(error));
        return json;
    }

    private Map<String, Object> precisionCoverage() {
        List<Object> points = new ArrayList<>();
        for (PrecisionCoverage.Point point : findings.coverage().points(COVERAGE_POINTS)) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("threshold", point.threshold());
            entry.put("accepted", point.accepted());
            entry.put("coverage", point.coverage());
            entry.put("precision", point.precision());
            entry.put("lower_95", point.interval().lower());
            entry.put("upper_95", point.interval().upper());
            points.add(entry);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("points", points);
        json.put("target_precision", candidate.bundle().manifest().targetPrecision());
        json.put("chosen", chosen());
        return json;
    }

    /** What the threshold of the bundle comes to; null where it accepts nothing. */
    private Map<String, Object> chosen() {
        double threshold = candidate.bundle().manifest().acceptThreshold();
        if (threshold > 1) {
            return null;
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("threshold", threshold);
        report.headline().forEach(metric -> {
            if (metric.name().equals("accepted_share")) {
                json.put("coverage", orNull(metric.value()));
            } else if (metric.name().equals("accepted_precision")) {
                json.put("precision", orNull(metric.value()));
            }
        });
        return json;
    }

    private List<Object> slices() {
        List<Object> json = new ArrayList<>();
        List<Slices.Slice> all = search.slices().all();
        for (int slice = 0; slice < all.size(); slice++) {
            SliceCounts counts = findings.slices().get(slice);
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("group", all.get(slice).group());
            entry.put("slice", all.get(slice).name());
            entry.putAll(counts.json(report.rows().get("evaluated")));
            json.add(entry);
        }
        return json;
    }

    private Map<String, Object> truncation() {
        if (!(candidate.bundle().manifest().model() instanceof NetworkDefinition network)) {
            return null;
        }
        long rows = report.rows().get("evaluated");
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("max_tokens", network.maxTokens());
        json.put("cut", findings.cut().json(rows));
        json.put("whole", findings.whole().json(rows));
        return json;
    }

    /** Null where the bundle tells of no epochs. */
    private Map<String, Object> training() {
        List<Object> epochs = new ArrayList<>();
        for (Epoch epoch : candidate.bundle().manifest().training().epochs()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("epoch", epoch.epoch());
            entry.put("train_loss", orNull(epoch.trainLoss()));
            entry.put("validation_loss", orNull(epoch.validationLoss()));
            epoch.metrics().forEach((name, value) -> entry.put(name, orNull(value)));
            epochs.add(entry);
        }
        if (epochs.isEmpty()) {
            return null;
        }
        Map<String, Object> json = new LinkedHashMap<>();
        String best = candidate.bundle().manifest().provenance().parameters().get("best_epoch");
        json.put("best_epoch", best == null ? null : Integer.valueOf(best));
        json.put("epochs", epochs);
        return json;
    }
}
