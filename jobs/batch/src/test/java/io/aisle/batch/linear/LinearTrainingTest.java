package io.aisle.batch.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.aisle.batch.AisleRun;
import io.aisle.batch.JobContext;
import io.aisle.batch.TestSession;
import io.aisle.batch.TrainedBundle;
import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.dataset.ProductRows;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.score.Engine;
import io.aisle.batch.score.Scoring;
import io.aisle.batch.telemetry.JobLog;
import io.aisle.batch.telemetry.RunMeter;
import io.aisle.core.UserException;
import io.aisle.core.linear.LevelClasses;
import io.aisle.core.linear.LinearWeights;
import io.aisle.core.model.BundleWriter;
import io.aisle.core.model.Classifier;
import io.aisle.core.model.LinearDefinition;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.Scaling;
import io.aisle.core.ngram.NgramIndex;
import io.aisle.core.ngram.NgramSettings;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.product.LabelTree;
import io.aisle.core.product.Product;
import io.aisle.training.RecordFile;
import io.aisle.training.linear.SparseRows;
import io.aisle.training.linear.SupportVectors;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** The kind linear from prepared data to answers. */
@TestInstance(Lifecycle.PER_CLASS)
class LinearTrainingTest {
    private static final NgramSettings NGRAMS =
            new NgramSettings(2, 3, 4, new TreeSet<>(), new TreeMap<>(Map.of("title", 1.5)));
    private static final LinearSettings EXACT =
            new LinearSettings(NGRAMS, 2, 100_000, new SupportVectors(0.5, 0.01, 1_000), 0, false);

    @TempDir
    static Path temporary;

    private PreparedData data;
    private List<String> labels;
    private ModelBundle bundle;
    private String said;

    /** Without the refit, so that the weights are those that validation was scored by. */
    private LinearTrained exact;

    private Path work;

    @BeforeAll
    void trainOnce() throws IOException {
        data = PreparedData.open(TestSession.get(), TrainedBundle.prepared().toString());
        labels = data.manifest().labels();
        said = train("bundle").out();
        bundle = ModelBundle.open(temporary.resolve("bundle"));
        work = Files.createDirectory(temporary.resolve("work"));
        exact = trainExactly();
    }

    @Test
    void bundleIsOfThePreparedDataAndSane() {
        LinearDefinition model = (LinearDefinition) bundle.manifest().model();

        assertThat(bundle.labels()).extracting(CategoryPath::toString).isEqualTo(labels);
        assertThat(LabelTree.of(bundle.labels()).levels())
                .as("levels, so that they mean something")
                .isGreaterThan(1);
        assertThat(model.recipe()).isEqualTo(data.manifest().recipe());
        assertThat(model.foldMap()).isEqualTo(data.manifest().foldMap());
        assertThat(model.features()).isGreaterThan(1_000);
        assertThat(bundle.manifest().metrics())
                .containsOnlyKeys(
                        "validation_accuracy",
                        "validation_macro_f1",
                        "validation_weighted_f1",
                        "validation_log_loss_uncalibrated",
                        "validation_accepted_precision",
                        "validation_accepted_share",
                        "validation_ece_before",
                        "validation_ece_after");
        assertThat(bundle.manifest().metrics().get("validation_accuracy")).isGreaterThan(0.7);
        assertThat(bundle.manifest().provenance().parameters())
                .containsEntry("kind", "linear")
                .containsEntry("linear_refit", "true")
                .containsEntry("linear_min_weight", "0.005")
                .doesNotContainKeys("encoder", "epochs");
        assertThat(bundle.manifest().provenance().libraries()).containsOnlyKeys("java", "spark");
        assertThat(said)
                .contains(String.format("%,d n-grams are features, each in 2 products or more", model.features()))
                .contains("level: probability σ(")
                .contains("model bundle " + bundle.version() + ": file:" + bundle.directory());
    }

    @Test
    void answersTestRowsThatItHasNotSeen() {
        List<Row> rows = data.rows(Split.TEST).collectAsList();
        int right = 0;
        try (Classifier classifier = bundle.classifier(1)) {
            List<float[]> logits = classifier.logits(products(rows));
            for (int row = 0; row < rows.size(); row++) {
                right += labels.get(best(logits.get(row))).equals(rows.get(row).getAs("label")) ? 1 : 0;
            }
        }

        assertThat(rows).hasSizeGreaterThan(20);
        assertThat((double) right / rows.size()).isGreaterThan(0.7);
    }

    @Test
    void equalCommandGivesEqualBytes() throws IOException {
        train("again");

        assertThat(ModelBundle.open(temporary.resolve("again")).hash()).isEqualTo(bundle.hash());
        for (String file : bundle.manifest().files().keySet()) {
            assertThat(Files.mismatch(
                            bundle.directory().resolve(file),
                            temporary.resolve("again").resolve(file)))
                    .as(file)
                    .isEqualTo(-1);
        }
    }

    /** The core reads the bundle's files, product by product; the fit read the vectors that the executors made. */
    @Test
    void coreSaysOfEachValidationRowWhatTheFitSaid() {
        BundleWriter written = write(temporary.resolve("exact"), 1);
        Map<ByteBuffer, float[]> byVector = new HashMap<>();
        List<Row> rows = data.rows(Split.VALIDATION).collectAsList();
        NgramIndex.Reader reader = NgramIndex.read(
                        work.resolve("index"), NGRAMS, data.manifest().recipe())
                .reader();
        try (Classifier classifier = written.classifier()) {
            for (Row row : rows) {
                Product product = ProductRows.product(row);
                byVector.put(
                        ByteBuffer.wrap(SparseRows.encode(
                                labels.indexOf(row.<String>getAs("label")), true, reader.vector(product))),
                        classifier.logits(List.of(product)).get(0));
            }
        }

        RecordFile vectors = RecordFile.open(ClassFits.file(work));
        int[] validation =
                SparseRows.open(ClassFits.file(work), exact.features()).validation();
        assertThat(validation).hasSize(rows.size()).hasSizeGreaterThan(50);
        assertThat(exact.validationLogits()).hasDimensions(rows.size(), labels.size());
        for (int i = 0; i < validation.length; i++) {
            float[] expected = byVector.get(vectors.record(validation[i]));
            assertThat(expected)
                    .as("logits by the core of the vector of row %d", validation[i])
                    .isNotNull();
            assertThat(exact.validationLogits()[i]).containsExactly(expected, within(1e-5f));
        }
    }

    @Test
    void temperatureDividesEveryLogit() {
        List<Product> products = products(data.rows(Split.TEST).collectAsList());

        try (Classifier as = write(temporary.resolve("as-it-is"), 1).classifier();
                Classifier tempered = write(temporary.resolve("tempered"), 2).classifier()) {
            List<float[]> logits = as.logits(products);
            List<float[]> halved = tempered.logits(products);
            for (int i = 0; i < logits.size(); i++) {
                for (int label = 0; label < labels.size(); label++) {
                    assertThat(halved.get(i)[label]).isCloseTo(logits.get(i)[label] / 2, within(1e-5f));
                }
            }
        }
    }

    @Test
    void writesNoWeightThatIs0OrSmallerThanWanted() throws IOException {
        Path all = Files.createDirectory(temporary.resolve("all"));
        Path large = Files.createDirectory(temporary.resolve("large"));

        exact.write(all, 0);
        exact.write(large, 0.05);

        int features = exact.features();
        assertThat(weights(all)).doesNotContain(0f);
        assertThat(weights(large)).hasSizeGreaterThan(100).allMatch(weight -> Math.abs(weight) >= 0.05f);
        int classes = LevelClasses.of(LabelTree.of(bundle.labels())).classes().size();
        assertThat(LinearWeights.read(large.resolve("linear"), features, classes)
                        .count())
                .isEqualTo((int) weights(all).stream()
                        .filter(weight -> Math.abs(weight) >= 0.05)
                        .count());
    }

    @Test
    void engineSaysWhatTheCoreSays() {
        Dataset<Row> products = data.rows(Split.TEST);
        List<Row> scored = Scoring.open(TestSession.get(), bundle, Engine.ONNX)
                .withProbabilities(products, 100)
                .collectAsList();

        assertThat(scored).hasSize((int) products.count());
        try (Classifier classifier = bundle.classifier(1)) {
            for (Row row : scored) {
                assertThat(Scoring.probabilities(row))
                        .isEqualTo(classifier
                                .probabilities(List.of(ProductRows.product(row)))
                                .get(0));
            }
        }
    }

    @Test
    void sparkNlpIsRefusedWithARemedy() {
        assertThatThrownBy(() -> Scoring.open(TestSession.get(), bundle, Engine.SPARK_NLP))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot score by Spark NLP: found the model " + bundle.directory()
                        + " of kind linear, expected one with a network that reads word pieces."
                        + " Give no --engine, or onnx.");
    }

    /** An ancestor's probability is the sum of its labels'. */
    @Test
    void aChildIsNeverMoreProbableThanItsParent() {
        LabelTree tree = LabelTree.of(bundle.labels());
        try (Classifier classifier = bundle.classifier(1)) {
            for (float[] probabilities :
                    classifier.probabilities(products(data.rows(Split.TEST).collectAsList()))) {
                double[] above = {
                    IntStream.range(0, probabilities.length)
                            .mapToDouble(label -> probabilities[label])
                            .sum()
                };
                int[] categoryAbove = new int[probabilities.length];
                assertThat(above[0]).isCloseTo(1, within(1e-5));
                for (int level = 0; level < tree.levels(); level++) {
                    int[] category = tree.categoryOfLabel(level);
                    double[] sums = new double[tree.categories(level).size()];
                    for (int label = 0; label < probabilities.length; label++) {
                        sums[category[label]] += probabilities[label];
                    }
                    for (int label = 0; label < probabilities.length; label++) {
                        assertThat(sums[category[label]])
                                .isBetween((double) probabilities[label] - 1e-9, above[categoryAbove[label]] + 1e-9);
                    }
                    above = sums;
                    categoryAbove = category;
                }
            }
        }
    }

    @Test
    void evaluateTakesTheBundle() {
        AisleRun evaluated = AisleRun.succeeding(
                "evaluate",
                "--input",
                TrainedBundle.catalog().toString(),
                "--model",
                bundle.directory().toString(),
                "--output",
                temporary.resolve("evaluated").toString());

        assertThat(evaluated.out()).contains("accuracy");
    }

    @Test
    void classifyTakesTheBundleWithoutAnEngine() throws IOException {
        Path published = temporary.resolve("published");
        AisleRun.succeeding(
                "classify",
                "--input",
                TrainedBundle.catalog().toString(),
                "--model",
                bundle.directory().toString(),
                "--run-id",
                "first",
                "--output",
                published.toString());

        assertThat(Files.readString(published.resolve("runs/first/manifest.json")))
                .contains("\"engine\" : \"onnx\"")
                .contains(bundle.version());
    }

    @Test
    void doctorSaysThatSparkNlpCannotRunIt() {
        AisleRun run = AisleRun.of(
                "doctor",
                "classify",
                "--engine",
                "spark-nlp",
                "--model",
                bundle.directory().toString(),
                "--input",
                TrainedBundle.catalog().toString(),
                "--output",
                temporary.resolve("never-classified").toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).contains("which has no network that Spark NLP could run", "Give no --engine, or onnx.");
    }

    @Test
    void doctorFindsTheBundleWell() {
        AisleRun run = AisleRun.of(
                "doctor",
                "--model",
                bundle.directory().toString(),
                "--input",
                TrainedBundle.catalog().toString(),
                "--output",
                temporary.resolve("classified").toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains(
                        ": version " + bundle.version() + ", " + labels.size() + " labels, kind linear, verified",
                        "opened where tasks run; 19 probes scored there",
                        "the model is of kind linear, which has no network that Spark NLP could run");
    }

    @Test
    void refusesMoreLabelsThan16BitsCanNumber() {
        List<String> many = IntStream.rangeClosed(0, LinearWeights.MAX_CLASSES)
                .mapToObj(Integer::toString)
                .toList();

        assertThatThrownBy(
                        () -> LinearTraining.train(context(), data, many, new double[many.size()], EXACT, 1, temporary))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot train the kind linear: found 65537 labels, expected at most 65536."
                        + " Prepare with a larger --min-class-size, or train another kind.");
    }

    @Test
    void refusesRowsWithoutAFeature() {
        AisleRun run = AisleRun.of(command("never", "--set", "train.linear.min-products=100000"));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo("Cannot train the kind linear: found no n-gram in 100000 train products, expected some."
                        + " Lower train.linear.min-products.\n");
        assertThat(temporary.resolve("never")).doesNotExist();
    }

    @Test
    void refusesWhatItWouldNotListenTo() {
        AisleRun run = AisleRun.of(command(
                "never",
                "--teacher",
                "a-teacher",
                "--embeddings",
                "a-bag",
                "--set",
                "train.linear.min-characters=4",
                "--set",
                "train.linear.max-characters=3"));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("train.teacher: found a-teacher, expected none, since the kind is linear")
                .contains("train.embeddings: found a-bag, expected none, since the kind is linear")
                .contains(
                        "train.linear.max-characters: found 3, expected 0, or train.linear.min-characters (4) or more");
    }

    private static AisleRun train(String name, String... options) {
        return AisleRun.succeeding(command(name, options).toArray(String[]::new));
    }

    private static List<String> command(String name, String... options) {
        List<String> command = new ArrayList<>(List.of(
                "train",
                "--kind",
                "linear",
                "--data",
                TrainedBundle.prepared().toString(),
                "--output",
                temporary.resolve(name).toString()));
        command.addAll(List.of(options));
        return command;
    }

    private LinearTrained trainExactly() {
        double[] alike = new double[labels.size()];
        Arrays.fill(alike, 1);
        return LinearTraining.train(context(), data, labels, alike, EXACT, 42, work);
    }

    private BundleWriter write(Path directory, float temperature) {
        return exact.write(directory, data.manifest(), bundle.labels(), EXACT, Scaling.temperature(temperature));
    }

    /** Every weight that a bundle lists. */
    private static List<Float> weights(Path bundle) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(
                        Files.readAllBytes(bundle.resolve("linear").resolve(LinearWeights.DATA_FILE)))
                .position(128)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN);
        return IntStream.range(0, bytes.remaining() / Float.BYTES)
                .mapToObj(i -> bytes.getFloat(i * Float.BYTES))
                .collect(Collectors.toList());
    }

    private static List<Product> products(List<Row> rows) {
        return rows.stream().map(ProductRows::product).toList();
    }

    private static int best(float[] scores) {
        return IntStream.range(0, scores.length)
                .reduce((best, label) -> scores[label] > scores[best] ? label : best)
                .orElseThrow();
    }

    /** One that says nothing. */
    private static JobContext context() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        return new JobContext(
                TestSession.get(),
                new JobLog(nowhere, nowhere, Clock.systemUTC()),
                new RunMeter(TestSession.get().sparkContext(), Double.NaN));
    }
}
