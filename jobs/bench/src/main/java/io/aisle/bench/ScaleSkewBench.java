package io.aisle.bench;

import io.aisle.bench.EventLog.Stage;
import io.aisle.core.storage.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Whether one class that has most of the rows, beside very many that have hardly any, leaves one task with most of the work. */
final class ScaleSkewBench implements Bench {
    private static final String CLASSES = "10001";
    private static final String HOT_SHARE = "0.6";

    /** What a task that is shorter takes longer than others holds nobody up. */
    private static final double MIN_SECONDS = 3;

    /** As many times as long as the median task the longest may be. */
    private static final double MAX_SKEW = 5;

    @Override
    public String name() {
        return "scale-skew";
    }

    @Override
    public Measurements measure(List<String> options) throws IOException, InterruptedException {
        int rows = WholeNumbers.read(name(), options, 300_000).get(0);
        Measurements measurements = new Measurements();
        measurements.condition("Generated rows", rows);
        measurements.condition("Options", String.join(" ", submit()));
        try (TemporaryDirectory work = TemporaryDirectory.create("aisle-bench-")) {
            for (List<String> job : jobs(work.path(), rows)) {
                Path log = Files.createDirectories(work.path().resolve("log-" + job.get(0)));
                Commands.Use use = Commands.aisle(job, submit(), Map.of("AISLE_EVENT_LOG", log.toString()));
                List<Stage> stages = EventLog.stages(log);
                Optional<Stage> worst = EventLog.worst(stages, MIN_SECONDS);
                System.out.printf(
                        "%s: %.1f s, %s%n",
                        job.get(0), use.seconds(), worst.map(Stage::inWords).orElse("no long task"));
                measurements.quantity(job.get(0), "s", List.of(use.seconds()));
                report(measurements, job.get(0), worst);
            }
        }
        measurements.note(String.format(
                Locale.ROOT,
                "The share is that of the median task in the longest one, in the stage where it is smallest, of those with tasks > 1 and a task"
                        + " of %.0f s or more; wanted: the longest at most %.0f times as long.",
                MIN_SECONDS,
                MAX_SKEW));
        return measurements;
    }

    private static void report(Measurements measurements, String job, Optional<Stage> worst) {
        if (worst.isEmpty()) {
            measurements.note(job + ": no stage of several tasks has one of " + MIN_SECONDS + " s.");
            return;
        }
        Stage stage = worst.get();
        Rounds longest =
                measurements.quantity(job + ", longest task of its worst stage", "s", List.of(stage.longest()));
        Rounds median = measurements.quantity(job + ", median task of the same", "s", List.of(stage.median()));
        measurements.ratio(job + ": median task to longest", median.to(longest), OptionalDouble.of(1 / MAX_SKEW));
        measurements.note("The worst stage of " + job + ": " + stage.inWords() + ".");
    }

    private static List<String> submit() {
        return JobSeries.with(EventLog.SUBMIT, "--master", "local[2]", "--driver-memory", "4g");
    }

    private static List<List<String>> jobs(Path work, int rows) {
        String products = work.resolve("products").toString();
        String prepared = work.resolve("prepared").toString();
        String model = work.resolve("model").toString();
        return List.of(
                List.of(
                        "generate",
                        "--rows",
                        "" + rows,
                        "--classes",
                        CLASSES,
                        "--hot-share",
                        HOT_SHARE,
                        "--output",
                        products),
                List.of(
                        "explore",
                        "--input",
                        products,
                        "--output",
                        work.resolve("explored").toString()),
                List.of("prepare", "--input", products, "--fraction", "0.1", "--output", prepared),
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
