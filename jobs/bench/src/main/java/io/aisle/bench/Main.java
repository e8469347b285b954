package io.aisle.bench;

import io.aisle.batch.Machine;
import io.aisle.bench.Measurements.Ratio;
import io.aisle.core.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code scripts/bench} starts: measures one thing, and writes what it found into {@code target/bench/NAME}. With {@code --compare}
 * before the name it holds it beside {@code docs/bench/NAME.json}, and exits with 4 where a ratio is worse.
 */
final class Main {
    private static final String COMPARE = "--compare";
    private static final String SUMMARY_FILE = "summary.md";
    private static final Path STORED = Path.of("docs", "bench");
    private static final List<Bench> BENCHES = List.of(
            new EnginesBench(),
            new ParallelBench(),
            new IncrementalBench(),
            new ScaleRowsBench(),
            new ScaleClassesBench(),
            new ScaleSkewBench(),
            new TextBench(),
            new NetworkBench(),
            new PrepareBench(),
            new FastTextBench("fasttext"),
            new FastTextBench("fasttext-titles"));

    private Main() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try {
            System.exit(run(List.of(arguments)));
        } catch (UserException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    private static int run(List<String> arguments) throws IOException, InterruptedException {
        boolean isComparing = !arguments.isEmpty() && arguments.get(0).equals(COMPARE);
        List<String> named = isComparing ? arguments.subList(1, arguments.size()) : arguments;
        Bench bench = BENCHES.stream()
                .filter(candidate -> !named.isEmpty() && candidate.name().equals(named.get(0)))
                .findFirst()
                .orElse(null);
        if (bench == null) {
            throw new UserException("Cannot measure " + String.join(" ", named)
                    + ": found no such bench, expected one of "
                    + String.join(", ", BENCHES.stream().map(Bench::name).toList()) + ", or of scripts/bench --help.");
        }
        // before what takes minutes, since one that cannot be read would lose it
        Map<String, List<Ratio>> ratios = stored(isComparing ? List.of(bench) : BENCHES);
        if (isComparing && ratios.isEmpty()) {
            throw new UserException("Cannot compare " + bench.name() + " with what is stored: found no "
                    + STORED.resolve(bench.name() + ".json")
                    + ", expected what an earlier run wrote. Run the bench without --compare first.");
        }
        Path directory = Path.of("target", "bench", bench.name());
        bench.measure(named.subList(1, named.size()))
                .write(directory, bench.name(), "scripts/bench " + String.join(" ", named), Machine.inWords());
        List<Ratio> measured = Measurements.ratios(directory.resolve(Measurements.JSON_FILE));
        if (isComparing) {
            Comparison comparison = Comparison.of(ratios.get(bench.name()), measured);
            comparison.lines().forEach(System.out::println);
            return comparison.worse().isEmpty() ? 0 : 4;
        }
        ratios.put(bench.name(), measured);
        Files.writeString(directory.resolve(SUMMARY_FILE), Summary.of(ratios));
        return 0;
    }

    /** The stored ratios of those benches that were published, in their order. */
    private static Map<String, List<Ratio>> stored(List<Bench> benches) throws IOException {
        Map<String, List<Ratio>> ratios = new LinkedHashMap<>();
        for (Bench bench : benches) {
            Path file = STORED.resolve(bench.name() + ".json");
            if (Files.exists(file)) {
                ratios.put(bench.name(), Measurements.ratios(file));
            }
        }
        return ratios;
    }
}
