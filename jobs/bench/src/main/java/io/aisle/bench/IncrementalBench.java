package io.aisle.bench;

import io.aisle.batch.process.NextDay;
import io.aisle.core.UserException;
import io.aisle.core.storage.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** What a night costs in which 1% of the products changed, 1% are new and 1% are gone, beside the night before, in which all were scored. */
final class IncrementalBench implements Bench {
    private static final int DEFAULT_ROWS = 1_200_000;
    private static final long SEED = 11;
    private static final List<String> SUBMIT = List.of("--master", "local[2]", "--driver-memory", "4g");
    private static final double WANTED_OF_SCORING = 20;
    private static final double WANTED_OF_ALL = 5;

    @Override
    public String name() {
        return "incremental";
    }

    @Override
    public Measurements measure(List<String> options) throws IOException, InterruptedException {
        int rows = WholeNumbers.read(name(), options, DEFAULT_ROWS).get(0);
        try (TemporaryDirectory work = TemporaryDirectory.create("aisle-bench-")) {
            return measure(work.path(), rows);
        }
    }

    private static Measurements measure(Path work, int rows) throws IOException, InterruptedException {
        Path model = tiny(work);
        Path day = work.resolve("day-1");
        Path nextDay = work.resolve("day-2");
        Commands.aisle(List.of("generate", "--rows", "" + rows, "--seed", "" + SEED, "--output", day.toString()));
        NextDay.write(day, nextDay, SEED);
        Path output = work.resolve("nights");
        ClassifyRun full = ClassifyRun.of(model, input(day), output, "first", List.of(), SUBMIT);
        ClassifyRun night =
                ClassifyRun.of(model, input(nextDay), output, "second", List.of("--previous", "CURRENT"), SUBMIT);
        requireCarried(full, night);

        Measurements measurements = new Measurements();
        measurements.condition("Generated rows", String.format(Locale.ROOT, "%,d", rows));
        measurements.condition("Seed", SEED);
        measurements.condition("Model", "tiny, trained on the sample");
        measurements.condition("Options", String.join(" ", SUBMIT));
        ratio(
                measurements,
                "the whole process",
                full,
                night,
                run -> run.use().seconds(),
                OptionalDouble.of(WANTED_OF_ALL));
        ratio(measurements, "scoring", full, night, ClassifyRun::scoringSeconds, OptionalDouble.of(WANTED_OF_SCORING));
        for (String metric :
                List.of("seconds_read_and_clean", "seconds_compare", "seconds_write_predictions", "seconds")) {
            compare(measurements, metric, "s", full, night, metric);
        }
        compare(measurements, "rows scored", "rows", full, night, "scored");
        measurements.note(
                "Seconds of the job's own metrics begin when Spark is there; those of the whole process with the JVM.");
        return measurements;
    }

    /** Trained for one pass: it is as fast as one that was trained for six. */
    private static Path tiny(Path work) throws IOException, InterruptedException {
        Path prepared = work.resolve("prepared");
        Path model = work.resolve("model");
        Commands.aisle(List.of(
                "prepare", "--input", "data/sample", "--min-class-size", "20", "--output", prepared.toString()));
        Commands.aisle(List.of("train", "--data", prepared.toString(), "--epochs", "1", "--output", model.toString()));
        return model;
    }

    private static List<String> input(Path catalog) {
        return List.of("--input", catalog.toString());
    }

    /** A night that scores everything again would be no night. */
    private static void requireCarried(ClassifyRun full, ClassifyRun night) {
        double scored = night.metrics().get("scored").doubleValue();
        if (!(scored < full.metrics().get("scored").doubleValue() / 20)) {
            throw new UserException("Cannot measure a night: found " + scored
                    + " rows scored, expected less than a twentieth of those of the night before.");
        }
    }

    private static void ratio(
            Measurements measurements,
            String what,
            ClassifyRun full,
            ClassifyRun night,
            ToDoubleFunction<ClassifyRun> seconds,
            OptionalDouble wanted) {
        Rounds all = measurements.quantity(what + ", all scored", "s", List.of(seconds.applyAsDouble(full)));
        Rounds changed = measurements.quantity(what + ", 1% changed", "s", List.of(seconds.applyAsDouble(night)));
        measurements.ratio(what + ": all scored to 1% changed", all.to(changed), wanted);
    }

    private static void compare(
            Measurements measurements, String what, String unit, ClassifyRun full, ClassifyRun night, String metric) {
        for (ClassifyRun run : List.of(full, night)) {
            if (run.metrics().has(metric)) {
                measurements.quantity(
                        what + (run.equals(full) ? ", all scored" : ", 1% changed"),
                        unit,
                        List.of(run.metrics().get(metric).doubleValue()));
            }
        }
    }
}
