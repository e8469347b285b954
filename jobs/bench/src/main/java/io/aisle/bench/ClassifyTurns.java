package io.aisle.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Runs of classify over one {@link MadeUpCatalog}, contender after contender, round after round.
 *
 * @param runs by the contenders' names, one a round
 */
record ClassifyTurns(Map<String, List<ClassifyRun>> runs) {
    /**
     * Something to classify with.
     *
     * @param options of the job
     * @param submit of spark-submit
     */
    record Contender(Path model, List<String> options, List<String> submit) {}

    /**
     * Runs all of them.
     *
     * @param work where the runs are written
     * @param beforeRound what else is measured in turns with them
     */
    static ClassifyTurns of(
            Map<String, Contender> contenders, Path catalog, Path work, int rounds, Runnable beforeRound)
            throws IOException, InterruptedException {
        Map<String, List<ClassifyRun>> runs = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            beforeRound.run();
            for (Map.Entry<String, Contender> named : contenders.entrySet()) {
                Contender contender = named.getValue();
                ClassifyRun run = ClassifyRun.of(
                        contender.model(),
                        MadeUpCatalog.input(catalog),
                        work.resolve("round-" + round).resolve(named.getKey().replaceAll("[^a-z0-9]+", "-")),
                        contender.options(),
                        contender.submit());
                System.out.printf(
                        "round %d, %s: %.1f rows/s scored, %.1f s the whole%n",
                        round + 1, named.getKey(), run.scoringRate(), run.use().seconds());
                runs.computeIfAbsent(named.getKey(), name -> new ArrayList<>()).add(run);
            }
        }
        return new ClassifyTurns(runs);
    }

    /** Says what was the same for all. */
    static void describe(Measurements measurements, int rows) {
        measurements.condition("Rows", rows);
        measurements.condition("Texts", "all distinct, as long as MWPD 2020's");
        measurements.condition("Token limit", MadeUpCatalog.MAX_TOKENS);
        measurements.condition("Network", "DistilBERT base, random weights");
    }

    /** Adds a quantity of each contender, and gives them back by the contenders' names. */
    Map<String, Rounds> quantities(
            Measurements measurements, String part, String unit, ToDoubleFunction<ClassifyRun> quantity) {
        Map<String, Rounds> all = new LinkedHashMap<>();
        runs.forEach((name, each) -> all.put(
                name,
                measurements.quantity(
                        name + ", " + part,
                        unit,
                        each.stream().map(quantity::applyAsDouble).toList())));
        return all;
    }

    /** Where the predictions of a contender's first run lie. */
    Path predictions(String contender) {
        return runs.get(contender).get(0).predictions();
    }
}
