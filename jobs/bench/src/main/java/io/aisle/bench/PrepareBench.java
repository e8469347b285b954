package io.aisle.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.core.UserException;
import io.aisle.core.storage.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Prepare beside the same work as a data engineer would write it with pandas: whole processes over the same generated files, in turns. The
 * two have to agree on every count that does not depend on how a text is hashed.
 */
final class PrepareBench implements Bench {
    private static final Path PYTHON = Path.of("/usr/bin/python3");
    private static final Path PROGRAM = Path.of("jobs", "bench", "src", "main", "python", "prepare_pandas.py");
    private static final String CLASSES = "2000";
    private static final String FRACTION = "0.5";
    private static final String MIN_CLASS_SIZE = "100";
    /** Of the driver, however many rows there are. */
    private static final String HEAP = "512m";

    @Override
    public String name() {
        return "prepare";
    }

    @Override
    public Measurements measure(List<String> options) throws IOException, InterruptedException {
        List<Integer> numbers = WholeNumbers.read(name(), options, 1_200_000, 1);
        int rows = numbers.get(0);
        int rounds = numbers.get(1);
        Commands.run(List.of(PYTHON.toString(), "-c", "import pandas"), Map.of());
        try (TemporaryDirectory work = TemporaryDirectory.create("aisle-bench-")) {
            return measure(work.path(), rows, rounds);
        }
    }

    private static Measurements measure(Path work, int rows, int rounds) throws IOException, InterruptedException {
        Path products = work.resolve("products");
        Commands.aisle(List.of(
                "generate", "--rows", Integer.toString(rows), "--classes", CLASSES, "--output", products.toString()));

        List<Commands.Use> aisle = new ArrayList<>();
        List<Commands.Use> pandas = new ArrayList<>();
        Counts counts = null;
        for (int round = 0; round < rounds; round++) {
            Path ours = work.resolve("aisle-" + round);
            Path theirs = work.resolve("pandas-" + round);
            // each begins every other time, since the second finds the files in the memory of the system
            if (round % 2 == 0) {
                aisle.add(aisle(products, ours));
                pandas.add(pandas(products, theirs));
            } else {
                pandas.add(pandas(products, theirs));
                aisle.add(aisle(products, ours));
            }
            counts = Counts.read(ours);
            requireAgreement(counts, Counts.read(theirs));
        }
        return measurements(rows, aisle, pandas, counts);
    }

    private static Commands.Use aisle(Path products, Path output) throws IOException, InterruptedException {
        return Commands.aisle(
                List.of(
                        "prepare",
                        "--input",
                        products.toString(),
                        "--format",
                        "amazon",
                        "--fraction",
                        FRACTION,
                        "--min-class-size",
                        MIN_CLASS_SIZE,
                        "--output",
                        output.toString()),
                List.of("--driver-memory", HEAP),
                Map.of());
    }

    private static Commands.Use pandas(Path products, Path output) throws IOException, InterruptedException {
        return Commands.run(
                List.of(
                        PYTHON.toString(),
                        PROGRAM.toString(),
                        "--input",
                        products.toString(),
                        "--fraction",
                        FRACTION,
                        "--min-class-size",
                        MIN_CLASS_SIZE,
                        "--output",
                        output.toString()),
                Map.of());
    }

    private static Measurements measurements(
            int rows, List<Commands.Use> aisle, List<Commands.Use> pandas, Counts counts) {
        Measurements measurements = new Measurements();
        measurements.condition("generated rows", String.format("%,d", rows));
        measurements.condition("classes", CLASSES);
        measurements.condition("fraction", FRACTION);
        measurements.condition("least class", MIN_CLASS_SIZE);
        measurements.condition("heap of Aisle", HEAP);
        Rounds ourSeconds = measurements.quantity("aisle prepare, whole process", "s", seconds(aisle));
        Rounds theirSeconds = measurements.quantity("pandas, whole process", "s", seconds(pandas));
        measurements.quantity("aisle prepare, processor", "s", cpuSeconds(aisle));
        measurements.quantity("pandas, processor", "s", cpuSeconds(pandas));
        Rounds ourMemory = measurements.quantity("aisle prepare, most resident", "MB", megabytes(aisle));
        Rounds theirMemory = measurements.quantity("pandas, most resident", "MB", megabytes(pandas));
        measurements.ratio("seconds of pandas to Aisle's", theirSeconds.to(ourSeconds), OptionalDouble.of(1.5));
        measurements.ratio("resident memory of pandas to Aisle's", theirMemory.to(ourMemory), OptionalDouble.of(2));
        measurements.note("Both count the same: " + counts.inWords() + ".");
        return measurements;
    }

    private static List<Double> seconds(List<Commands.Use> uses) {
        return uses.stream().map(Commands.Use::seconds).toList();
    }

    private static List<Double> cpuSeconds(List<Commands.Use> uses) {
        return uses.stream().map(Commands.Use::cpuSeconds).toList();
    }

    private static List<Double> megabytes(List<Commands.Use> uses) {
        return uses.stream().map(use -> use.residentBytes() / 1e6).toList();
    }

    private static void requireAgreement(Counts ours, Counts theirs) {
        if (!ours.equals(theirs)) {
            throw new UserException("Cannot compare prepare with pandas: found other counts (" + theirs.inWords()
                    + ") than Aisle's (" + ours.inWords() + "), expected the same of " + ours.difference(theirs)
                    + ". One of the two does other work.");
        }
    }

    /**
     * What does not depend on whose hash chose the sample and the split.
     *
     * @param rows by fate
     * @param quarantine rows by reason
     * @param classes rows of each after folding, before sampling
     */
    record Counts(Map<String, Long> rows, Map<String, Long> quarantine, Map<String, Long> classes) {
        private static final List<String> COMPARED =
                List.of("rows_in", "quarantined", "duplicates", "unlabelled", "not_sampled");

        static Counts read(Path prepared) throws IOException {
            JsonNode manifest = new ObjectMapper()
                    .readTree(prepared.resolve("manifest.json").toFile());
            Map<String, Long> rows = new TreeMap<>();
            COMPARED.forEach(
                    name -> rows.put(name, manifest.path("rows").path(name).longValue()));
            Map<String, Long> quarantine = new TreeMap<>();
            manifest.path("quarantine")
                    .fields()
                    .forEachRemaining(reason ->
                            quarantine.put(reason.getKey(), reason.getValue().longValue()));
            Map<String, Long> classes = new TreeMap<>();
            manifest.path("classes")
                    .forEach(each -> classes.put(
                            each.path("label").textValue(), each.path("rows").longValue()));
            return new Counts(rows, quarantine, classes);
        }

        String inWords() {
            return String.format(
                    "%,d rows in, %,d quarantined, %,d duplicates, %,d not sampled, %,d classes",
                    rows.get("rows_in"),
                    rows.get("quarantined"),
                    rows.get("duplicates"),
                    rows.get("not_sampled"),
                    classes.size());
        }

        /** Where they differ, in words. */
        String difference(Counts that) {
            List<String> differing = new ArrayList<>();
            for (String name : COMPARED) {
                if (!rows.get(name).equals(that.rows.get(name))) {
                    differing.add(name);
                }
            }
            if (!quarantine.equals(that.quarantine)) {
                differing.add("quarantine (" + quarantine + ", " + that.quarantine + ")");
            }
            classes.forEach((label, count) -> {
                if (!count.equals(that.classes.get(label))) {
                    differing.add(label + " (" + count + ", " + that.classes.get(label) + ")");
                }
            });
            return String.join(", ", differing);
        }
    }
}
