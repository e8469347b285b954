package io.aisle.batch.process;

import io.aisle.batch.AisleRun;
import io.aisle.batch.Fixtures;
import io.aisle.batch.HandMadeBundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Two nights of one catalog: the output as the first left it, and what the second has to give. A quarter of the products changed between
 * them, some are gone and some are new; a few lines are broken and a few ids repeated. Made once a JVM, never to be changed.
 */
final class Nights {
    static final String FIRST = "first";
    static final String SECOND = "second";
    private static final int PRODUCTS = 4_000;
    private static final int FILLER_WORDS = 12;

    private static final class Shared {
        static final Path DIRECTORY = Fixtures.fresh("nights");
        static final Path MODEL = DIRECTORY.resolve("model");
        static final Path OUTPUT = DIRECTORY.resolve("output");
        static final PublishedRows AFTER_FIRST;
        static final PublishedRows AFTER_SECOND;

        static {
            HandMadeBundle.write(
                    MODEL,
                    new HandMadeBundle.Variant(
                            HandMadeBundle.LABELS,
                            Map.of(),
                            Map.of(
                                    "tea", HandMadeBundle.TEA,
                                    "lamp", HandMadeBundle.LAMPS,
                                    "drill", HandMadeBundle.OTHER_TOOLS),
                            List.of("red"),
                            1,
                            Map.of()));
            AFTER_FIRST = run(FIRST, OUTPUT);
            AFTER_SECOND = run(SECOND, DIRECTORY.resolve("clean"));
            deleteLocks();
        }

        /** By itself: every product is scored, none carried over. */
        private static PublishedRows run(String night, Path output) {
            write(DIRECTORY.resolve(night + ".jsonl"), catalog(night.equals(SECOND)));
            AisleRun.succeeding(classify(MODEL, DIRECTORY.resolve(night + ".jsonl"), output.toString(), night));
            return PublishedRows.of(output.toString());
        }

        private static void deleteLocks() {
            try (Stream<Path> files = Files.walk(OUTPUT)) {
                for (Path lock :
                        files.filter(file -> file.toString().endsWith(".lock")).toList()) {
                    Files.delete(lock);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private Nights() {}

    /** The seeds of the tries of each fault: {@code aisle.fault.tries} of them, from {@code aisle.fault.seed} on. */
    static LongStream seeds() {
        return LongStream.range(0, Integer.getInteger("aisle.fault.tries", 1))
                .map(next -> next + Long.getLong("aisle.fault.seed", 1));
    }

    /** The output as the first night left it, never to be changed. */
    static Path output() {
        return Shared.OUTPUT;
    }

    /** A copy of the output as the first night left it. */
    static Path copyOfOutput(String name) throws IOException {
        Path copy = Shared.DIRECTORY.resolve("tries").resolve(name);
        Fixtures.delete(copy);
        Files.createDirectories(copy.getParent());
        return Fixtures.copy(Shared.OUTPUT, copy);
    }

    static PublishedRows afterFirst() {
        return Shared.AFTER_FIRST;
    }

    static PublishedRows afterSecond() {
        return Shared.AFTER_SECOND;
    }

    static Path model() {
        return Shared.MODEL;
    }

    /** The command of the second night; the last word is the previous run. */
    static String[] second(String output, String runId) {
        List<String> command = new ArrayList<>(
                List.of(classify(Shared.MODEL, Shared.DIRECTORY.resolve(SECOND + ".jsonl"), output, runId)));
        command.addAll(List.of("--previous", "CURRENT"));
        return command.toArray(String[]::new);
    }

    static String[] classify(Path model, Path catalog, String output, String runId) {
        return new String[] {
            "classify",
            "--engine",
            "onnx",
            "--model",
            model.toString(),
            "--input",
            catalog.toString(),
            "--run-id",
            runId,
            "--output",
            output
        };
    }

    static Path write(Path file, List<String> lines) {
        try {
            return Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> catalog(boolean isSecond) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < PRODUCTS; i++) {
            boolean isGone = i % 20 == (isSecond ? 0 : 1);
            if (!isGone) {
                lines.add(product(i, isSecond && i % 4 == 3 ? -i : i));
            }
            if (i % 50 == 7) {
                lines.add(product(i, i + PRODUCTS));
            }
            if (i % 100 == 9) {
                lines.add("{\"asin\": \"broken-" + i + "\", ");
            }
        }
        return lines;
    }

    private static String product(int id, int textSeed) {
        Random random = new Random(textSeed);
        StringBuilder title =
                new StringBuilder(List.of("tea", "lamp", "drill", "red").get(random.nextInt(4)));
        int words = random.nextInt(FILLER_WORDS);
        for (int word = 0; word < words; word++) {
            title.append(" x").append(random.nextInt(1_000));
        }
        return "{\"asin\": \"p" + id + "\", \"title\": \"" + title + "\"}";
    }
}
