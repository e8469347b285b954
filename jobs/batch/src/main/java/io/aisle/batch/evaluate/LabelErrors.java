package io.aisle.batch.evaluate;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;

import io.aisle.batch.JobContext;
import io.aisle.batch.dataset.Folds;
import io.aisle.batch.dataset.Folds.Fold;
import io.aisle.batch.dataset.Iterators;
import io.aisle.batch.dataset.KeptRows;
import io.aisle.batch.dataset.PreparedManifest;
import io.aisle.batch.linear.LinearSettings;
import io.aisle.batch.linear.LinearTrained;
import io.aisle.batch.linear.LinearTraining;
import io.aisle.batch.score.Engine;
import io.aisle.batch.score.Scoring;
import io.aisle.batch.storage.Directory;
import io.aisle.batch.telemetry.Names;
import io.aisle.batch.telemetry.TextTable;
import io.aisle.core.model.Calibration;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.Prediction;
import io.aisle.core.model.Provenance;
import io.aisle.core.model.Scaling;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.settings.Settings;
import io.aisle.core.storage.TemporaryDirectory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Rows whose label is probably wrong: confident learning (Northcutt, Jiang and Chuang 2021, "Confident learning: estimating uncertainty in
 * dataset labels", section 3). Models of the kind linear say how probable each label is for rows that they were not trained on. A label is
 * likely for a row where its probability is at least what it is on average for the rows that carry it; a row is suspect where the most
 * probable of its likely labels is another than the one that it carries, and that one is next to impossible.
 *
 * @param settings of the kind linear
 * @param folds parts of the rows, each answered by a model of the others
 * @param maxGiven how probable the label of a suspect row is at most: of two classes that are alike, a row is as likely to be in either
 * @param seed chooses the parts
 */
record LabelErrors(LinearSettings settings, int folds, double maxGiven, long seed) {
    /** Where a label's average is low, more than these could be likely; the others are far below the first. */
    private static final int CANDIDATES = 5;

    /** On a console, of what the file has all of. */
    private static final int SHOWN = 10;

    /** In the report. */
    private static final int REPORTED = 50;

    private static final StructType ANSWER = new StructType()
            .add("id", DataTypes.StringType)
            .add("title", DataTypes.StringType)
            .add("given", DataTypes.StringType)
            .add("given_probability", DataTypes.FloatType)
            .add("candidates", DataTypes.createArrayType(DataTypes.StringType))
            .add("probabilities", DataTypes.createArrayType(DataTypes.FloatType));

    private static final StructType SUSPECT = new StructType()
            .add("id", DataTypes.StringType)
            .add("title", DataTypes.StringType)
            .add("given", DataTypes.StringType)
            .add("given_probability", DataTypes.FloatType)
            .add("suggested", DataTypes.StringType)
            .add("suggested_probability", DataTypes.FloatType)
            .add("margin", DataTypes.FloatType);

    /**
     * What was found.
     *
     * @param searched rows
     * @param suspects how many of them are suspect
     * @param surest the first of these, at most {@value #REPORTED}, as rows of the file
     */
    record Found(long searched, long suspects, List<Row> surest) {
        Map<String, Object> json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("searched", searched);
            json.put("suspects", suspects);
            json.put("surest", surest.stream().map(Found::json).toList());
            return json;
        }

        private static Map<String, Object> json(Row row) {
            Map<String, Object> json = new LinkedHashMap<>();
            for (String column : SUSPECT.fieldNames()) {
                json.put(column, row.getAs(column));
            }
            json.put("title", KeptProducts.cut(row.getAs("title")));
            return json;
        }
    }

    static LabelErrors read(Settings settings) {
        return new LabelErrors(
                LinearSettings.read(settings),
                settings.integer("evaluate.label-errors.folds", 3, 100),
                settings.number("evaluate.label-errors.max-given", 0, 1),
                settings.wholeNumber("evaluate.seed", Long.MIN_VALUE, Long.MAX_VALUE));
    }

    /**
     * Looks for them. Trains a model a part; two passes over what they say.
     *
     * @param labelled products with label and content_hash
     * @param count how many there are
     * @param output where to write {@code label_errors}: id, title, the label given and the one suggested with their probabilities, and the
     *     margin between these, as Parquet, greatest margin first
     */
    Found find(JobContext context, PreparedManifest origin, Dataset<Row> labelled, long count, Directory output) {
        // kept, since each part's model reads them again
        try (KeptRows numbered = KeptRows.onDisk(Folds.number(labelled, folds, seed))) {
            return find(context, origin, count, output, numbered.rows());
        }
    }

    private Found find(
            JobContext context, PreparedManifest origin, long count, Directory output, Dataset<Row> numbered) {
        Dataset<Row> answers = null;
        TreeSet<String> unknown = new TreeSet<>();
        for (int number = 0; number < folds; number++) {
            context.say("label errors: part %d of %d", number + 1, folds);
            Fold fold = Folds.of(origin, numbered, folds, number, Optional.empty());
            unknown.addAll(fold.unknown());
            Dataset<Row> ofFold = answers(context, fold, count / folds);
            answers = answers == null ? ofFold : answers.unionAll(ofFold);
        }
        if (!unknown.isEmpty()) {
            context.say(
                    "%d labels have too few rows for every part, so that nothing can be said of some of these: %s",
                    unknown.size(), Names.some(List.copyOf(unknown)));
        }
        context.step("evaluate: look for label errors");
        try (KeptRows kept = KeptRows.onDisk(answers)) {
            Map<String, Double> likely = new HashMap<>();
            for (Row row :
                    kept.rows().groupBy("given").agg(avg("given_probability")).collectAsList()) {
                likely.put(row.getString(0), row.getDouble(1));
            }
            Dataset<Row> suspects = suspects(
                            kept.rows().filter(col("given_probability").leq(maxGiven)), likely)
                    .repartition(1)
                    .sortWithinPartitions(col("margin").desc(), col("id"));
            suspects.write().parquet(output.child("label_errors"));
            output.directory("label_errors").requireCommitted();
            return report(context, output, count);
        }
    }

    private static Found report(JobContext context, Directory output, long count) {
        Dataset<Row> written = context.spark().read().schema(SUSPECT).parquet(output.child("label_errors"));
        Found found = new Found(count, written.count(), written.limit(REPORTED).collectAsList());
        context.say("%,d of %,d labels are probably wrong: %s", found.suspects(), count, output.child("label_errors"));
        TextTable table = new TextTable("id", "given", "suggested", "margin");
        for (Row row : found.surest().subList(0, Math.min(SHOWN, found.surest().size()))) {
            table.row(
                    row.getAs("id"),
                    row.getAs("given"),
                    row.getAs("suggested"),
                    String.format(Locale.ROOT, "%.3f", row.<Float>getAs("margin")));
        }
        context.say(table);
        return found;
    }

    private Dataset<Row> answers(JobContext context, Fold fold, long count) {
        try (TemporaryDirectory work = TemporaryDirectory.create("aisle-label-errors-")) {
            // executors get copies of the bundle's files
            Scoring scoring = Scoring.open(context.spark(), train(context, fold, work.path()), Engine.ONNX);
            List<String> labels = fold.labels();
            Map<String, Integer> numbers = new HashMap<>();
            labels.forEach(label -> numbers.put(label, numbers.size()));
            MapPartitionsFunction<Row, Row> answer = rows -> Iterators.map(rows, row -> {
                float[] probabilities = Scoring.probabilities(row);
                String given = row.getAs("label");
                int[] best = Prediction.mostProbable(probabilities, CANDIDATES);
                return RowFactory.create(
                        row.getAs("id"),
                        row.getAs("title"),
                        given,
                        probabilities[numbers.get(given)],
                        Arrays.stream(best).mapToObj(labels::get).toArray(String[]::new),
                        Arrays.stream(best)
                                .mapToObj(label -> probabilities[label])
                                .toArray(Float[]::new));
            });
            return scoring.withProbabilities(fold.held(), count).mapPartitions(answer, Encoders.row(ANSWER));
        }
    }

    private ModelBundle train(JobContext context, Fold fold, Path work) {
        List<String> labels = fold.labels();
        double[] alike = new double[labels.size()];
        Arrays.fill(alike, 1);
        LinearTrained trained = LinearTraining.train(context, fold.others(), labels, alike, settings, seed, work);
        double temperature = Calibration.temperature(trained.validationLogits(), trained.validationLabels());
        return trained.write(
                        work.resolve("bundle"),
                        fold.others().manifest(),
                        labels.stream().map(CategoryPath::parse).toList(),
                        settings,
                        Scaling.temperature((float) temperature))
                .finish(
                        Provenance.of(
                                fold.others().manifest().fingerprint(), Map.of("train", seed), Map.of(), Map.of()),
                        Map.of(),
                        1,
                        1);
    }

    private static Dataset<Row> suspects(Dataset<Row> answers, Map<String, Double> likely) {
        FlatMapFunction<Row, Row> suspect = row -> {
            String given = row.getAs("given");
            float ofGiven = row.getAs("given_probability");
            List<String> candidates = row.getList(row.fieldIndex("candidates"));
            List<Float> probabilities = row.getList(row.fieldIndex("probabilities"));
            for (int i = 0; i < candidates.size(); i++) {
                String candidate = candidates.get(i);
                float probability = probabilities.get(i);
                // most probable first
                if (likely.containsKey(candidate) && probability >= likely.get(candidate)) {
                    return candidate.equals(given)
                            ? List.<Row>of().iterator()
                            : List.of(RowFactory.create(
                                            row.getAs("id"),
                                            row.getAs("title"),
                                            given,
                                            ofGiven,
                                            candidate,
                                            probability,
                                            probability - ofGiven))
                                    .iterator();
                }
            }
            return List.<Row>of().iterator();
        };
        return answers.flatMap(suspect, Encoders.row(SUSPECT));
    }
}
