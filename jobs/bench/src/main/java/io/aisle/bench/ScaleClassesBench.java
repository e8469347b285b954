package io.aisle.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.core.storage.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How the jobs grow with classes, the rows being the same. */
final class ScaleClassesBench implements Bench {
    private static final List<String> SUBMIT = List.of("--master", "local[2]", "--driver-memory", "4g");
    private static final List<Integer> CLASSES = List.of(30, 300, 3_000, 10_000);

    /** Two products of most of the classes are all there are where there are most classes: those that are left have one to learn from. */
    private static final String MIN_CLASS_SIZE = "2";

    private static final String SPLIT = "0.995,0.005,0";
    private static final int FIXED_ROWS = 1_000;
    private static final int FIXED_CLASSES = 24;

    @Override
    public String name() {
        return "scale-classes";
    }

    @Override
    public Measurements measure(List<String> options) throws IOException, InterruptedException {
        int rows = WholeNumbers.read(name(), options, 20_000).get(0);
        JobSeries series = new JobSeries(SUBMIT);
        Map<Integer, Integer> kept = new TreeMap<>();
        try (TemporaryDirectory work = TemporaryDirectory.create("aisle-bench-")) {
            Commands.aisle(generate(work.path(), FIXED_ROWS, FIXED_CLASSES));
            for (List<String> job : jobs(work.path())) {
                series.fixed(job);
            }
        }
        for (int classes : CLASSES) {
            try (TemporaryDirectory work = TemporaryDirectory.create("aisle-bench-")) {
                Commands.aisle(generate(work.path(), rows, classes));
                for (List<String> job : jobs(work.path())) {
                    series.run(classes, job);
                }
                kept.put(classes, labels(work.path()));
            }
        }
        Measurements measurements = new Measurements();
        measurements.condition("Generated rows", rows);
        measurements.condition("Options", String.join(" ", SUBMIT));
        series.report(measurements, "classes");
        measurements.note("Labels that prepare left of so many classes, those of fewer than " + MIN_CLASS_SIZE
                + " rows being folded: " + kept + ".");
        measurements.note("train has n-grams of words alone (train.linear.max-characters=0), and " + SPLIT
                + " as split. It fits each class to every row, whether or not it has many: its work is classes times rows, times the"
                + " n-grams of a row, times passes.");
        measurements.note(
                "Exponents are least squares of the logarithm of seconds on that of classes, the seconds of the same job at "
                        + String.format(Locale.ROOT, "%,d rows and %d classes", FIXED_ROWS, FIXED_CLASSES)
                        + " taken off. What costs the same whatever the classes are stays in: exponents of the last two sizes have less of it.");
        return measurements;
    }

    private static List<String> generate(Path work, int rows, int classes) {
        return List.of(
                "generate",
                "--rows",
                "" + rows,
                "--classes",
                "" + classes,
                "--set",
                "generate.largest-to-smallest=1",
                "--output",
                work.resolve("products").toString());
    }

    private static List<List<String>> jobs(Path work) {
        String products = work.resolve("products").toString();
        String prepared = work.resolve("prepared").toString();
        String model = work.resolve("model").toString();
        return List.of(
                List.of(
                        "prepare",
                        "--input",
                        products,
                        "--min-class-size",
                        MIN_CLASS_SIZE,
                        "--split",
                        SPLIT,
                        "--output",
                        prepared),
                List.of(
                        "train",
                        "--data",
                        prepared,
                        "--kind",
                        "linear",
                        "--set",
                        "train.linear.max-characters=0",
                        "--output",
                        model),
                List.of(
                        "classify",
                        "--model",
                        model,
                        "--input",
                        products,
                        "--output",
                        work.resolve("predictions").toString()));
    }

    private static int labels(Path work) throws IOException {
        return new ObjectMapper()
                .readTree(work.resolve("prepared/manifest.json").toFile())
                .path("classes")
                .size();
    }
}
