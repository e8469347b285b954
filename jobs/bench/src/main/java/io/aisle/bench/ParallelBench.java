package io.aisle.bench;

import io.aisle.batch.BaseSizeBundle;
import io.aisle.bench.ClassifyTurns.Contender;
import io.aisle.core.storage.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** What a second core, or a second executor, adds to classify with a network of DistilBERT's size. */
final class ParallelBench implements Bench {
    private static final String ONE_THREAD = "local[1]";
    private static final String TWO_THREADS = "local[2]";
    private static final String ONE_EXECUTOR = "local-cluster[1,1,4096]";
    private static final String TWO_EXECUTORS = "local-cluster[2,1,4096]";
    private static final double WANTED = 1.9;

    @Override
    public String name() {
        return "parallel";
    }

    @Override
    public Measurements measure(List<String> options) throws IOException, InterruptedException {
        List<Integer> numbers = WholeNumbers.read(name(), options, 1_000, 3);
        try (TemporaryDirectory work = TemporaryDirectory.create("aisle-bench-")) {
            return measure(work.path(), numbers.get(0), numbers.get(1));
        }
    }

    private static Measurements measure(Path work, int rows, int rounds) throws IOException, InterruptedException {
        Path catalog = work.resolve("catalog");
        MadeUpCatalog.write(catalog, rows);
        Path model = BaseSizeBundle.write(work.resolve("model"), MadeUpCatalog.MAX_TOKENS)
                .directory();
        Map<String, Contender> contenders = new LinkedHashMap<>();
        for (String master : List.of(ONE_THREAD, TWO_THREADS, ONE_EXECUTOR, TWO_EXECUTORS)) {
            contenders.put(master, new Contender(model, List.of("--engine", "onnx"), submit(master)));
        }
        return compared(rows, ClassifyTurns.of(contenders, catalog, work, rounds, () -> {}));
    }

    private static List<String> submit(String master) {
        List<String> submit = new ArrayList<>(List.of("--master", master, "--driver-memory", "4g"));
        if (master.startsWith("local-cluster")) {
            submit.addAll(List.of("--executor-memory", "3g"));
        }
        return submit;
    }

    private static Measurements compared(int rows, ClassifyTurns turns) {
        Measurements measurements = new Measurements();
        ClassifyTurns.describe(measurements, rows);
        measurements.condition("Engine", "onnx");
        Map<String, Rounds> scoring =
                turns.quantities(measurements, "the stage that scores", "rows/s", ClassifyRun::scoringRate);
        Map<String, Rounds> whole =
                turns.quantities(measurements, "the whole process", "rows/s", ClassifyRun::wholeRate);
        turns.quantities(measurements, "processor of the tasks", "s", ClassifyRun::taskCpuSeconds);
        turns.quantities(
                measurements,
                "processor of the process beside its tasks",
                "s",
                run -> run.use().cpuSeconds() - run.taskCpuSeconds());
        measurements.ratio(
                "the stage that scores: two threads to one",
                scoring.get(TWO_THREADS).to(scoring.get(ONE_THREAD)),
                OptionalDouble.of(WANTED));
        measurements.ratio(
                "the stage that scores: two executors to one",
                scoring.get(TWO_EXECUTORS).to(scoring.get(ONE_EXECUTOR)),
                OptionalDouble.of(WANTED));
        measurements.ratio(
                "the whole process: two threads to one",
                whole.get(TWO_THREADS).to(whole.get(ONE_THREAD)),
                OptionalDouble.empty());
        measurements.ratio(
                "the whole process: two executors to one",
                whole.get(TWO_EXECUTORS).to(whole.get(ONE_EXECUTOR)),
                OptionalDouble.empty());
        int cores = Runtime.getRuntime().availableProcessors();
        if (cores == 2) {
            measurements.note(
                    "The machine has two cores. With two tasks at work both are full: the driver, the compiler and the collector of"
                            + " garbage take their time from the tasks, which with one task had a core to themselves."
                            + " A second executor's Java is young and compiles anew.");
        }
        measurements.note(
                "Rows go to as many tasks as there are cores, by a hash of their text: one of two tasks gets a little more than half,"
                        + " and the stage ends with it.");
        return measurements;
    }
}
