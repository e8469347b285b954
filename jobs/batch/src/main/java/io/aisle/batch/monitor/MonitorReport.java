package io.aisle.batch.monitor;

import static io.aisle.batch.report.ReportJson.orNull;

import io.aisle.batch.monitor.Difference.Effect;
import io.aisle.batch.profile.Buckets;
import io.aisle.batch.profile.ClassProfile;
import io.aisle.batch.profile.Profile;
import io.aisle.batch.profile.UnknownWords;
import io.aisle.batch.storage.WrittenRun;
import io.aisle.core.product.ProductField;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/** The numbers of the report, bounded whatever the run. */
record MonitorReport(WrittenRun run, Baseline baseline, Profile now, Profile before, Drift drift) {
    private static final int CLASSES = 300;
    private static final int FINDINGS = 100;

    /** The run's row of the history. */
    Row historyRow() {
        return History.row(
                run.runId(),
                Timestamp.from(run.writtenAt()),
                baseline.name(),
                modelVersion(),
                drift.level().key(),
                (long) drift.findings().size(),
                now.rows(),
                now.fillRate("title"),
                now.fillRate("brand"),
                now.fillRate("description"),
                now.fillRate("feature"),
                now.words().share(),
                now.meanConfidence(),
                now.reviewShare(),
                drift.effect("categories", "psi"),
                drift.effect("confidence", "psi"),
                drift.effect("text_length", "psi"));
    }

    private String modelVersion() {
        return run.manifest().path("model_version").asText("unknown");
    }

    /**
     * All of it.
     *
     * @param flow empty where the baseline has no products
     * @param history rows of the last runs, this one too
     */
    Map<String, Object> json(Optional<Flow> flow, List<Map<String, Object>> history) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("run", side(run.runId(), run.directory().uri(), "run", modelVersion(), now));
        json.put(
                "baseline",
                side(
                        baseline.name(),
                        baseline.uri(),
                        baseline.run().isPresent() ? "run" : "bundle",
                        baseline.modelVersion(),
                        before));
        json.put("level", drift.level().key());
        List<Difference> findings = drift.findings();
        json.put(
                "findings",
                findings.stream().limit(FINDINGS).map(MonitorReport::difference).toList());
        json.put("findings_left_out", Math.max(0, findings.size() - FINDINGS));
        json.put(
                "compared",
                drift.differences().stream()
                        .filter(difference -> !difference.kind().startsWith("class_"))
                        .map(MonitorReport::difference)
                        .toList());
        json.put("fill", fill());
        json.put(
                "text_length",
                buckets(Buckets.CHARACTERS, now.characters(), before.characters(), now.measured(), before.measured()));
        json.put(
                "confidence",
                buckets(Buckets.CONFIDENCE, now.confidence(), before.confidence(), now.rows(), before.rows()));
        List<Map<String, Object>> classes = classes();
        json.put("classes", classes.stream().limit(CLASSES).toList());
        json.put("classes_left_out", Math.max(0, classes.size() - CLASSES));
        json.put("flow", flow.map(MonitorReport::flow).orElse(null));
        json.put("history", history);
        return json;
    }

    private static Map<String, Object> side(
            String name, String uri, String kind, String modelVersion, Profile profile) {
        Map<String, Object> side = new LinkedHashMap<>();
        side.put("name", name);
        side.put("uri", uri);
        side.put("kind", kind);
        side.put("model_version", modelVersion);
        side.put("rows", profile.rows());
        side.put("measured_rows", profile.measured());
        side.put("review", profile.review());
        side.put("review_share", orNull(profile.reviewShare()));
        side.put("mean_confidence", orNull(profile.meanConfidence()));
        side.put("words", profile.words().words());
        side.put("unknown_words", profile.words().unknown());
        side.put("unknown_words_share", orNull(profile.words().share()));
        return side;
    }

    private static Map<String, Object> difference(Difference difference) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("level", difference.level().key());
        json.put("kind", difference.kind());
        json.put("subject", difference.subject());
        json.put("now", orNull(difference.now()));
        json.put("before", orNull(difference.before()));
        json.put("p_value", orNull(difference.pValue()));
        List<Map<String, Object>> effects = new ArrayList<>();
        for (Effect effect : difference.effects()) {
            Map<String, Object> of = new LinkedHashMap<>();
            of.put("measure", effect.measure());
            of.put("size", effect.size());
            of.put("warn", effect.limits().warn());
            of.put("fail", effect.limits().fail());
            effects.add(of);
        }
        json.put("effects", effects);
        json.put("sentence", difference.sentence());
        return json;
    }

    private List<Map<String, Object>> fill() {
        List<Map<String, Object>> fields = new ArrayList<>();
        for (ProductField field : ProductField.values()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("field", field.key());
            json.put("now", orNull(now.fillRate(field.key())));
            json.put("before", orNull(before.fillRate(field.key())));
            fields.add(json);
        }
        return fields;
    }

    private static List<Map<String, Object>> buckets(
            Buckets buckets, List<Long> now, List<Long> before, long rowsNow, long rowsBefore) {
        List<Map<String, Object>> json = new ArrayList<>();
        for (int bucket = 0; bucket < buckets.size(); bucket++) {
            Map<String, Object> of = new LinkedHashMap<>();
            of.put("from", buckets.from().get(bucket));
            of.put("rows", now.get(bucket));
            of.put("rows_before", before.get(bucket));
            of.put("share", orNull((double) now.get(bucket) / rowsNow));
            of.put("share_before", orNull((double) before.get(bucket) / rowsBefore));
            json.add(of);
        }
        return json;
    }

    /** Those with findings first, then those whose share moved most. */
    private List<Map<String, Object>> classes() {
        Map<List<String>, Level> levels = new TreeMap<>(Comparator.comparing(Object::toString));
        drift.findings().stream()
                .filter(finding -> finding.kind().startsWith("class_"))
                .forEach(finding -> levels.merge(finding.subject(), finding.level(), Level::orWorse));
        Map<List<String>, ClassProfile> classesNow = Drift.byPath(now);
        Map<List<String>, ClassProfile> classesBefore = Drift.byPath(before);
        List<Map<String, Object>> classes = new ArrayList<>();
        for (List<String> path : Drift.paths(now, before)) {
            ClassProfile none = new ClassProfile(path, 0, 0, UnknownWords.NONE);
            ClassProfile is = classesNow.getOrDefault(path, none);
            ClassProfile was = classesBefore.getOrDefault(path, none);
            Map<String, Object> of = new LinkedHashMap<>();
            of.put("path", path);
            of.put("level", levels.getOrDefault(path, Level.OK).key());
            of.put("rows", is.rows());
            of.put("rows_before", was.rows());
            of.put("share", (double) is.rows() / now.rows());
            of.put("share_before", (double) was.rows() / before.rows());
            of.put("unknown_words_share", orNull(is.words().share()));
            of.put("unknown_words_share_before", orNull(was.words().share()));
            of.put("mean_confidence", orNull(is.meanConfidence()));
            of.put("mean_confidence_before", orNull(was.meanConfidence()));
            classes.add(of);
        }
        classes.sort(Comparator.comparing(
                        (Map<String, Object> of) -> Level.valueOf(((String) of.get("level")).toUpperCase(Locale.ROOT)))
                .thenComparing(of -> Math.abs((double) of.get("share") - (double) of.get("share_before")))
                .reversed());
        return classes;
    }

    private static Map<String, Object> flow(Flow flow) {
        Map<String, Object> json = new LinkedHashMap<>();
        List<Map<String, Object>> causes = new ArrayList<>();
        for (Flow.OfCause cause : flow.causes()) {
            Map<String, Object> of = new LinkedHashMap<>();
            of.put("cause", cause.cause());
            of.put("rows", cause.rows());
            of.put("moved", cause.moved());
            causes.add(of);
        }
        json.put("causes", causes);
        List<Map<String, Object>> moves = new ArrayList<>();
        for (Flow.Move move : flow.moves()) {
            Map<String, Object> of = new LinkedHashMap<>();
            of.put("from", move.from());
            of.put("to", move.to());
            of.put("cause", move.cause());
            of.put("rows", move.rows());
            moves.add(of);
        }
        json.put("moves", moves);
        json.put("moves_left_out", flow.movesLeftOut());
        json.put("rows_left_out", flow.rowsLeftOut());
        return json;
    }
}
