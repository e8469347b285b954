package io.aisle.bench;

import io.aisle.batch.BaseSizeBundle;
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
        Map<String, List<ClassifyRun>> runs = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (String master : List.of(ONE_THREAD, TWO_THREADS, ONE_EXECUTOR, TWO_EXECUTORS)) {
                ClassifyRun run = ClassifyRun.of(
                        model,
                        MadeUpCatalog.input(catalog),
                        work.resolve("round-" + round).resolve(master.replaceAll("[^a-z0-9]+", "-")),
                        List.of("--engine", "onnx"),
                        submit(master));
                System.out.printf(
                        "round %d, %s: %.1f s scoring, %.1f s the whole%n",
                        round + 1, master, run.scoringSeconds(), run.use().seconds());
                runs.computeIfAbsent(master, name -> new ArrayList<>()).add(run);
            }
        }
        return compared(rows, runs);
    }

    private static List<String> submit(String master) {
        List<String> submit = new ArrayList<>(List.of("--master", master, "--driver-memory", "4g"));
        if (master.startsWith("local-cluster")) {
            submit.addAll(List.of("--executor-memory", "3g"));
        }
        return submit;
    }

    private static Measurements compared(int rows, Map<String, List<ClassifyRun>> runs) {
        Measurements measurements = new Measurements();
        measurements.condition("Rows", rows);
        measurements.condition("Texts", "all distinct, as long as MWPD 2020's");
        measurements.condition("Token limit", MadeUpCatalog.MAX_TOKENS);
        measurements.condition("Network", "DistilBERT base, random weights, engine onnx");
        Map<String, Rounds> scoring = new LinkedHashMap<>();
        Map<String, Rounds> whole = new LinkedHashMap<>();
        runs.forEach((master, each) -> {
            scoring.put(
                    master,
                    measurements.quantity(
                            master + ", the stage that scores",
                            "rows/s",
                            each.stream().map(ClassifyRun::scoringRate).toList()));
            whole.put(
                    master,
                    measurements.quantity(
                            master + ", the whole process",
                            "rows/s",
                            each.stream().map(ClassifyRun::wholeRate).toList()));
            measurements.quantity(
                    master + ", processor of the tasks",
                    "s",
                    each.stream()
                            .map(run -> run.metrics().get("cpu_seconds").doubleValue())
                            .toList());
            measurements.quantity(
                    master + ", processor of the process beside its tasks",
                    "s",
                    each.stream()
                            .map(run -> run.use().cpuSeconds()
                                    - run.metrics().get("cpu_seconds").doubleValue())
                            .toList());
        });
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
