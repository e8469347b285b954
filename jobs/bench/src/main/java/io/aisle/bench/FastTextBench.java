package io.aisle.bench;

import io.aisle.batch.TestSession;
import io.aisle.batch.dataset.ProductRows;
import io.aisle.core.UserException;
import io.aisle.core.metric.ClassificationReport;
import io.aisle.core.metric.ConfusionMatrix;
import io.aisle.core.model.Classifier;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.product.Product;
import io.aisle.core.storage.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/**
 * The kind linear beside fastText: both learn from the rows that prepare gives, and answer the same test rows. Both are given cleaned text:
 * linear the fields, fastText the fields joined as prepare joins them.
 *
 * <p>Predicting is timed twice: alone, of a model that is loaded, one thread each, over the test rows again and again until there are enough of
 * them to time; and as a user runs it, a process over the test rows once.
 */
final class FastTextBench implements Bench {
    private static final int ROUNDS = 3;
    /** So many that fastText is at work for longer than its start differs. */
    private static final int TIMED_ROWS = 50_000;

    private static final int BATCH = 1_000;
    private static final String SPLIT = "-";

    private final String name;

    /** @param name tells the tables of several sets apart */
    FastTextBench(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    /** Rows as prepare wrote them. */
    private record Rows(List<Product> products, List<String> texts, List<String> labels) {
        static Rows read(Path... parts) {
            Rows rows = new Rows(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (Path part : parts) {
                for (Row row : TestSession.get().read().parquet(part.toString()).collectAsList()) {
                    rows.products.add(ProductRows.product(row));
                    rows.texts.add(row.getAs("text"));
                    rows.labels.add(row.getAs("label"));
                }
            }
            return rows;
        }

        int size() {
            return products.size();
        }
    }

    /**
     * How one of them did.
     *
     * @param answers by the numbers of the labels
     */
    private record Found(List<Double> seconds, List<Double> processSeconds, List<Double> trainSeconds, int[] answers) {
        Found() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), null);
        }

        Found withAnswers(int[] found) {
            return new Found(seconds, processSeconds, trainSeconds, found);
        }
    }

    @Override
    public Measurements measure(List<String> options) throws IOException, InterruptedException {
        if (options.size() != 4) {
            throw new UserException("Cannot run the bench " + name + ": found " + options.size()
                    + " options, expected 4: TRAIN TEST COLUMNS LABEL. TEST may be -.");
        }
        try (TemporaryDirectory work = TemporaryDirectory.create("aisle-bench-")) {
            return measure(work.path(), options);
        }
    }

    private static Measurements measure(Path work, List<String> options) throws IOException, InterruptedException {
        boolean isSplit = options.get(1).equals(SPLIT);
        Path prepared = prepare(work, options.get(0), options, isSplit ? "0.8,0.1,0.1" : "0.9,0.1,0", "prepared");
        Path testRows =
                (isSplit ? prepared : prepare(work, options.get(1), options, "0,0,1", "prepared-test")).resolve("test");
        // linear ends with a fit to both
        Rows train = Rows.read(prepared.resolve("train"), prepared.resolve("validation"));
        Rows test = Rows.read(testRows);
        Map<String, Integer> numbers = numbers(train, test);
        Path trainText = FastText.write(work.resolve("train.txt"), trainLines(train, numbers));
        List<String> lines = test.texts().stream().map(FastText::line).toList();
        Path testText = FastText.write(work.resolve("test.txt"), lines);
        int copies = Math.max(1, TIMED_ROWS / test.size());
        Path timedText = FastText.write(
                work.resolve("timed.txt"),
                Collections.nCopies(copies, lines).stream()
                        .flatMap(List::stream)
                        .toList());
        Path oneLine = FastText.write(work.resolve("one.txt"), lines.subList(0, 1));

        Map<FastText, Found> peers = new LinkedHashMap<>();
        Found linear = new Found();
        Path model = work.resolve("linear");
        linear.trainSeconds()
                .add(Commands.aisle(List.of(
                                "train",
                                "--data",
                                prepared.toString(),
                                "--kind",
                                "linear",
                                "--output",
                                model.toString()))
                        .seconds());
        for (FastText settings : List.of(FastText.DEFAULTS, FastText.TUNED)) {
            Found found = new Found();
            found.trainSeconds()
                    .add(settings.train(trainText, modelOf(work, settings)).seconds());
            peers.put(settings, found);
        }
        try (Classifier classifier = ModelBundle.openToScore(model, 1).classifier()) {
            linear = linear.withAnswers(answers(classifier, test.products(), numbers));
            // once more, so that what is timed is compiled
            answers(classifier, test.products(), numbers);
            for (int round = 0; round < ROUNDS; round++) {
                long start = System.nanoTime();
                for (int copy = 0; copy < copies; copy++) {
                    answers(classifier, test.products(), numbers);
                }
                linear.seconds().add((System.nanoTime() - start) / 1e9);
                linear.processSeconds().add(classify(work, model, testRows, round));
                for (Map.Entry<FastText, Found> peer : peers.entrySet()) {
                    Path theirs = modelOf(work, peer.getKey());
                    double loading = FastText.predict(theirs, oneLine).seconds();
                    peer.getValue()
                            .seconds()
                            .add(FastText.predict(theirs, timedText).seconds() - loading);
                    Commands.Use whole = FastText.predict(theirs, testText);
                    peer.getValue().processSeconds().add(whole.seconds());
                    peer.setValue(peer.getValue().withAnswers(FastText.labels(whole.output(), test.size())));
                }
            }
        }
        return measurements(train, test, copies, numbers, linear, peers);
    }

    private static Path modelOf(Path work, FastText settings) {
        return work.resolve(settings.options().isEmpty() ? "fasttext-defaults" : "fasttext-tuned");
    }

    private static Path prepare(Path work, String input, List<String> options, String split, String output)
            throws IOException, InterruptedException {
        Path directory = work.resolve(output);
        Commands.aisle(List.of(
                "prepare",
                "--input",
                input,
                "--format",
                input.endsWith(".parquet") ? "parquet" : "jsonl",
                "--columns",
                options.get(2),
                "--label",
                options.get(3),
                "--fraction",
                "1.0",
                "--min-class-size",
                "1",
                "--split",
                split,
                "--output",
                directory.toString()));
        return directory;
    }

    /** The whole process of classify with one core, in seconds. */
    private static double classify(Path work, Path model, Path testRows, int round)
            throws IOException, InterruptedException {
        return Commands.aisle(
                        List.of(
                                "classify",
                                "--model",
                                model.toString(),
                                "--input",
                                testRows.toString(),
                                "--format",
                                "parquet",
                                "--run-id",
                                "round-" + round,
                                "--output",
                                work.resolve("night").toString()),
                        List.of("--master", "local[1]"),
                        Map.of())
                .seconds();
    }

    /** Every label of either, in order; a label of the test rows alone is one that nobody can answer. */
    private static Map<String, Integer> numbers(Rows train, Rows test) {
        Map<String, Integer> numbers = new TreeMap<>();
        train.labels().forEach(label -> numbers.put(label, 0));
        test.labels().forEach(label -> numbers.put(label, 0));
        int next = 0;
        for (Map.Entry<String, Integer> label : numbers.entrySet()) {
            label.setValue(next++);
        }
        return numbers;
    }

    private static List<String> trainLines(Rows train, Map<String, Integer> numbers) {
        List<String> lines = new ArrayList<>(train.size());
        for (int i = 0; i < train.size(); i++) {
            lines.add(FastText.line(
                    numbers.get(train.labels().get(i)), train.texts().get(i)));
        }
        // files are sorted by id, and fastText goes through them in order
        Collections.shuffle(lines, new Random(42));
        return lines;
    }

    private static int[] answers(Classifier classifier, List<Product> products, Map<String, Integer> numbers) {
        int[] labels = classifier.labels().stream()
                .mapToInt(label -> numbers.get(label.toString()))
                .toArray();
        int[] answers = new int[products.size()];
        for (int from = 0; from < products.size(); from += BATCH) {
            List<float[]> logits = classifier.logits(products.subList(from, Math.min(from + BATCH, products.size())));
            for (int i = 0; i < logits.size(); i++) {
                answers[from + i] = labels[greatest(logits.get(i))];
            }
        }
        return answers;
    }

    private static int greatest(float[] values) {
        int greatest = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[greatest]) {
                greatest = i;
            }
        }
        return greatest;
    }

    private static ClassificationReport judged(Rows test, Map<String, Integer> numbers, int[] answers) {
        // one more for no answer
        ConfusionMatrix confusion = new ConfusionMatrix(numbers.size() + 1);
        for (int i = 0; i < answers.length; i++) {
            confusion.add(numbers.get(test.labels().get(i)), answers[i] < 0 ? numbers.size() : answers[i], 1);
        }
        List<String> names = new ArrayList<>(numbers.keySet());
        names.add("no answer");
        return ClassificationReport.of(confusion, names);
    }

    private static Measurements measurements(
            Rows train, Rows test, int copies, Map<String, Integer> numbers, Found linear, Map<FastText, Found> peers) {
        Measurements measurements = new Measurements();
        measurements.condition("rows to learn from", String.format("%,d", train.size()));
        measurements.condition("test rows", String.format("%,d", test.size()));
        measurements.condition("labels", numbers.size());
        measurements.condition("times the test rows are predicted to be timed", copies);
        int timed = test.size() * copies;
        Rounds ourRate = speed(measurements, "linear", timed, test.size(), linear);
        ClassificationReport ours = quality(measurements, "linear", judged(test, numbers, linear.answers()));
        peers.forEach((settings, found) -> {
            Rounds theirRate = speed(measurements, settings.name(), timed, test.size(), found);
            ClassificationReport theirs =
                    quality(measurements, settings.name(), judged(test, numbers, found.answers()));
            String beside = " of linear to " + settings.name();
            measurements.ratio("rows/s of predicting alone" + beside, ourRate.to(theirRate), OptionalDouble.of(0.5));
            measurements.ratio(
                    "weighted F1" + beside,
                    once(ours.weighted().f1() / theirs.weighted().f1()),
                    OptionalDouble.of(1));
            measurements.ratio(
                    "macro F1" + beside, once(ours.macro().f1() / theirs.macro().f1()), OptionalDouble.of(1));
        });
        measurements.note(
                "Predicting alone: one thread each, the model loaded; of fastText the time of its process less that of one row,"
                        + " of linear in a warm JVM. Whole process: the test rows once; of linear the job classify with one core, which also reads"
                        + " Parquet, decides, writes, reads back and checks. Training with all cores, each as a process; linear also calibrates.");
        return measurements;
    }

    private static Rounds speed(Measurements measurements, String name, int timed, int rows, Found found) {
        Rounds alone = measurements.quantity(name + ", predicting alone", "rows/s", rates(timed, found.seconds()));
        measurements.quantity(name + ", predicting, whole process", "rows/s", rates(rows, found.processSeconds()));
        measurements.quantity(name + ", training", "s", found.trainSeconds());
        return alone;
    }

    private static ClassificationReport quality(Measurements measurements, String name, ClassificationReport report) {
        measurements.quantity(name + ", accuracy", "", List.of(report.accuracy()));
        measurements.quantity(
                name + ", weighted F1", "", List.of(report.weighted().f1()));
        measurements.quantity(name + ", macro F1", "", List.of(report.macro().f1()));
        return report;
    }

    private static List<Double> rates(int rows, List<Double> seconds) {
        return seconds.stream().map(each -> rows / each).toList();
    }

    private static Rounds once(double value) {
        return new Rounds(List.of(value));
    }
}
