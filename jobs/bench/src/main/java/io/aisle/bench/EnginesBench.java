package io.aisle.bench;

import io.aisle.batch.BaseSizeBundle;
import io.aisle.core.UserException;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.storage.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** What the engines make of one network of DistilBERT's size: classify as a user runs it, from Parquet to Parquet. */
final class EnginesBench implements Bench {
    private static final List<String> SUBMIT = List.of("--master", "local[2]", "--driver-memory", "6g");

    private static final String TUNED = "spark-nlp, 1 thread a task";
    private static final String AS_IT_COMES = "spark-nlp, its own default of 6 threads";
    private static final String ONNX = "onnx";
    private static final String INT8 = "onnx, int8";
    private static final String CASCADE_10 = "cascade, 10% sent on";
    private static final String CASCADE_25 = "cascade, 25% sent on";

    private static final List<Pair> PAIRS = List.of(
            new Pair(ONNX, TUNED, OptionalDouble.of(1.3)),
            new Pair(INT8, TUNED, OptionalDouble.of(3)),
            new Pair(CASCADE_10, ONNX, OptionalDouble.of(4)),
            new Pair(CASCADE_25, ONNX, OptionalDouble.empty()),
            new Pair(TUNED, AS_IT_COMES, OptionalDouble.empty()));

    /** Two contenders, and what is wanted of the first beside the second in the stage that scores. */
    private record Pair(String ours, String theirs, OptionalDouble wanted) {
        String inWords() {
            return ours + " to " + theirs;
        }
    }

    /** Something to classify with. */
    private record Contender(Path model, List<String> options, List<String> submit) {}

    @Override
    public String name() {
        return "engines";
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
        Map<String, Contender> contenders = contenders(work, catalog);
        Map<String, List<ClassifyRun>> runs = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
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
        Measurements measurements = new Measurements();
        measurements.condition("Rows", rows);
        measurements.condition("Texts", "all distinct, as long as MWPD 2020's");
        measurements.condition("Token limit", MadeUpCatalog.MAX_TOKENS);
        measurements.condition("Network", "DistilBERT base, random weights");
        measurements.condition("Options", String.join(" ", SUBMIT));
        compare(measurements, runs);
        agree(measurements, runs);
        return measurements;
    }

    private static Map<String, Contender> contenders(Path work, Path catalog) throws IOException, InterruptedException {
        ModelBundle bundle = BaseSizeBundle.write(work.resolve("model"), MadeUpCatalog.MAX_TOKENS);
        Path model = bundle.directory();
        List<String> asItComes = new ArrayList<>(SUBMIT);
        asItComes.addAll(List.of("--conf", "spark.jsl.settings.onnx.intraOpNumThreads=6"));
        Map<String, Contender> contenders = new LinkedHashMap<>();
        contenders.put(TUNED, new Contender(model, List.of("--engine", "spark-nlp"), SUBMIT));
        contenders.put(AS_IT_COMES, new Contender(model, List.of("--engine", "spark-nlp"), asItComes));
        contenders.put(ONNX, new Contender(model, List.of("--engine", "onnx"), SUBMIT));
        Path int8 = Int8Bundle.of(bundle, work.resolve("int8"), MadeUpCatalog.MAX_TOKENS)
                .directory();
        contenders.put(INT8, new Contender(int8, List.of("--engine", "onnx"), SUBMIT));
        MeasuredCascade cascade =
                MeasuredCascade.train(work.resolve("cascade"), catalog, MadeUpCatalog.MAX_TOKENS, SUBMIT);
        contenders.put(CASCADE_10, new Contender(cascade.sending(0.1), List.of(), SUBMIT));
        contenders.put(CASCADE_25, new Contender(cascade.sending(0.25), List.of(), SUBMIT));
        return contenders;
    }

    private static void compare(Measurements measurements, Map<String, List<ClassifyRun>> runs) {
        Map<String, Rounds> scoring = quantities(measurements, runs, "the stage that scores", ClassifyRun::scoringRate);
        Map<String, Rounds> whole = quantities(measurements, runs, "the whole process", ClassifyRun::wholeRate);
        runs.forEach((name, each) -> measurements.quantity(
                name + ", most resident memory",
                "MB",
                each.stream().map(run -> run.use().residentBytes() / 1e6).toList()));
        for (Pair pair : PAIRS) {
            if (runs.containsKey(pair.ours())) {
                measurements.ratio(
                        "the stage that scores: " + pair.inWords(),
                        scoring.get(pair.ours()).to(scoring.get(pair.theirs())),
                        pair.wanted());
                measurements.ratio(
                        "the whole process: " + pair.inWords(),
                        whole.get(pair.ours()).to(whole.get(pair.theirs())),
                        OptionalDouble.empty());
            }
        }
        measurements.note("How many rows a cascade can send on and keep its accuracy is the matter of"
                + " [leaderboards.md](leaderboards.md), not of this table: its linear model is trained on these made-up products, its"
                + " network is not trained, and its threshold is the one that sends such a share.");
    }

    private static Map<String, Rounds> quantities(
            Measurements measurements,
            Map<String, List<ClassifyRun>> runs,
            String part,
            ToDoubleFunction<ClassifyRun> rate) {
        Map<String, Rounds> rates = new LinkedHashMap<>();
        runs.forEach((name, each) -> rates.put(
                name,
                measurements.quantity(
                        name + ", " + part,
                        "rows/s",
                        each.stream().map(rate::applyAsDouble).toList())));
        return rates;
    }

    /** Engines of one precision have to agree; where they do not, their speeds are no comparison. */
    private static void agree(Measurements measurements, Map<String, List<ClassifyRun>> runs) {
        for (String other : runs.keySet()) {
            if (other.equals(TUNED) || other.equals(CASCADE_10) || other.equals(CASCADE_25)) {
                continue;
            }
            Agreement agreement = LocalSpark.with(session -> Agreement.of(
                    session,
                    runs.get(TUNED).get(0).predictions(),
                    runs.get(other).get(0).predictions()));
            if (!agreement.isMet() && !other.equals(INT8)) {
                throw new UserException("Cannot compare " + TUNED + " with " + other + ": found " + agreement.inWords()
                        + " Expected none. They do not compute the same.");
            }
            measurements.note(TUNED + " and " + other + ": " + agreement.inWords());
        }
    }
}
