package io.aisle.batch.reduced;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.aisle.batch.AisleRun;
import io.aisle.batch.Fixtures;
import io.aisle.batch.TestSession;
import io.aisle.batch.TrainedBundle;
import io.aisle.batch.dataset.KeptRows;
import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.ngram.SentIndex;
import io.aisle.batch.score.Engine;
import io.aisle.batch.score.Scoring;
import io.aisle.core.UserException;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.Softmax;
import io.aisle.core.model.TreesDefinition;
import io.aisle.core.ngram.NgramSettings;
import io.aisle.core.ngram.VectorScorer;
import io.aisle.core.trees.Forest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** The kinds of few features: what Spark fits, and what core makes of it. */
@TestInstance(Lifecycle.PER_CLASS)
class ReducedKindsTest {
    private static final NgramSettings WORDS = new NgramSettings(1, 1, 0, new TreeSet<>(), new TreeMap<>());
    private static final int FEATURES = 150;
    private static final int SEED = 3;

    @TempDir
    static Path temporary;

    private KeptRows rows;
    private int labels;

    @BeforeAll
    void makeVectors() throws IOException {
        PreparedData data =
                PreparedData.open(TestSession.get(), TrainedBundle.prepared().toString());
        Map<String, Long> rowsOfLabel = new TreeMap<>();
        data.manifest().classes().forEach(each -> rowsOfLabel.put(each.label(), each.train()));
        labels = rowsOfLabel.size();
        Path index = Files.createDirectories(temporary.resolve("index"));
        int features = MutualInformation.writeIndex(
                data.rows(Split.TRAIN), rowsOfLabel, data.manifest().recipe(), WORDS, 2, FEATURES, index);
        assertThat(features).isEqualTo(FEATURES);
        double[] weights = new double[labels];
        Arrays.setAll(weights, label -> 1 + 0.1 * label);
        rows = KeptRows.onDisk(ReducedRows.of(
                data.rows(Split.TRAIN),
                data.manifest().rows().get(Split.TRAIN.key()),
                SentIndex.send(TestSession.get(), index, WORDS, data.manifest().recipe()),
                List.copyOf(rowsOfLabel.keySet()),
                weights));
    }

    @AfterAll
    void forgetVectors() {
        rows.close();
    }

    @Test
    void coreSaysOfAForestWhatMllibSays() throws IOException {
        RandomForestFitting fitting = new RandomForestFitting(5, 8, 1, 0.3, 8);

        compare(
                fitting.fit(rows.rows(), 5, SEED),
                fitting.fit(rows.rows(), FEATURES, labels, SEED, directory("forest")),
                "forest");
    }

    @Test
    void coreSaysOfBoostedTreesWhatXgboostSays() throws IOException {
        XgboostFitting fitting = new XgboostFitting(3, 4, 0.5, 0.1, 1, 1, 0.8, 16, 2);

        compare(
                fitting.fit(rows.rows(), labels, SEED),
                fitting.fit(rows.rows(), FEATURES, labels, SEED, directory("xgboost")),
                "xgboost");
    }

    @Test
    void coreSaysOfBoostedTreesWhatLightgbmSays() throws IOException {
        LightgbmFitting fitting = new LightgbmFitting(3, 6, -1, 0.3, 2, 1, 0.8, 16);

        compare(
                fitting.fit(rows.rows(), labels, SEED),
                fitting.fit(rows.rows(), FEATURES, labels, SEED, directory("lightgbm")),
                "lightgbm");
    }

    @Test
    void coreSaysOfAPerceptronWhatMllibSays() throws IOException {
        MlpFitting fitting = new MlpFitting(List.of(6), 4);

        compare(
                fitting.fit(rows.rows(), List.of(FEATURES, 6, labels), SEED),
                fitting.fit(rows.rows(), FEATURES, labels, SEED, directory("mlp")),
                "mlp");
    }

    private static Path directory(String name) throws IOException {
        return Files.createDirectories(temporary.resolve(name));
    }

    private void compare(ProbabilisticClassificationModel<Vector, ?> fitted, ReducedModel written, String directory) {
        VectorScorer scorer = written.open(temporary.resolve(directory));
        List<Row> answers = fitted.transform(rows.rows().limit(40)).collectAsList();
        assertThat(answers).hasSize(40);
        for (Row answer : answers) {
            double[] expected = answer.<Vector>getAs(fitted.getProbabilityCol()).toArray();
            float[] found = Softmax.of(scorer.scores(ReducedRows.vector(answer)));
            for (int label = 0; label < labels; label++) {
                assertThat((double) found[label])
                        .as("label %d of %s", label, answer.<String>getAs("id"))
                        // where no tree knows a label, core leaves it a millionth
                        .isCloseTo(expected[label], within(1e-4));
            }
        }
    }

    @Test
    void aForestIsTrainedScoredAndTrainedAgainToTheByte() throws IOException {
        String[] options = {
            "--kind", "random-forest", "--set", "train.random-forest.trees=10", "--set", "train.random-forest.depth=10"
        };
        ModelBundle bundle = train("bundle-forest", options);

        assertThat(bundle.manifest().provenance().parameters())
                .containsEntry("kind", "random-forest")
                .containsEntry("trees", "10")
                .containsEntry("reduced_features", "" + FEATURES);
        assertThat(bundle.manifest().model()).isInstanceOf(TreesDefinition.class);
        scoresAsCoreDoes(bundle, 0.4);
        assertThat(train("bundle-forest-again", options).version()).isEqualTo(bundle.version());

        Path damaged = Fixtures.copy(bundle.directory(), temporary.resolve("damaged"));
        Path thresholds = damaged.resolve("trees").resolve(Forest.THRESHOLDS_FILE);
        byte[] bytes = Files.readAllBytes(thresholds);
        bytes[bytes.length - 1] ^= 1;
        Files.write(thresholds, bytes);
        assertThatThrownBy(() -> ModelBundle.open(damaged))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("found trees/thresholds.npy with sha256");
    }

    @Test
    void aPerceptronIsTrainedAndScored() {
        scoresAsCoreDoes(
                train(
                        "bundle-mlp",
                        "--kind",
                        "mlp",
                        "--set",
                        "train.mlp.hidden=[16]",
                        "--set",
                        "train.mlp.max-iterations=40",
                        "--set",
                        "train.reduced.smote.enabled=true"),
                0.3);
    }

    @Test
    void leafWiseBoostedTreesAreTrainedScoredAndTrainedAgainToTheByte() {
        String[] options = {"--kind", "lightgbm", "--set", "train.lightgbm.rounds=6", "--class-weights", "inverse"};
        ModelBundle bundle = train("bundle-lightgbm", options);

        assertThat(bundle.manifest().provenance().libraries()).containsEntry("synapseml_lightgbm", "1.0.8");
        scoresAsCoreDoes(bundle, 0.4);
        assertThat(train("bundle-lightgbm-again", options).version()).isEqualTo(bundle.version());
    }

    @Test
    void boostedTreesAreTrainedScoredAndTrainedAgainToTheByte() {
        String[] options = {"--kind", "xgboost", "--set", "train.xgboost.rounds=4", "--class-weights", "inverse"};
        ModelBundle bundle = train("bundle-xgboost", options);

        assertThat(bundle.manifest().provenance().libraries()).containsEntry("xgboost", "2.1.4");
        scoresAsCoreDoes(bundle, 0.4);
        assertThat(train("bundle-xgboost-again", options).version()).isEqualTo(bundle.version());
    }

    @Test
    void refusesClassWeightsWhereRowsCannotCountMore() {
        AisleRun run = AisleRun.of(command(temporary.resolve("never"), "--kind", "mlp", "--class-weights", "inverse"));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains(
                        "train.class-weights: found inverse, expected none, since rows of the kind mlp cannot count more or less (train.reduced.smote fills up rare classes)");
    }

    @Test
    void refusesSparkNlp() {
        ModelBundle bundle = train("bundle-small", "--kind", "random-forest", "--set", "train.random-forest.trees=1");

        assertThatThrownBy(() -> Scoring.open(TestSession.get(), bundle, Engine.SPARK_NLP))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("of kind trees, expected one with a network");
    }

    private static void scoresAsCoreDoes(ModelBundle bundle, double accuracy) {
        assertThat(bundle.manifest().metrics().get("validation_accuracy")).isGreaterThan(accuracy);
        PreparedData data =
                PreparedData.open(TestSession.get(), TrainedBundle.prepared().toString());
        Dataset<Row> products = data.rows(Split.TEST);
        List<Row> scored = Scoring.open(TestSession.get(), bundle, Engine.ONNX)
                .withProbabilities(products, data.manifest().rows().get(Split.TEST.key()))
                .collectAsList();
        int right = 0;
        for (Row row : scored) {
            float[] probabilities = Scoring.probabilities(row);
            int best = 0;
            double sum = 0;
            for (int label = 0; label < probabilities.length; label++) {
                sum += probabilities[label];
                best = probabilities[label] > probabilities[best] ? label : best;
            }
            assertThat(sum).isCloseTo(1, within(1e-4));
            right += bundle.labels().get(best).toString().equals(row.<String>getAs("label")) ? 1 : 0;
        }
        assertThat((double) right / scored.size()).isGreaterThan(accuracy);
    }

    private static ModelBundle train(String name, String... options) {
        Path output = temporary.resolve(name);
        AisleRun.succeeding(command(output, options).toArray(String[]::new));
        return ModelBundle.open(output);
    }

    private static List<String> command(Path output, String... options) {
        List<String> command = new ArrayList<>(List.of(
                "train",
                "--data",
                TrainedBundle.prepared().toString(),
                "--set",
                "train.reduced.features=" + FEATURES,
                "--output",
                output.toString()));
        command.addAll(List.of(options));
        return command;
    }
}
