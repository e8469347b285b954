package io.aisle.bench;

import io.aisle.core.storage.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** How the jobs grow with rows, in a bounded heap. */
final class ScaleRowsBench implements Bench {
    private static final List<String> SUBMIT = List.of("--master", "local[2]", "--driver-memory", "4g");
    private static final int FIXED_ROWS = 1_000;
    private static final int SMALLEST_SHARE = 16;
    private static final String CLASSES = "24";
    private static final String FRACTION = "0.0625";

    @Override
    public String name() {
        return "scale-rows";
    }

    @Override
    public Measurements measure(List<String> options) throws IOException, InterruptedException {
        int rows = WholeNumbers.read(name(), options, 1_200_000).get(0);
        JobSeries series = new JobSeries(SUBMIT);
        try (TemporaryDirectory work = TemporaryDirectory.create("aisle-bench-")) {
            for (List<String> job : jobs(work.path(), FIXED_ROWS, "1.0", "20")) {
                series.fixed(job);
            }
        }
        for (int share = SMALLEST_SHARE; share >= 1; share /= 2) {
            // what one size wrote is gone before the next one
            try (TemporaryDirectory work = TemporaryDirectory.create("aisle-bench-")) {
                for (List<String> job : jobs(work.path(), rows / share, FRACTION, "100")) {
                    series.run(rows / share, job);
                }
            }
        }
        Measurements measurements = new Measurements();
        measurements.condition("Generated rows, at most", rows);
        measurements.condition("Classes", CLASSES);
        measurements.condition("Options", String.join(" ", SUBMIT));
        series.report(measurements, "rows");
        measurements.note("prepare keeps a sixteenth of each class (--fraction " + FRACTION
                + "), as one does with a catalog of that size, and train sees that alone: its exponent is against the rows of the catalog,"
                + " of which it reads as many sixteenths at every size.");
        measurements.note(
                "Exponents are least squares of the logarithm of seconds on that of rows, the seconds of the same job at "
                        + String.format(Locale.ROOT, "%,d", FIXED_ROWS)
                        + " rows taken off. A file of the catalog is compressed as a whole and holds 100,000 rows at most: below 200,000 rows one"
                        + " core reads and writes it alone, which makes small sizes slower and exponents smaller.");
        return measurements;
    }

    private static List<List<String>> jobs(Path work, int rows, String fraction, String minClassSize) {
        String products = work.resolve("products").toString();
        String prepared = work.resolve("prepared").toString();
        String model = work.resolve("model").toString();
        return List.of(
                List.of("generate", "--rows", "" + rows, "--classes", CLASSES, "--output", products),
                List.of(
                        "explore",
                        "--input",
                        products,
                        "--output",
                        work.resolve("explored").toString()),
                List.of(
                        "prepare",
                        "--input",
                        products,
                        "--fraction",
                        fraction,
                        "--min-class-size",
                        minClassSize,
                        "--output",
                        prepared),
                List.of("train", "--data", prepared, "--kind", "linear", "--output", model),
                List.of(
                        "classify",
                        "--model",
                        model,
                        "--input",
                        products,
                        "--output",
                        work.resolve("predictions").toString()));
    }
}
